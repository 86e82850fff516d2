/* Fields of the desk's forms, each bound to one name of the draft: what is typed goes into the draft, what the draft
   says is shown, and what is wrong stands right under the field concerned. */
(function () {
  "use strict";
  const layar = window.layar;
  const { desk } = layar;
  const { t } = desk;
  // The names of columns in a list, as a refusal may say them, and the fields that show them here.
  const ALIASES = {
    azimuth: "azimuth_deg", fov: "fov_deg", range: "range_m", period: "period_s", address: "url", host: "url",
    snapshot_url: "snapshot_address", snapshot: "snapshot_address", purpose: "card.purpose", legal_basis: "card.legal_basis",
    contact: "card.contact", notice: "card.notice", retention: "card.retention",
  };
  const NO_NUMBER = t`Bukan angka.`;
  const bound = new Map();
  const unread = new Set(); // what was typed there could not be read, so the draft does not know of it
  const fields = (desk.fields = { names: () => Array.from(bound.keys()) });

  function valueIn(draft, name) {
    const [head, tail] = name.split(".");
    const value = tail ? (draft[head] || {})[tail] : draft[head];
    return value === undefined ? null : value;
  }

  function put(name, value) {
    const [head, tail] = name.split(".");
    const draft = desk.book.draft();
    const said = tail ? { ...draft[head], [tail]: value } : value;
    desk.book.change({ [head]: said }, `field ${name}`);
  }

  /* -- one field -- */
  // `shape`: {label, hint, rows, options: [[value, words], …], unit, choices: {value: words}, isNumber, isSecret, isFixed, digits}
  fields.make = function (name, shape) {
    const id = `desk-field-${name.replace(".", "-")}`;
    const box = layar.element("div", "desk-field");
    box.dataset.field = name;
    const label = desk.make("label", "desk-label", shape.label, { htmlFor: id });
    const line = layar.element("div", "desk-line");
    const input = entry(id, shape);
    input.setAttribute("aria-describedby", `${id}-wrong`);
    line.append(input);
    if (shape.unit) line.append(layar.element("span", "desk-unit", shape.unit));
    if (shape.choices) line.append(choices(id, input, shape.choices));
    box.append(label, line);
    if (shape.hint) box.append(layar.element("div", "desk-fieldhint", shape.hint));
    box.append(desk.make("div", "desk-wrong", "", { id: `${id}-wrong`, hidden: true }));
    bound.set(name, { box, input, shape });
    input.addEventListener("input", () => layar.guard("desk field", () => typed(name)));
    input.addEventListener("change", () => desk.book.settle());
    return box;
  };

  function entry(id, shape) {
    if (shape.options) return select(id, shape.options);
    const said = { id, autocomplete: "off", spellcheck: false };
    if (shape.rows) return desk.make("textarea", "desk-input", undefined, { ...said, rows: shape.rows, maxLength: 200 });
    const type = shape.isSecret ? "password" : "text";
    const secret = shape.isSecret ? { autocomplete: "new-password" } : {};
    const number = shape.isNumber ? { inputMode: "decimal" } : {};
    return desk.make("input", "desk-input", undefined, { ...said, type, ...secret, ...number, placeholder: shape.placeholder || "" });
  }

  function select(id, options) {
    const input = desk.make("select", "desk-input", undefined, { id });
    for (const [value, words] of options) input.append(desk.make("option", "", words, { value }));
    return input;
  }

  function choices(id, input, words) {
    const list = desk.make("datalist", "", undefined, { id: `${id}-list` });
    for (const [value, label] of Object.entries(words)) list.append(desk.make("option", "", undefined, { value, label }));
    input.setAttribute("list", list.id);
    return list;
  }

  /* -- from the hand to the draft -- */
  fields.number = function (text) {
    const plain = text.trim().replace(",", ".");
    if (plain === "") return null;
    const value = Number(plain);
    return Number.isFinite(value) ? value : undefined;
  };

  function typed(name) {
    const { input, shape } = bound.get(name);
    const text = input.value;
    unread.delete(name);
    fields.wrong(name, "");
    if (!shape.isNumber) return put(name, shape.read ? shape.read(text) : text === "" && !shape.isText ? null : text);
    const value = fields.number(text);
    if (value === undefined) unread.add(name);
    if (value === undefined) return fields.wrong(name, NO_NUMBER);
    return put(name, value);
  }

  /* -- from the draft to the eye -- */
  fields.show = function () {
    const draft = desk.book.draft();
    if (!draft) return;
    if (fields.isUndoing) unread.clear();
    for (const [name, { input, shape }] of bound) {
      if ((input === document.activeElement || unread.has(name)) && !fields.isUndoing) continue;
      const wanted = shown(valueIn(draft, name), shape);
      if (input.value !== wanted) input.value = wanted;
    }
  };

  function shown(value, shape) {
    if (shape.write) return shape.write(value);
    if (value === null || value === undefined) return "";
    return shape.isNumber && typeof value === "number" ? String(Number(value.toFixed(shape.digits ?? 1))).replace(".", ",") : String(value);
  }

  /* -- what is wrong -- */
  fields.wrong = function (name, words) {
    const known = bound.get(ALIASES[name] || name);
    if (!known) return false;
    const told = known.box.lastElementChild;
    layar.write(told, words);
    told.hidden = !words;
    known.box.dataset.wrong = String(Boolean(words));
    known.input.setAttribute("aria-invalid", String(Boolean(words)));
    return true;
  };

  fields.clear = function () {
    for (const name of bound.keys()) fields.wrong(name, unread.has(name) ? NO_NUMBER : "");
  };

  // True when all that was typed can be sent; else shows the first field that cannot.
  fields.areRead = function () {
    const [name] = unread;
    if (name !== undefined) fields.complain({ field: name, words: NO_NUMBER, fields: [] });
    return name === undefined;
  };

  // Shows an answer's complaints beside their fields, and the first one's sheet; what belongs to none, above all.
  fields.complain = function (answer) {
    const all = answer.fields.length ? answer.fields : [{ field: answer.field, words: answer.words }];
    const lost = all.filter(({ field, words }) => !field || !fields.wrong(field, words));
    if (lost.length) desk.tell(lost.map(({ field, words }) => (field ? `${field}: ${words}` : words)).join(" "), "bad");
    const first = all.find((one) => !lost.includes(one));
    if (!first) return all.some(({ field }) => field === "masks") ? desk.tabs.show("masks") : undefined;
    const { box, input } = bound.get(ALIASES[first.field] || first.field);
    const sheet = box.closest(".desk-sheet");
    if (sheet) desk.tabs.show(sheet.id.replace("desk-sheet-", ""));
    input.focus();
    box.scrollIntoView({ block: "nearest" });
    return undefined;
  };

  // A value that only one dialog needs: not bound to the draft.
  fields.plain = function (id, label, said = {}) {
    const box = layar.element("div", "desk-field");
    const input = desk.make("input", "desk-input", undefined, { id, type: "text", autocomplete: "off", spellcheck: false, ...said });
    const told = desk.make("div", "desk-wrong", "", { hidden: true });
    box.append(desk.make("label", "desk-label", label, { htmlFor: id }), input, told);
    const wrong = (words) => {
      layar.write(told, words);
      told.hidden = !words;
      box.dataset.wrong = String(Boolean(words));
    };
    return { box, input, wrong };
  };

  layar.on("desk-draft", () => layar.guard("desk fields", fields.show));
  layar.on("desk-chosen", () => layar.guard("desk fields", () => {
    unread.clear();
    fields.clear();
    fields.isUndoing = true; // another camera: also the field that holds the cursor shows it
    fields.show();
    fields.isUndoing = false;
  }));
})();
