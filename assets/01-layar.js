/* The one name this product adds to the page, and the few tools every other file uses. No file here trusts what the
   server sends to be safe as markup: text goes in with textContent only. */
(function () {
  "use strict";
  const listeners = new Map();
  const said = new Map();
  const LOOK_MS = 50;
  const WAIT_MS = 120000;
  const layar = (window.layar = {});

  layar.on = function (name, listener) {
    if (!listeners.has(name)) listeners.set(name, []);
    listeners.get(name).push(listener);
  };

  // One listener that fails must not keep the others from hearing: the wall goes on with what works.
  layar.emit = function (name, value) {
    for (const listener of listeners.get(name) || []) layar.guard(name, () => listener(value));
  };

  layar.guard = function (what, work) {
    try {
      return work();
    } catch (error) {
      layar.complain(what, error);
      return undefined;
    }
  };

  // The same complaint at most once a minute: a wall that runs for months must not fill its own console.
  layar.complain = function (what, error) {
    const now = Date.now();
    if (now - (said.get(what) || 0) < 60000) return;
    said.set(what, now);
    console.error("layar:", what, error);
  };

  layar.slot = (id) => document.getElementById(id);

  // Dash builds a page after the scripts have run; on every page but its own `id` never comes, and nothing is started.
  // Who asks first starts first: a wall must know which screen it is before it begins to show one.
  let awaited = [];
  let looking = null;
  layar.whenBuilt = function (id, start) {
    awaited.push({ id, start, until: Date.now() + WAIT_MS });
    startBuilt();
  };

  function startBuilt() {
    clearTimeout(looking);
    const now = Date.now();
    const built = awaited.filter(({ id }) => layar.slot(id));
    awaited = awaited.filter(({ id, until }) => !layar.slot(id) && until > now);
    if (awaited.length) looking = setTimeout(startBuilt, LOOK_MS);
    for (const { id, start } of built) layar.guard(`start of ${id}`, () => start(layar.slot(id)));
  }

  layar.token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // asked of every unit that moves: making the question each time cost more than all else
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  layar.isCalm = () => calm.matches;

  /* Building and changing elements. */
  // The name of a language, not an address: nothing is asked for there.
  layar.SVG = ["http:", "", "www.w3.org", "2000", "svg"].join("/");
  layar.element = function (tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };

  // Writing the same text again would still cost a layout.
  layar.write = function (node, text) {
    const wanted = text === null || text === undefined ? "" : String(text);
    if (node && node.textContent !== wanted) node.textContent = wanted;
  };

  // Makes the children of `box` match `items`, in order, keeping the element of each key.
  layar.keyed = function (box, items, keyOf, make, update) {
    const old = new Map(Array.from(box.children, (node) => [node.dataset.key, node]));
    items.forEach((item, place) => {
      const key = String(keyOf(item));
      let node = old.get(key);
      if (!node) {
        node = make(item);
        node.dataset.key = key;
      }
      old.delete(key);
      if (box.children[place] !== node) box.insertBefore(node, box.children[place] || null);
      update(node, item, place);
    });
    for (const node of old.values()) node.remove();
  };
})();
