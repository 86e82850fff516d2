/* The form of one deed, made from the fields that its room asks for. What was typed stays until it is saved or put away;
   a row that somebody else changes meanwhile says so above it. */
(function () {
  "use strict";
  const layar = window.layar;
  const { ops } = layar;
  const WHY = { name: "why", words: { id: "Alasan", en: "Why" }, kind: "text", longest: 300, options: [], hint: null };
  const NEEDED = { id: "Belum diisi.", en: "Not filled in yet." };
  const CHANGED = { id: "Sementara itu berubah. Keadaan sekarang:", en: "Changed meanwhile. It is now:" };
  const KEEP = { id: "Formulir belum disimpan. Tekan Esc untuk menutupnya, atau simpan dulu.", en: "The form is not saved. Press Esc to put it away, or save it first." };
  const CHOOSE = { id: "pilih …", en: "choose …" };
  const held = { deed: null, row: null, version: null, inputs: new Map(), isSending: false, isDirty: false, next: null };
  const form = (ops.form = {
    isOpen: () => held.deed !== null,
    placeField: () => (held.deed ? held.inputs.get("place") || null : null),
  });

  /* -- opening and putting away -- */
  form.open = function (name) {
    const deed = ops.deed(name);
    const row = deed && !deed.is_new ? ops.chosen() : null;
    held.next = held.isSending ? name : null; // a quick hand is not ahead of the server for nothing
    if (!deed || held.isSending || (!deed.is_new && (!row || !row.deeds.includes(name)))) return;
    Object.assign(held, { deed, row, version: row && row.version, inputs: new Map(), isDirty: false });
    if (!deed.fields.length && !deed.asks_why) {
      send({});
      return;
    }
    if (row && ops.said().has_more) whole(deed, row);
    else build(row && !deed.is_new ? row.values : {});
  };

  // What was too much for the list is asked for first, so that the form is filled with it.
  async function whole(deed, row) {
    const more = await ops.more(row);
    if (held.deed === deed && held.row === row) layar.guard("ops form", () => build({ ...row.values, ...more.values }));
  }

  form.byKey = function (key) {
    const deed = ((ops.said() || {}).deeds || []).find((one) => one.key === key);
    if (deed && (held.isSending || !form.isOpen())) form.open(deed.name);
  };

  form.close = function () {
    Object.assign(held, { deed: null, row: null, version: null, inputs: new Map(), isDirty: false });
    ops.part("form").hidden = true;
    layar.slot("ops").dataset.form = "none";
    ops.part("form").replaceChildren();
    layar.emit("ops-form", null);
  };

  // Goes on with `then`, unless something typed would be lost.
  ops.leave = function (then) {
    if (held.isDirty) {
      ops.tell(KEEP, "bad");
      return;
    }
    if (form.isOpen()) form.close();
    then();
  };

  layar.on("ops-room", () => layar.guard("ops form", form.close));
  layar.on("ops-said", () => layar.guard("ops form", watch));

  // The choice of rows and the warning follow what is told meanwhile.
  function watch() {
    if (!held.deed || !held.row) return;
    const now = (ops.said().rows || []).find(({ key }) => key === held.row.key);
    const isChanged = !now || now.version !== held.version;
    const box = ops.part("form").querySelector(".ops-changed");
    if (!box) return;
    box.hidden = !isChanged;
    if (!isChanged) return;
    const words = now ? `${layar.say(CHANGED)} ${layar.say(now.state)}.` : layar.say({ id: "Ini sudah tidak ada.", en: "It is gone." });
    const of = `${words} ${now && now.version}`;
    if (box.dataset.of === of) return; // a button that is made anew slips away under the hand
    box.dataset.of = of;
    const seen = ops.button({ id: "Saya sudah melihatnya", en: "I have seen it" }, "", () => {
      if (now) Object.assign(held, { row: now, version: now.version });
      watch();
    });
    box.replaceChildren(layar.element("span", "", words), ...(now ? [seen] : []));
  }

  /* -- building -- */
  function build(values) {
    const { deed, row } = held;
    const box = ops.make("form", "ops-fields", undefined, { noValidate: true });
    box.append(layar.element("h3", "", layar.say(deed.words)));
    if (row) box.append(ops.make("div", "ops-changed", undefined, { hidden: true, role: "alert" }));
    if (deed.hint) box.append(layar.element("p", "ops-hinted", layar.say(deed.hint)));
    const why = { ...WHY, is_needed: deed.asks_why };
    for (const field of [...deed.fields, why]) box.append(entry(field, values[field.name]));
    if (deed.is_new && ops.said().mode === "drill") box.append(realness());
    const line = layar.element("div", "ops-ends");
    const save = ops.button({ id: "Simpan (Enter)", en: "Save (Enter)" }, deed.is_grave ? "is-danger" : "is-main", () => undefined);
    save.type = "submit";
    line.append(ops.button({ id: "Jangan simpan (Esc)", en: "Do not save (Esc)" }, "is-quiet", form.close), save);
    box.append(line);
    box.addEventListener("submit", submitted);
    box.addEventListener("input", () => (held.isDirty = true));
    ops.part("form").replaceChildren(box);
    ops.part("form").hidden = false;
    layar.slot("ops").dataset.form = deed.is_new ? "new" : "row";
    layar.emit("ops-form", deed);
    const first = box.querySelector("input, select, textarea");
    if (first) first.focus();
    ops.part("form").scrollIntoView({ block: "nearest" });
  }

  // During an exercise something real may happen: it must never be taken for a part of it.
  function realness() {
    const label = layar.element("label", "ops-real");
    const tick = ops.make("input", "", undefined, { type: "checkbox" });
    held.inputs.set("is_real", { read: () => tick.checked || undefined, wrong: () => undefined });
    label.append(tick, layar.element("span", "", layar.say("NYATA: ini bukan bagian latihan", "REAL: this is no part of the exercise")));
    return label;
  }

  ops.entry = function (field, value, id) {
    return (KINDS[field.kind] || plain)(field, value, id);
  };

  function entry(field, value) {
    const id = `ops-field-${field.name}`;
    const box = layar.element("div", "ops-field");
    const label = ops.make("label", "ops-label", `${layar.say(field.words)}${field.is_needed ? " *" : ""}`, { htmlFor: id });
    const wrong = ops.make("div", "ops-wrong", undefined, { id: `${id}-wrong`, hidden: true });
    const { nodes, read, focus, ...more } = ops.entry(field, value, id);
    box.append(label, ...nodes);
    if (field.hint) box.append(layar.element("div", "ops-hinted", layar.say(field.hint)));
    box.append(wrong);
    held.inputs.set(field.name, { ...more, field, read, focus, wrong: (words) => {
      layar.write(wrong, words ? layar.say(words) : "");
      wrong.hidden = !words;
      box.dataset.wrong = String(Boolean(words));
    } });
    return box;
  }

  function plain(field, value, id, said = {}) {
    const type = field.kind === "secret" ? "password" : "text";
    const input = ops.make("input", "ops-input", undefined, { id, type, autocomplete: "off", maxLength: field.longest, value: value ?? "", ...said });
    return { nodes: [input], read: () => input.value.trim(), focus: () => input.focus() };
  }

  function prose(field, value, id) {
    const input = ops.make("textarea", "ops-input", undefined, { id, rows: 3, maxLength: field.longest, value: value ?? "" });
    return { nodes: [input], read: () => input.value.trim(), focus: () => input.focus() };
  }

  // As a machine wrote it: every sign counts.
  function source(field, value, id) {
    const input = ops.make("textarea", "ops-input ops-source", undefined, { id, rows: 14, maxLength: field.longest, value: value ?? "", spellcheck: false });
    return { nodes: [input], read: () => input.value.trim(), focus: () => input.focus() };
  }

  function date(field, value, id) {
    const input = ops.make("input", "ops-input", undefined, { id, type: "date", value: value ?? "" });
    return { nodes: [input], read: () => input.value, focus: () => input.focus() };
  }

  function number(field, value, id) {
    const entered = plain(field, value, id, { inputMode: "numeric" });
    return { ...entered, read: () => entered.read().replace(",", ".") };
  }

  function choice(field, value, id, options = field.options) {
    const input = ops.make("select", "ops-input", undefined, { id });
    input.append(ops.make("option", "", layar.say(CHOOSE), { value: "" }));
    for (const { value: one, words } of options) input.append(ops.make("option", "", layar.say(words), { value: one }));
    input.value = value ?? "";
    return { nodes: [input], read: () => input.value, focus: () => input.focus() };
  }

  // Another row of the list, those that are open.
  function other(field, value, id) {
    const rows = ops.said().rows.filter((row) => row.group !== "closed" && row.key !== (held.row || {}).key);
    const named = ({ key, title, sub }) => ({ value: key, words: [title, sub, key].map((one) => layar.say(one)).filter(Boolean).join(" · ") });
    return choice(field, value, id, rows.map(named));
  }

  function many(field, value, id) {
    const box = ops.make("div", "ops-many", undefined, { id });
    for (const { value: one, words } of field.options) {
      const label = layar.element("label", "ops-tick");
      const tick = ops.make("input", "", undefined, { type: "checkbox", value: one, checked: (value || []).includes(one) });
      label.append(tick, layar.element("span", "", layar.say(words)));
      box.append(label);
    }
    const read = () => Array.from(box.querySelectorAll("input:checked"), (tick) => tick.value);
    return { nodes: [box], read, focus: () => box.querySelector("input").focus() };
  }

  // Set by a click on the map (74-operate-map.js).
  function place(field, value, id) {
    const place = { at: Array.isArray(value) ? value : null };
    const shown = ops.make("output", "ops-placed", undefined, { id });
    const clear = ops.button({ id: "Hapus", en: "Clear" }, "is-quiet", () => put(null));
    function put(at) {
      place.at = at;
      layar.write(shown, at ? `${at[1].toFixed(5)}, ${at[0].toFixed(5)}` : layar.say("belum dipilih", "not chosen yet"));
      clear.hidden = !at;
      if (held.deed) layar.emit("ops-place", at);
    }
    put(place.at);
    const line = layar.element("div", "ops-line");
    line.append(shown, clear);
    return { nodes: [line], read: () => place.at || "", focus: () => undefined, put: (at) => {
      held.isDirty = true;
      put(at);
    }, at: () => place.at };
  }

  const KINDS = { prose, source, date, number, choice, many, place, row: other };

  /* -- saving -- */
  function submitted(event) {
    event.preventDefault();
    const body = {};
    let isWhole = true;
    for (const [name, input] of held.inputs) {
      const value = input.read();
      input.wrong(null);
      const isEmpty = value === "" || value === undefined || (Array.isArray(value) && !value.length);
      if (!isEmpty) body[name] = value;
      else if (input.field && input.field.is_needed) {
        input.wrong(NEEDED);
        if (isWhole) input.focus();
        isWhole = false;
      }
    }
    if (isWhole) send(body);
  }

  async function send(body) {
    if (held.isSending) return;
    held.isSending = true;
    const { deed, row } = held;
    const named = row ? { key: row.key, version: held.version } : {};
    const answer = await ops.send(deed, { ...body, ...named });
    held.isSending = false;
    if (answer.ok) {
      form.close();
      if (answer.body.shown_once) ops.showOnce(deed.words, answer.body.shown_once);
      else if (held.next) form.open(held.next);
      return;
    }
    complain(answer);
    if (!ops.part("form").firstElementChild) form.close();
  }

  function complain(answer) {
    const input = answer.status === 400 ? held.inputs.get(answer.body.field) || near(answer.body.field) : null;
    if (!input) {
      ops.tell(answer.words, "bad");
      return;
    }
    input.wrong(answer.body.words || { id: `Periksa isian ini. (${answer.body.detail})`, en: answer.body.detail });
    input.focus();
  }

  // A refusal may name a part of what one field asks for.
  const near = (field) => (["lon", "lat"].includes(field) ? held.inputs.get("place") || null : null);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && ops.isHere() && form.isOpen()) form.close();
  });
})();
