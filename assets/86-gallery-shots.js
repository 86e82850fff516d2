/* The gallery's pictures: each part of each real frame in each state, taken as the real scripts have left it, with its
   styles alive, so that themes and sizes hold. Taken anew when the language changes. */
(function () {
  "use strict";
  const layar = window.layar;
  const { gallery } = layar;
  if (!gallery) return;
  const { element } = layar;
  const SETTLES_MS = 250;
  const PICTURES_MS = 2500;
  const STILLS_PX = "1100";
  const MOST_TRIES = 10;
  const STATES = {
    empty: { id: "kosong", en: "empty" }, one: { id: "satu", en: "one" }, many: { id: "banyak", en: "many" },
    late: { id: "terlambat", en: "late" }, broken: { id: "rusak", en: "broken" },
  };
  /* `find` gives the nodes of a part as they stand in the studio. */
  const one = (selector) => () => Array.from(document.querySelectorAll(`#gallery-studio ${selector}`)).slice(0, 1);
  const PARTS = {
    wall: {
      words: { id: "Layar dinding", en: "Wall" }, root: "wall",
      parts: [
        ["figures", { id: "Angka utama", en: "Headline figures" }, one(".figures")],
        ["clock", { id: "Jam dan sif", en: "Clock and shift" }, one(".clock")],
        ["list", { id: "Daftar kejadian", en: "List of incidents" }, one(".wall-list")],
        ["board", { id: "Kartu papan", en: "Cards of the board" }, cards],
        ["scene", { id: "Adegan", en: "Scene" }, one("#wall-scene")],
        ["legend", { id: "Legenda", en: "Legend" }, one(".legend")],
        ["note", { id: "Kalimat kamera", en: "Sentence of the cameras" }, one("#wall-camera-note")],
        ["strip", { id: "Jalur kamera", en: "Strip of cameras" }, one("#wall-cameras")],
        ["stills", { id: "Gambar yang disimpan", en: "Kept stills" }, stills],
        ["banners", { id: "Spanduk", en: "Banners" }, one(".wall-banners")],
        ["status", { id: "Baris keadaan", en: "Status bar" }, one("#wall-status")],
      ],
    },
    cams: {
      words: { id: "Dinding kamera", en: "Camera wall" }, root: "cams",
      parts: [
        ["bar", { id: "Baris atas", en: "Bar" }, one(".cams-bar")],
        ["tiles", { id: "Petak kamera", en: "Tiles" }, one(".cams-body")],
      ],
    },
    desk: {
      words: { id: "Meja operator", en: "Operator's desk" }, root: "ops",
      parts: [
        ["now", { id: "Sekarang", en: "Now" }, deskNow],
        ["incidents", { id: "Ruang kejadian", en: "Room of incidents" }, deskRoom("incidents")],
        ["units", { id: "Ruang armada", en: "Room of units" }, deskRoom("units")],
        ["form", { id: "Formulir", en: "Form" }, deskForm],
        ["news", { id: "Pemberitahuan", en: "Notice" }, one("#ops-news")],
      ],
    },
    brief: { words: { id: "Ringkasan", en: "Briefing" }, root: null, parts: [] },
  };
  const held = { part: "wall", turn: 0 };
  const rest = (ms) => new Promise((done) => { setTimeout(done, ms); });

  /* -- parts that must be asked for -- */
  function cards() {
    const places = layar.slot("wall").querySelector(".turns").getBoundingClientRect();
    return layar.board.cards().map((card) => {
      const box = element("section", "board panel");
      layar.board.fill(box, card);
      box.dataset.wide = String(places.width);
      box.dataset.high = String(places.height);
      return box;
    });
  }

  async function stills() {
    const box = element("div", "stills panel");
    await layar.strip.show(box, "CONTOH-1");
    box.dataset.wide = STILLS_PX;
    return [box];
  }

  // The desk asks by itself, too: until the answer of this state is there. A broken one gives none.
  async function enter(room) {
    layar.ops.enter(room);
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      await layar.ops.load();
      if (gallery.state() === "broken" || (layar.ops.said() || {}).state === gallery.state()) return;
    }
  }

  async function deskNow() {
    await enter(layar.ops.FRONT);
    return one("#ops-now")();
  }

  function deskRoom(name) {
    return async () => {
      await enter(name);
      return ["#ops-list", "#ops-side"].flatMap((selector) => one(selector)());
    };
  }

  async function deskForm() {
    await enter("incidents");
    const deed = ((layar.ops.said() || {}).deeds || []).find(({ is_new: isNew }) => isNew);
    if (!deed) return [];
    layar.ops.form.open(deed.name);
    const [form] = one("#ops-form")();
    const shot = form.cloneNode(true);
    Object.assign(shot.dataset, { wide: String(form.offsetWidth), high: String(form.offsetHeight) });
    layar.ops.form.close();
    return [shot];
  }

  /* -- one picture -- */
  const isSeen = (node) => node.dataset.wide !== undefined || (node.offsetWidth > 0 && node.offsetHeight > 0);

  function picture(node, root) {
    const frame = element("div", `gallery-frame ${root ? root.className : ""}`);
    if (root) for (const [name, value] of Object.entries(root.dataset)) if (!["canvas", "words"].includes(name)) frame.dataset[name] = value;
    const wide = node.dataset.wide || node.offsetWidth;
    const high = node.dataset.high || node.offsetHeight;
    const copy = node.cloneNode(true);
    for (const part of [copy, ...copy.querySelectorAll("[id]")]) part.removeAttribute("id");
    copy.classList.add("gallery-part");
    copy.style.setProperty("--wide", `${wide}px`);
    copy.style.setProperty("--high", high ? `${high}px` : "auto");
    for (const input of copy.querySelectorAll("input, select, textarea, button, a")) input.tabIndex = -1;
    copy.inert = true;
    frame.append(copy);
    return frame;
  }

  async function take(of, [name, words, find], state) {
    const root = layar.slot(of.root);
    const nodes = (await find()).filter(isSeen);
    const cell = cellOf(of.root, name, words, state);
    const pictures = nodes.map((node) => picture(node, root));
    cell.replaceChildren(layar.said("figcaption", "gallery-state", STATES[state]), ...(pictures.length ? pictures : [
      layar.said("p", "gallery-none", { id: "Tidak tampil dalam keadaan ini.", en: "Not shown in this state." }),
    ]));
    cell.dataset.shown = String(pictures.length);
  }

  function cellOf(root, name, words, state) {
    const box = layar.slot("gallery-shots");
    let row = box.querySelector(`[data-part="${root}-${name}"]`);
    if (!row) {
      row = element("section", "gallery-row");
      row.dataset.part = `${root}-${name}`;
      row.append(layar.said("h2", "", words));
      for (const one of gallery.STATES) {
        const cell = element("figure", "gallery-shot");
        cell.dataset.state = one;
        row.append(cell);
      }
      box.append(row);
    }
    return row.querySelector(`[data-state="${state}"]`);
  }

  /* -- all of them -- */
  async function shoot() {
    const turn = (held.turn += 1);
    const of = PARTS[held.part];
    layar.slot("gallery").dataset.isReady = "false";
    if (held.part === "brief") briefing();
    for (const state of of.root ? gallery.STATES : []) {
      gallery.enter(state);
      await settled(of.root);
      for (const part of of.parts) {
        if (turn !== held.turn) return;
        await take(of, part, state);
      }
    }
    if (turn === held.turn) layar.slot("gallery").dataset.isReady = "true";
  }

  // Pictures come one after another; nobody waits for one that does not come.
  async function settled(root) {
    await rest(SETTLES_MS);
    const tiles = () => Array.from(layar.slot(root).querySelectorAll(".camera"));
    const isWaiting = () => tiles().some((tile) => !(tile.querySelector("img.camera-picture") || {}).src);
    for (let ms = 0; ms < PICTURES_MS && isWaiting(); ms += SETTLES_MS) await rest(SETTLES_MS);
    layar.emit("second", layar.time.now());
  }

  function briefing() {
    const scale = Math.max(1, parseFloat(getComputedStyle(document.documentElement).fontSize) / 16);
    const known = [1, 1.25, 1.5, 2, 2.5, 3, 4];
    const nearest = known.reduce((best, value) => (Math.abs(value - scale) < Math.abs(best - scale) ? value : best));
    window.dash_clientside.set_props("gallery-reader", { data: { lang: layar.lang(), theme: layar.theme(), scale: nearest } });
  }

  /* -- the page -- */
  function choose(part) {
    held.part = part;
    const address = new URL(window.location.href);
    address.searchParams.set("part", part);
    layar.slot("gallery-shots").replaceChildren();
    layar.slot("gallery-brief").hidden = part !== "brief";
    layar.slot("gallery").dataset.part = part;
    for (const button of layar.slot("gallery-nav").children) button.setAttribute("aria-pressed", String(button.dataset.part === part));
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
    for (const [part, { words }] of Object.entries(PARTS)) {
      const node = button(words, "", () => choose(part));
      node.dataset.part = part;
      layar.slot("gallery-nav").append(node);
    }
    const asked = new URLSearchParams(window.location.search).get("part");
    choose(Object.hasOwn(PARTS, asked) ? asked : "wall");
  }

  layar.whenBuilt("gallery", () => {
    layar.time.start();
    build();
    layar.onLang(shoot);
    layar.onTheme(shoot);
  });
})();
