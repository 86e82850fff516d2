/* The gallery's pictures: each part of each real frame in each state, taken as the real scripts have left it, with its
   styles alive, so that themes and sizes hold. Taken anew when the language changes. */
(function () {
  "use strict";
  const layar = window.layar;
  const { gallery } = layar;
  if (!gallery) return;
  const { element } = layar;
  const SETTLES_MS = 120;
  const PICTURES_MS = 2500;
  const FRAME_MS = 30000;
  const STATES = {
    empty: { id: "kosong", en: "empty" }, one: { id: "satu", en: "one" }, many: { id: "banyak", en: "many" },
    late: { id: "terlambat", en: "late" }, broken: { id: "rusak", en: "broken" },
  };
  const books = {};
  const held = { book: "wall", turn: 0 };

  /* Several parts that share a frame. `root`: the id of its outermost node; `room`: by which dashboard/pages/gallery.py
     knows it, where it comes later; `begin(state)` after the studio has entered a state, `enter()` and `leave()` around
     all of them; `scale`: how large it is shown. A part is [name, words, find]; `find(state)` gives its nodes as they
     stand in the studio. */
  gallery.book = (name, said) => { books[name] = { room: null, isVisitor: false, scale: 1, parts: [], enter: () => {}, leave: () => {}, begin: () => {}, ...said }; };

  gallery.one = (selector) => () => Array.from(document.querySelectorAll(`#gallery-studio ${selector}`)).slice(0, 1);
  gallery.all = (selector) => () => Array.from(document.querySelectorAll(`#gallery-studio ${selector}`));
  gallery.rest = (ms) => new Promise((done) => { setTimeout(done, ms); });
  gallery.until = async function (isSo, ms) {
    for (let waited = 0; waited < ms && !isSo(); waited += 50) await gallery.rest(50);
    return isSo();
  };

  // A copy that stands by itself: what is shown next must not change it.
  gallery.copy = function (node) {
    const copy = node.cloneNode(true);
    const from = [node, ...node.querySelectorAll("canvas")].filter((one) => one.tagName === "CANVAS");
    const to = [copy, ...copy.querySelectorAll("canvas")].filter((one) => one.tagName === "CANVAS");
    from.forEach((canvas, place) => canvas.width && canvas.height && to[place].getContext("2d").drawImage(canvas, 0, 0));
    for (const image of copy.querySelectorAll("img[src^=blob]")) image.src = gallery.still(); // its own may go any moment
    copy.dataset.wide = node.dataset.wide || String(node.offsetWidth);
    copy.dataset.high = node.dataset.high || String(node.offsetHeight);
    return copy;
  };

  /* -- one picture -- */
  const isSeen = (node) => node.dataset.wide !== undefined || (node.offsetWidth > 0 && node.offsetHeight > 0);

  function picture(node, root, scale) {
    const frame = element("div", `gallery-frame ${root.className}`);
    for (const [name, value] of Object.entries(root.dataset)) if (!["canvas", "words"].includes(name)) frame.dataset[name] = value;
    const copy = gallery.copy(node);
    for (const part of [copy, ...copy.querySelectorAll("[id]")]) part.removeAttribute("id");
    copy.classList.add("gallery-part");
    copy.style.setProperty("--wide", `${copy.dataset.wide}px`);
    copy.style.setProperty("--high", Number(copy.dataset.high) ? `${copy.dataset.high}px` : "auto");
    frame.style.setProperty("--scale", String(scale));
    for (const input of copy.querySelectorAll("input, select, textarea, button, a, [tabindex]")) input.tabIndex = -1;
    copy.inert = true;
    frame.append(copy);
    return frame;
  }

  async function take(turn, book, name, [part, words, find], state) {
    const nodes = (await find(state)).filter(isSeen);
    if (turn !== held.turn) return;
    const cell = cellOf(`${name}-${part}`, words, state);
    const pictures = nodes.map((node) => picture(node, layar.slot(book.root), book.scale));
    cell.replaceChildren(layar.said("figcaption", "gallery-state", STATES[state]), ...(pictures.length ? pictures : [
      layar.said("p", "gallery-none", { id: "Tidak tampil dalam keadaan ini.", en: "Not shown in this state." }),
    ]));
    cell.dataset.shown = String(pictures.length);
  }

  function cellOf(name, words, state) {
    const box = layar.slot("gallery-shots");
    let row = box.querySelector(`[data-part="${name}"]`);
    if (!row) {
      row = element("section", "gallery-row");
      row.dataset.part = name;
      row.append(layar.said("h2", "", words));
      for (const one of gallery.STATES) {
        const cell = element("figure", "gallery-shot");
        cell.dataset.state = one;
        row.append(cell);
      }
      box.append(row);
    }
    return row.querySelector(`:scope > [data-state="${state}"]`);
  }

  /* -- all of them -- */
  async function shoot() {
    const turn = (held.turn += 1);
    const name = held.book;
    const book = books[name];
    layar.slot("gallery").dataset.isReady = "false";
    if (book.room) await enterRoom(book);
    if (turn === held.turn) await book.enter();
    for (const state of book.root ? gallery.STATES : []) {
      if (turn !== held.turn) return;
      gallery.enter(state, book.isVisitor);
      await book.begin(state);
      await settled(book.root);
      for (const part of book.parts) {
        if (turn !== held.turn) return;
        await take(turn, book, name, part, state);
      }
    }
    if (turn === held.turn) layar.slot("gallery").dataset.isReady = "true";
  }

  // A frame that comes later, with what its scripts will ask for before they do.
  async function enterRoom({ room, root }) {
    const box = layar.slot(`gallery-room-${room}`);
    for (const other of document.querySelectorAll(".gallery-room")) other.classList.toggle("is-now", other === box);
    if (!box.querySelector(".gallery-answers")) {
      window.dash_clientside.set_props("gallery-wanted", { data: room });
      await gallery.until(() => box.querySelector(".gallery-answers") && layar.slot(root), FRAME_MS);
      gallery.learn();
    }
  }

  // Pictures come one after another; nobody waits for one that does not come.
  async function settled(root) {
    await gallery.rest(SETTLES_MS);
    const tiles = () => Array.from(layar.slot(root).querySelectorAll(".camera"));
    const isWaiting = () => tiles().some((tile) => !(tile.querySelector("img.camera-picture") || {}).src);
    await gallery.until(() => !isWaiting(), PICTURES_MS);
    layar.emit("second", layar.time.now());
  }

  /* -- the page -- */
  async function choose(name) {
    const before = books[held.book];
    const isOther = held.book !== name;
    held.turn += 1; // what is under way ends
    layar.slot("gallery").dataset.isReady = "false";
    held.book = name;
    if (isOther) await before.leave();
    if (held.book !== name) return;
    const address = new URL(window.location.href);
    address.searchParams.set("part", name);
    gallery.address(null, "", address);
    layar.slot("gallery-shots").replaceChildren();
    layar.slot("gallery-brief").hidden = name !== "brief";
    layar.slot("gallery").dataset.part = name;
    layar.slot("gallery-studio").dataset.part = name;
    for (const button of layar.slot("gallery-nav").children) button.setAttribute("aria-pressed", String(button.dataset.part === name));
    shoot();
  }

  function button(words, className, work) {
    const node = layar.said("button", `button ${className}`, words);
    node.type = "button";
    node.addEventListener("click", work);
    return node;
  }

  function build() {
    layar.slot("gallery-acts").append(
      button({ id: "English (B)", en: "Bahasa Indonesia (B)" }, "", () => layar.setLang(layar.lang() === "id" ? "en" : "id")),
      button({ id: "Siang atau malam (T)", en: "Day or night (T)" }, "", () => layar.setTheme(layar.theme() === "night" ? "day" : "night")),
    );
    for (const [name, { words }] of Object.entries(books)) {
      const node = button(words, "", () => choose(name));
      node.dataset.part = name;
      layar.slot("gallery-nav").append(node);
    }
    const asked = new URLSearchParams(window.location.search).get("part");
    choose(Object.hasOwn(books, asked) ? asked : "wall");
  }

  layar.whenBuilt("gallery", () => {
    layar.time.start();
    build();
    layar.onLang(shoot);
    layar.onTheme(shoot);
  });
})();
