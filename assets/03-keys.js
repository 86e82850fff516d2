/* Every key of every page, in one book, so that `?` can list those that do something here; and what one browser
   remembers of its reader. */
(function () {
  "use strict";
  const layar = window.layar;
  const SHOWN_S = 30; // nobody may be there to put the list away
  const NAMES = { " ": { id: "spasi", en: "space" }, ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", PageUp: { id: "hal. atas", en: "PgUp" }, PageDown: { id: "hal. bawah", en: "PgDn" } };
  const held = { keys: [], timer: null };

  /* `work(event)` when one of `names` (each an `event.key`, letters small; or a single one) is pressed without Ctrl, Alt
     or Meta while nobody types. `words` {id, en} say what it does. `box`: id of an element that must be on the page for
     the key to do anything. */
  layar.key = function (names, work, words, box = null) {
    held.keys.push({ names: [names].flat(), work, words, box });
  };

  // The keys that do something on this page: [{names, words}].
  layar.keys = () => held.keys.filter(isHere).map(({ names, words }) => ({ names, words }));

  const isHere = ({ box }) => box === null || layar.slot(box) !== null;
  const isTyping = (event) => Boolean(event.target.closest && event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]"));

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isTyping(event)) return;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    for (const key of held.keys) if (key.names.includes(name) && isHere(key)) layar.guard(`key ${name}`, () => key.work(event));
  });

  /* -- what this browser remembers; a browser that may not, forgets -- */
  layar.recall = function (name) {
    try {
      return localStorage.getItem(name);
    } catch (error) {
      return null;
    }
  };

  layar.keep = function (name, value) {
    try {
      localStorage.setItem(name, value);
    } catch (error) {
      layar.complain("storage", error);
    }
  };

  /* -- the list -- */
  const named = (name) => layar.say(NAMES[name] || (name.length === 1 ? name.toUpperCase() : name));

  const ranged = (names) => (names.length > 2 ? `${named(names[0])} – ${named(names[names.length - 1])}` : names.map(named).join(" "));

  function list() {
    const box = layar.element("dialog", "keys panel");
    box.append(layar.said("h2", "keys-title", { id: "Tombol di layar ini", en: "Keys on this screen" }));
    const rows = layar.element("dl", "keys-rows");
    for (const { names, words } of layar.keys()) rows.append(layar.element("dt", "", ranged(names)), layar.said("dd", "", words));
    box.append(rows);
    return box;
  }

  function close() {
    clearTimeout(held.timer);
    const box = document.querySelector("dialog.keys");
    if (box) box.remove();
    return box !== null;
  }

  layar.key("?", () => {
    if (close()) return;
    document.body.append(list());
    document.querySelector("dialog.keys").show();
    held.timer = setTimeout(close, SHOWN_S * 1000);
  }, { id: "daftar tombol ini", en: "this list of keys" });
  document.addEventListener("keydown", (event) => event.key === "Escape" && close());
})();
