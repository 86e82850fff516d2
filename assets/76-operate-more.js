/* The desk's rarer parts: what only the chosen row tells, fields that ask the server for some rows, and a secret that is
   shown once. */
(function () {
  "use strict";
  const layar = window.layar;
  const { ops } = layar;
  const NOTHING = { lines: [], values: {} };
  const ONCE = { id: "Hanya ditampilkan kali ini. Catat atau salin sekarang.", en: "Shown this once. Write it down or copy it now." };
  const held = { of: null, turn: 0, known: null, seekOf: null, inputs: new Map() };

  for (const news of ["ops-said", "ops-chosen"]) layar.on(news, () => layar.guard("ops more", () => {
    more();
    seek();
  }));
  layar.on("ops-room", () => layar.guard("ops more", () => Object.assign(held, { of: null, known: null, seekOf: null })));
  layar.onLang(() => ops.isHere() && layar.guard("ops more", () => {
    Object.assign(held, { of: null, seekOf: null });
    more();
    seek();
  }));

  /* -- what one row tells -- */
  const named = (row) => `${ops.room()} ${row.key} ${row.version}`;

  // Asked for once a version; {lines, values}, both empty where the server has no answer.
  ops.more = async function (row) {
    const of = named(row);
    if (held.known && held.known.of === of) return held.known;
    const answer = await ops.ask(`/${encodeURIComponent(ops.room())}/more?key=${encodeURIComponent(row.key)}`);
    if (!answer.ok) return NOTHING;
    held.known = { ...answer.body, of };
    return held.known;
  };

  async function more() {
    const said = ops.said();
    const row = said && said.has_more ? ops.chosen() : null;
    const of = row && named(row);
    if (of === held.of) return;
    held.of = of;
    const turn = (held.turn += 1);
    const { lines } = row ? await ops.more(row) : NOTHING;
    if (turn === held.turn) layar.guard("ops more", () => ops.part("more").replaceChildren(...(lines.length ? [ops.facts(lines)] : [])));
  }

  /* -- only some rows -- */
  function seek() {
    const { seek: fields = [] } = ops.said() || {};
    const of = JSON.stringify(fields);
    const box = ops.part("seek");
    box.hidden = !fields.length;
    if (of === held.seekOf) return;
    held.seekOf = of;
    const before = new Map([...held.inputs].map(([name, { read }]) => [name, read()]));
    held.inputs = new Map();
    const form = ops.make("form", "ops-sought", undefined, { noValidate: true });
    for (const field of fields) form.append(entry(field, before.get(field.name)));
    const go = ops.button({ id: "Cari", en: "Search" }, "is-main", () => undefined);
    go.type = "submit";
    form.append(go, ops.button({ id: "Semua", en: "All" }, "is-quiet", all));
    form.addEventListener("submit", submitted);
    box.replaceChildren(...(fields.length ? [form] : []));
  }

  function entry(field, value) {
    const id = `ops-seek-${field.name}`;
    const box = layar.element("div", "ops-field");
    const { nodes, read } = ops.entry(field, value, id);
    box.append(ops.make("label", "ops-label", layar.say(field.words), { htmlFor: id }), ...nodes);
    held.inputs.set(field.name, { read });
    return box;
  }

  function submitted(event) {
    event.preventDefault();
    const found = [...held.inputs].map(([name, { read }]) => [name, read()]).filter(([, value]) => value);
    ops.seek(Object.fromEntries(found));
  }

  function all() {
    held.inputs = new Map();
    held.seekOf = null;
    ops.seek({});
  }

  /* -- a secret: it stays until it is put away by hand -- */
  ops.showOnce = function (words, secret) {
    const box = ops.make("div", "ops-once panel", undefined, { role: "alertdialog", tabIndex: -1 });
    const shown = ops.make("output", "ops-secret", secret);
    const copied = layar.element("span", "ops-by");
    const line = layar.element("div", "ops-ends");
    const copy = ops.button({ id: "Salin", en: "Copy" }, "", () => copyTo(secret, shown, copied));
    const close = ops.button({ id: "Sudah saya catat", en: "I have it" }, "is-main", () => box.remove());
    line.append(copied, copy, close);
    box.append(layar.element("h2", "", layar.say(words)), layar.element("p", "", layar.say(ONCE)), shown, line);
    layar.slot("ops").append(box);
    close.focus();
  };

  // Without a secure address browsers give no clipboard: then it is marked, ready for Ctrl+C.
  async function copyTo(secret, shown, copied) {
    try {
      await navigator.clipboard.writeText(secret);
      layar.write(copied, layar.say("Tersalin", "Copied"));
    } catch (error) {
      window.getSelection().selectAllChildren(shown);
      layar.write(copied, layar.say("Tekan Ctrl+C", "Press Ctrl+C"));
    }
  }
})();
