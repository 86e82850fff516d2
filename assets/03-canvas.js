/* Which screen of which wall this page is, how large its letters are, and where its parts stand. All that may be asked for
   stands on the page (dashboard/wall_canvas.py); `?wall=` and `?screen=` choose. Sizes are parts of the window, so a wall
   has the same letters with any number of pixels. */
(function () {
  "use strict";
  const layar = window.layar;
  const GAP_REM = 0.4;
  const EDGE_REM = 0.5;
  const ROW_REM = 4.1;
  const PARTS = {
    map: ".wall-ground", clock: ".clock", figures: ".figures", scene: ".wall-scene", cameras: ".wall-cameras",
    status: ".wall-status", banners: ".wall-banners", legend: ".wall-left > .turns", inset: ".wall-left > .inset",
  };
  const TO_THE_EDGE = new Set(["map"]);
  const OVER_ALL = new Set(["banners"]);
  const LEAST_REM = { clock: 6, status: 5.4, other: 6 };
  const held = { above: 0, tiles: null, root: null, walls: [], wall: null, screen: null, way: null, reason: null };
  const canvas = (layar.canvas = {
    wall: () => held.wall && held.wall.name,
    screen: () => held.screen && held.screen.name,
    shows: () => (held.screen ? held.screen.shows : "penuh"),
    isKnown: () => held.reason === null,
    isClassic: () => !held.way || held.way.classic,
    way: () => held.way,
    // whether this screen shows a map, lying or upright
    hasMap: () => !held.screen || [held.screen.flat, held.screen.upright].some((way) => way.classic || way.parts.map),
    walls: () => held.walls,
    // how many pictures of cameras have a cell of their own; null where the style sheet says
    tiles: () => (canvas.isClassic() ? null : held.tiles),
    hasCards: () => Boolean(held.way) && held.way.cards.length > 0,
    // whether the scene has no room but for one line
    hasChip: () => Boolean(held.way && held.way.parts.chip),
    // whether this screen says which scene is on, and why
    tellsScene: () => canvas.isClassic() || Boolean(held.way.parts.scene || held.way.parts.chip),
  });

  const asked = () => new URLSearchParams(window.location.search);

  for (const id of ["wall", "cams"]) layar.whenBuilt(id, (root) => layar.guard("canvas", () => start(root)));

  function start(root) {
    held.root = root;
    held.walls = JSON.parse(root.dataset.canvas || "[]");
    choose();
    if (!canvas.isKnown()) {
      refuse();
      return;
    }
    if (!held.screen) return;
    Object.assign(root.dataset, { wall: canvas.wall(), screen: canvas.screen(), shows: canvas.shows() });
    lay();
    window.addEventListener("resize", () => layar.guard("canvas", lay));
    layar.on("second", () => layar.guard("banners", watchBanners));
    layar.emit("canvas", canvas.shows());
  }

  // The first wall and its first screen where the address names none; a name that means nothing is said, not guessed.
  function choose() {
    const [wall, screen] = [asked().get("wall"), asked().get("screen")];
    held.wall = wall ? held.walls.find((one) => one.name === wall) : held.walls[0];
    if (!held.wall) held.reason = held.walls.length ? "wall" : null;
    const screens = held.wall ? held.wall.screens : [];
    const standing = held.root.id === "cams" ? screens.find((one) => one.shows === "kamera") : screens[0];
    held.screen = screen ? screens.find((one) => one.name === screen) : standing;
    if (held.wall && screen && !held.screen) held.reason = "screen";
  }

  /* -- sizes and places -- */
  function lay() {
    const [wide, high] = [window.innerWidth, window.innerHeight];
    held.way = wide >= high ? held.screen.flat : held.screen.upright;
    const { style } = document.documentElement;
    // the style sheet's own size is that of a wall laid out at its finest
    style.fontSize = held.way.classic ? "" : `${(held.way.root * wide).toFixed(3)}px`;
    held.root.dataset.way = held.way.classic ? "classic" : "cells";
    if (held.root.id === "wall") place();
    layar.emit("laid", held.way);
  }

  const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

  function place() {
    const { flowing, classic } = held.way;
    boxes().forEach((node) => clear(node));
    if (classic) return;
    const named = [
      ...Object.entries(held.way.parts), ...held.way.lists.map((box) => ["list", box]), ...held.way.cards.map((box) => ["cards", box]),
    ];
    const roomy = withRoom(named);
    const parts = Object.fromEntries(roomy.slice(0, Object.keys(held.way.parts).length));
    const [lists, cards] = ["list", "cards"].map((name) => roomy.filter(([one]) => one === name).map(([, box]) => box));
    for (const [name, selector] of Object.entries(PARTS)) {
      const node = held.root.querySelector(selector);
      if (!node) continue;
      const box = parts[name] || (name === "scene" && parts.chip);
      if (box) put(node, name, box);
      else node.classList.add("is-absent");
    }
    several(".wall-list", "wall-list panel is-more", lists, "list");
    several(".wall-cards", "wall-cards", cards, "cards");
    split(parts.cameras);
    note(parts.map);
    held.root.dataset.flowing = String(flowing);
  }

  // Pictures are never cut by the edge of a panel: as many across and down as there are cells.
  function split(box) {
    const strip = held.root.querySelector(".wall-cameras");
    held.tiles = null;
    if (!box || !strip) return;
    const [across, down] = [2, 3].map((side) => Math.max(1, Math.round(box[side])));
    held.tiles = across * down;
    strip.style.setProperty("--across", String(across));
    strip.style.setProperty("--down", String(down));
    strip.style.setProperty("--bezel", `${(held.way.bezel * window.innerWidth).toFixed(1)}px`);
  }

  // What is said while there is no map stands in the middle of its place, in the panel left of the middle.
  function note(box) {
    const line = held.root.querySelector(".map-note");
    if (!box || !line) return;
    const { cells, panels } = held.way;
    const per = cells[0] / panels[0];
    const first = panels[0] > 1 ? Math.floor((box[0] + (box[2] - 1) / 2) / per) * per : box[0];
    const wide = panels[0] > 1 ? Math.min(per, box[2]) : box[2];
    put(line, "note", [first, box[1] + 0.3 * Math.min(1, box[3]), wide, 0.4]);
  }

  const boxes = () => held.root.querySelectorAll(".is-placed, .is-absent");

  function clear(node) {
    node.classList.remove("is-placed", "is-absent");
    for (const side of ["left", "top", "width", "height"]) node.style[side] = "";
  }

  // As many boxes as the wall has room for; the first may stand on the page already.
  function several(selector, className, places, name) {
    const found = Array.from(held.root.querySelectorAll(selector));
    while (found.length < places.length) {
      const node = layar.element("div", className);
      held.root.append(node);
      found.push(node);
    }
    found.forEach((node, number) => {
      if (places[number]) put(node, name, places[number]);
      else node.classList.add("is-absent");
    });
  }

  function put(node, name, box) {
    const [left, top, right, bottom] = canvas.rect(box, TO_THE_EDGE.has(name) || OVER_ALL.has(name) ? 0 : 1);
    node.classList.add("is-placed");
    Object.assign(node.style, {
      left: `${left}px`, top: `${top}px`, width: `${Math.max(0, right - left)}px`, height: `${Math.max(0, bottom - top)}px`,
    });
  }

  // A banner in a cell of its own, or without a map to lie on: what stands below it in its column makes room, each part as
  // much as it can spare, from the top down.
  const isOverNothing = () => !held.way.parts.map || held.way.panels[0] * held.way.panels[1] > 1;

  function withRoom(named) {
    const banner = held.way.parts.banners;
    if (!held.above || !banner) return named;
    const cellRem = window.innerHeight / held.way.cells[1] / rem();
    let taken = held.above / rem() / cellRem;
    const inColumn = ([name, [x, , wide]]) => !OVER_ALL.has(name) && !TO_THE_EDGE.has(name) && x < banner[0] + banner[2] && x + wide > banner[0];
    const moved = new Map();
    for (const one of named.filter(inColumn).sort(([, a], [, b]) => a[1] - b[1])) {
      const [name, [x, y, wide, high]] = one;
      if (y > taken - 1e-6) break;
      const spared = Math.min(taken - y, Math.max(0, high - (LEAST_REM[name] || LEAST_REM.other) / cellRem));
      moved.set(one, [name, [x, taken, wide, high - spared]]);
      taken += high - spared;
    }
    return named.map((one) => moved.get(one) || one);
  }

  // Banners come and go: of another height they are made room for anew.
  function watchBanners() {
    const box = held.root.querySelector(".wall-banners");
    const isShown = box && Array.from(box.children).some((node) => !node.hidden && node.offsetHeight);
    const above = isShown && !canvas.isClassic() && isOverNothing() ? box.offsetHeight : 0;
    if (Math.abs(above - held.above) < 2) return;
    held.above = above;
    lay();
  }

  // A box of cells in pixels: clear of the dark gap between two panels, and a little apart from its neighbours.
  canvas.rect = function ([x, y, wide, high], apart = 1) {
    const { cells, panels, bezel } = held.way;
    const size = [window.innerWidth, window.innerHeight];
    const side = (axis, at, sign) => {
      const cut = isCut(at, cells[axis] / panels[axis], cells[axis]) ? (bezel * size[0]) / 2 : 0;
      const isBorder = at < 1e-6 || at > cells[axis] - 1e-6;
      const gap = (isBorder ? EDGE_REM : GAP_REM) * rem() * apart;
      return (at / cells[axis]) * size[axis] + sign * (cut * apart + gap);
    };
    return [side(0, x, 1), side(1, y, 1), side(0, x + wide, -1), side(1, y + high, -1)];
  };

  const isCut = (at, per, all) => at > 1e-6 && at < all - 1e-6 && Math.abs(at / per - Math.round(at / per)) < 1e-6;

  // How many whole rows of incidents a list has room for; null where the style sheet says.
  canvas.rows = function (list) {
    const box = list.closest(".is-placed");
    if (canvas.isClassic() || !box) return null;
    const around = Array.from(box.children).filter((node) => node !== list && !node.matches(".list-none"));
    const taken = around.reduce((sum, node) => sum + Math.max(node.offsetHeight, node.matches(".list-rest") ? 2.2 * rem() : 0), 0);
    return Math.max(1, Math.floor((box.clientHeight - taken) / (ROW_REM * rem())));
  };

  // Where panels meet, in pixels of the window: [[left, right], …] of upright gaps and [[top, bottom], …] of flat ones.
  canvas.seams = function () {
    if (!held.way) return { upright: [], flat: [] };
    const { panels, bezel } = held.way;
    const half = (bezel * window.innerWidth) / 2;
    const of = (count, size) => Array.from({ length: count - 1 }, (_, i) => ((i + 1) * size) / count).map((at) => [at - half, at + half]);
    return { upright: of(panels[0], window.innerWidth), flat: of(panels[1], window.innerHeight) };
  };

  /* -- a name that nobody gave -- */
  function refuse() {
    const { element } = layar;
    const box = element("div", "canvas-unknown");
    const isWall = held.reason === "wall";
    box.append(layar.said("h1", "", isWall
      ? { id: "Dinding ini tidak dikenal", en: "There is no such wall" }
      : { id: "Layar ini tidak dikenal", en: "There is no such screen" }));
    box.append(element("p", "canvas-asked", `?wall=${asked().get("wall") || "…"}&screen=${asked().get("screen") || "…"}`));
    box.append(layar.said("p", "", { id: "Yang ada, menurut layar.toml:", en: "These exist, by layar.toml:" }));
    const list = element("ul");
    for (const wall of held.walls) {
      for (const screen of wall.screens) {
        const item = element("li");
        const link = element("a", "", `${wall.name} · ${screen.name}`);
        link.href = `${window.location.pathname}?wall=${wall.name}&screen=${screen.name}`;
        item.append(link, element("span", "", screen.name === screen.shows ? "" : screen.shows));
        list.append(item);
      }
    }
    box.append(list);
    held.root.replaceChildren(box);
    held.root.dataset.way = "unknown";
  }
})();
