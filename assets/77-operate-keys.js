/* The keys of the desk: everything can be done without a mouse. `?` lists them (03-keys.js). */
(function () {
  "use strict";
  const layar = window.layar;
  const { ops } = layar;
  const LAST_ROOM = 9;
  const OUT_OF_SEARCH = ["Enter", "Escape", "ArrowDown"];
  const held = new Set();

  function key(names, work, words) {
    const of = [names].flat().join(" ");
    if (held.has(of)) return;
    held.add(of);
    layar.key(names, work, words, "ops");
  }

  // Those of the deeds of each room, as it is met.
  layar.on("ops-said", () => layar.guard("ops keys", () => {
    for (const deed of (ops.said() || {}).deeds || []) if (deed.key) key(deed.key, (event) => pressed(event, deed.key), deed.words);
  }));

  // The letter that opens a form must not be its first word.
  function pressed(event, letter) {
    event.preventDefault();
    if (letter === "n" && ops.isFront()) ops.create();
    else if (!ops.isFront()) ops.form.byKey(letter);
  }

  const quietly = (work) => (event) => {
    event.preventDefault();
    work();
  };

  /* -- rooms, filters, search -- */
  function room(by) {
    const names = [ops.FRONT, ...((ops.said() || {}).rooms || []).map(({ name }) => name)];
    ops.enterPlace((names.indexOf(ops.room()) + by + names.length) % names.length);
  }

  function filter(by) {
    const known = ((ops.said() || {}).groups || []).map(({ key: name }) => name);
    if (!known.length) return;
    const place = Math.max(0, known.indexOf(ops.group()));
    ops.look({ group: known[(place + by + known.length) % known.length] });
  }

  function search() {
    const input = layar.slot("ops").querySelector("#ops-seek:not([hidden]) input, #ops-groups:not([hidden]) input");
    if (input) input.focus();
  }

  /* -- in a form: Enter saves from a choice and a tick too, Ctrl+Enter from everywhere -- */
  function saves(event) {
    if (event.key !== "Enter" || !event.target.closest) return;
    const form = event.target.closest("#ops-form form");
    if (!form) return;
    const isChoice = event.target.matches("select, input[type=checkbox]");
    if (!(event.ctrlKey || event.metaKey) && !isChoice) return;
    event.preventDefault();
    form.requestSubmit();
  }

  function leavesSearch(event) {
    if (!OUT_OF_SEARCH.includes(event.key) || !event.target.matches || !event.target.matches("#ops-groups input")) return;
    event.preventDefault();
    event.target.blur();
  }

  layar.whenBuilt("ops", () => {
    document.addEventListener("keydown", saves);
    document.addEventListener("keydown", leavesSearch);
    key("ArrowDown", quietly(() => ops.step(1)), { id: "baris berikutnya", en: "next row" });
    key("ArrowUp", quietly(() => ops.step(-1)), { id: "baris sebelumnya", en: "row before" });
    key("ArrowRight", quietly(() => filter(1)), { id: "saringan berikutnya (terbuka, ditutup)", en: "next filter (open, closed)" });
    key("ArrowLeft", quietly(() => filter(-1)), { id: "saringan sebelumnya", en: "filter before" });
    key("/", quietly(search), { id: "cari di daftar ini", en: "search this list" });
    key("n", (event) => pressed(event, "n"), { id: "kejadian baru", en: "new incident" });
    key("z", () => ops.undo(), { id: "batalkan yang terakhir", en: "take back what was done last" });
    key(Array.from({ length: LAST_ROOM + 1 }, (_, place) => String(place)), (event) => ops.enterPlace(Number(event.key)), { id: "ruang dengan angka itu", en: "the room of that number" });
    key("PageDown", quietly(() => room(1)), { id: "ruang berikutnya", en: "next room" });
    key("PageUp", quietly(() => room(-1)), { id: "ruang sebelumnya", en: "room before" });
  });
})();
