/* The wall of cameras: asks the schedule what stands on it now, lays out the tiles, says which pictures are wanted, and
   listens to the keys. What is chosen stands in the address, so that it is the same after a reload. */
(function () {
  "use strict";
  const layar = window.layar;
  const USER = "wall";
  const LEAST_ROTATE_S = 12;
  const MOST_ROTATE_S = 600;
  const PREFETCH_S = 4;
  const PREFETCH_WEIGHT = 0.5;
  const LARGE_WEIGHT = 4;
  const SEES_WEIGHT = 2;
  const asked = new URLSearchParams(window.location.search);
  const held = { state: null, known: null, layout: null, told: new Map() };
  const wall = (layar.cameraWall = { rotateS: () => rotateS, state: () => held.state, filter: () => filter });
  const filter = { group: asked.get("group"), kelurahan: asked.get("kelurahan") };
  const rotateS = bounded(Number(asked.get("rotate_s")) || LEAST_ROTATE_S);
  let chosen = layar.cameraGrid.counts.includes(Number(asked.get("grid"))) ? Number(asked.get("grid")) : "auto";

  function bounded(seconds) {
    return Math.min(MOST_ROTATE_S, Math.max(LEAST_ROTATE_S, seconds));
  }

  layar.whenBuilt("cams", () => {
    const way = { 1: "thin", 0: "full" }[asked.get("thin")] || "auto";
    layar.cameraPictures.setLine(way);
    layar.live.spare(way === "thin");
    layar.time.start();
    layar.sources.start({ hasMap: false });
    layar.live.start();
    layar.on("picture", ({ changed }) => {
      if (changed.has("panels") || changed.has("incidents")) layar.guard("camera wall", step);
    });
    layar.on("second", () => layar.guard("camera wall", step));
    layar.on("camera-line", (isThin) => {
      layar.live.spare(isThin);
      layar.guard("camera wall", want);
    });
    layar.on("camera-picture", (entry) => {
      if (entry.user === USER) layar.guard("camera wall", () => renew(entry));
    });
    window.addEventListener("resize", () => layar.guard("camera wall", step));
    layar.onLang(() => layar.guard("camera wall", step));
  });

  /* -- what is known -- */
  const same = (said, wanted) => wanted === null || String(said || "").toLowerCase() === wanted.toLowerCase();

  wall.cameras = () => (layar.picture.panels().cameras || [])
    .filter((camera) => same(camera.group, filter.group) && same(camera.kelurahan, filter.kelurahan));

  // The incident that the order of the cameras is about, with the words a tile needs.
  wall.worst = function () {
    const { eyes } = layar.picture.panels();
    if (!eyes) return null;
    const incident = layar.picture.layer("incidents").get(eyes.near);
    const said = incident ? incident[0].properties : {};
    const title = layar.told(said, "title") || layar.say("Kejadian terburuk", "Worst incident");
    const ageS = said.reported_at ? layar.time.now() - said.reported_at : Infinity;
    return { key: eyes.near, ageS, title, place: said.kelurahan || "", seenBy: eyes.seen_by, text: layar.told(eyes) };
  };

  function size() {
    const box = layar.slot("cams-tiles");
    return [box.clientWidth, box.clientHeight];
  }

  // As many tiles as chosen, but no more than there are cameras (an empty tile helps nobody), or than have room for words.
  function count(cameras) {
    const widest = layar.cameraWallLive.isOn() ? layar.cameraWallLive.mostTiles : Math.max(...layar.cameraGrid.counts);
    const most = chosen === "auto" ? widest : chosen;
    return Math.max(1, Math.min(most, cameras.length, layar.canvas.isClassic() ? Infinity : layar.cameraGrid.mostFor(...size(), rem())));
  }

  const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

  // A wall of panels: tiles are whole parts of a panel, and the first panel is the words'.
  function paneled() {
    const way = layar.canvas.way();
    if (!way || way.classic || way.panels[0] * way.panels[1] < 2) return null;
    return layar.cameraGrid.ofPanels(way.panels, way.bezel * window.innerWidth, [window.innerWidth, window.innerHeight], rem());
  }

  function look() {
    const cameras = wall.cameras();
    const panels = paneled();
    place(panels);
    if (panels) {
      const { cells } = panels;
      const known = { now: layar.time.monotonic(), cameras, cells, cellsBesideAlarm: cells, worst: wall.worst(), rotateS };
      return { known, layout: panels, beside: panels };
    }
    const wanted = count(cameras);
    const { columns, rows } = layar.cameraGrid.choose(wanted, ...size());
    const beside = layar.cameraGrid.withLarge(wanted, ...size());
    const known = {
      now: layar.time.monotonic(), cameras, cells: columns * rows, cellsBesideAlarm: beside.cells, worst: wall.worst(), rotateS,
    };
    return { known, layout: { columns, rows }, beside };
  }

  function place(panels) {
    const [root, bar, box] = ["cams", "cams-bar", "cams-tiles"].map((name) => layar.slot(name) || document.querySelector(`.${name}`));
    root.dataset.paneled = String(Boolean(panels));
    bar.style.width = panels ? `${panels.words[0]}px` : "";
    bar.style.height = panels ? `${panels.words[1]}px` : "";
    box.style.inset = panels ? `${panels.gap / 2}px` : "";
    box.style.gap = panels ? `${panels.gap}px` : "";
  }

  /* -- one step -- */
  function step(turn = null) {
    if (!layar.slot("cams-tiles")) return;
    const { known, layout, beside } = look();
    const before = held.state;
    held.known = known;
    held.state = turn && before ? turn(before, known) : layar.cameraSchedule.next(before, known);
    held.layout = held.state.large === null ? layout : beside;
    held.told = new Map(known.cameras.map((camera) => [camera.key, camera]));
    tiles();
    want();
    ages();
    layar.emit("camera-wall", { state: held.state, known, grid: count(known.cameras) });
  }

  function tiles() {
    const box = layar.slot("cams-tiles");
    const { columns, rows, large } = held.layout;
    box.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
    box.style.gridTemplateRows = `repeat(${rows}, minmax(0, 1fr))`;
    const shown = held.state.shown.map((one) => held.told.get(one)).filter(Boolean);
    layar.keyed(box, shown, (camera) => camera.key, made, (node, camera, place) => {
      layar.cameraTile.say(node, camera);
      const isLarge = camera.key === held.state.large;
      node.dataset.large = String(isLarge);
      const at = held.layout.at ? held.layout.at(place) : null;
      node.style.gridColumn = at ? String(at.column) : isLarge && large ? `1 / span ${large.columns}` : "";
      node.style.gridRow = at ? String(at.row) : isLarge && large ? `1 / span ${large.rows}` : "";
      layar.write(node.querySelector(".camera-alarm"), isLarge ? alarmWords() : "");
    });
  }

  function made(camera) {
    const node = layar.cameraTile.make(camera);
    node.append(layar.element("div", "camera-alarm"));
    const entry = layar.cameraPictures.get(USER, camera.key);
    if (entry) layar.cameraTile.show(node, entry);
    return node;
  }

  function alarmWords() {
    const { worst } = held.known;
    if (!worst || worst.key !== held.state.incident) return "";
    return worst.place ? `${worst.title} · ${worst.place}` : worst.title;
  }

  /* -- pictures -- */
  function want() {
    const isThin = layar.cameraPictures.isThin();
    const box = layar.slot("cams-tiles");
    const list = Array.from(box.children, (node) => {
      const pixels = node.clientWidth * (window.devicePixelRatio || 1);
      const weight = node.dataset.large === "true" ? LARGE_WEIGHT : node.dataset.sees === "true" ? SEES_WEIGHT : 1;
      const everyS = layar.cameraWallLive.stillEveryS(node);
      return { key: node.dataset.key, size: layar.cameraGrid.size(pixels, isThin), everyS, weight };
    });
    const { state, known } = held;
    const left = state.pagedAt + rotateS - known.now;
    const next = left < PREFETCH_S ? layar.cameraSchedule.upcoming(state, known) : [];
    const shown = new Set(state.shown);
    const { size: common } = list[list.length - 1] || { size: "thumb" };
    for (const one of next) if (!shown.has(one)) list.push({ key: one, size: common, weight: PREFETCH_WEIGHT });
    layar.cameraPictures.want(USER, list);
    for (const { key: one } of list) {
      const camera = held.told.get(one);
      layar.cameraPictures.tell(USER, one, { health: camera.health, lastPictureAt: camera.last_picture_at });
    }
  }

  function renew(entry) {
    const node = Array.from(layar.slot("cams-tiles").children).find((one) => one.dataset.key === entry.key);
    if (!node) return;
    layar.cameraTile.show(node, entry);
    age(node, layar.time.now());
  }

  function ages() {
    const now = layar.time.now();
    for (const node of layar.slot("cams-tiles").children) age(node, now);
  }

  function age(node, now) {
    const camera = held.told.get(node.dataset.key);
    const extraS = layar.cameraPictures.isThin() ? layar.cameraPictures.roundS() : 0;
    if (camera) layar.cameraTile.age(node, camera, layar.cameraPictures.get(USER, camera.key), now, extraS);
  }

  /* -- keys -- */
  function key(names, work, words) {
    layar.key(names, (event) => {
      if (layar.cameraLarge.key() !== null) return; // what is opened large has the keys first
      work(event);
      event.preventDefault();
    }, words, "cams");
  }
  key(layar.cameraGrid.counts.map((_, place) => String(place + 1)), (event) => choose(layar.cameraGrid.counts[Number(event.key) - 1]),
    { id: "jumlah petak", en: "how many tiles" });
  key(["0"], () => choose("auto"), { id: "jumlah petak otomatis", en: "as many tiles as fit" });
  key(["ArrowLeft", "ArrowRight"], (event) => turned(event.key === "ArrowRight" ? 1 : -1), { id: "halaman", en: "page" });
  key(["PageUp", "PageDown"], (event) => turned(event.key === "PageDown" ? 1 : -1), { id: "halaman", en: "page" });
  key([" "], () => step((state, known) => layar.cameraSchedule.hold(state, known.now)), { id: "tahan, lalu lanjut lagi", en: "hold, then go on" });
  key(["l"], live, { id: "video langsung", en: "live video" });

  const turned = (by) => step((state, known) => layar.cameraSchedule.turn(state, known, by));

  function choose(grid) {
    chosen = grid;
    remember("grid", grid);
    turned(0);
  }

  function live() {
    remember("live", layar.cameraWallLive.toggle() ? 1 : 0);
    turned(0);
  }

  function remember(name, value) {
    asked.set(name, String(value));
    window.history.replaceState(null, "", `${window.location.pathname}?${asked}`);
  }

  wall.grid = () => ({ ...held.layout, chosen });
})();
