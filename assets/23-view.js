/* What part of the city is shown. The map never jumps: it moves, calmly, only when the set of open incidents changed, and
   not for 90 s after a hand has moved it. Incidents far from the rest are left to the inset; they never move the map. */
(function () {
  "use strict";
  const layar = window.layar;
  const HAND_S = 90;
  const GLIDE_MS = 2200;
  const WIDEST_ZOOM = 12.35;
  const CLOSEST_ZOOM = 13.6;
  const DESIGN = { wide: 1020, high: 570 };
  const WORTH_ZOOM = 0.45;
  const WORLD_PX = 512;
  const WEIGHTS = { 1: 4, 2: 2.5, 3: 1.3, 4: 1 };
  // what the panels leave free of the map's box of 1920 × 1080
  const FREE = { left: 320, top: 210, right: 580, bottom: 300 };
  // what no panel covers, and what neither a banner nor the note above the cameras may cover
  const SEEN = { left: 318, top: 114, right: 544, bottom: 248 };
  const WORDS = { left: 324, top: 178, right: 550, bottom: 292 };
  const EDGES = { ...WORDS };
  // boxes of what lies above the map, and of the gaps between panels, where a wall says them (26-canvas-frame.js)
  const COVERS = { panels: [], seams: [] };
  const held = { shown: null, handAt: null, reason: "none", moves: 0, isMoving: false, wish: null };
  const view = (layar.view = {
    reason: () => held.reason,
    moves: () => held.moves,
    words: () => rect(EDGES),
  });

  // Another page than the wall leaves other parts of the map's box free; it says so before the map is there.
  view.frame = function ({ free, seen, words, edges = words, panels = [], seams = [] }) {
    Object.assign(EDGES, edges);
    Object.assign(COVERS, { panels, seams });
    Object.assign(FREE, free);
    Object.assign(SEEN, seen);
    Object.assign(WORDS, words);
  };

  // As if a hand had moved the map there.
  view.lookAt = function (center, zoom) {
    const map = layar.map.get();
    if (!map) return;
    touched();
    map.easeTo({ center, zoom: Math.max(zoom, map.getZoom()), duration: layar.isCalm() ? 0 : GLIDE_MS / 2 });
  };

  function rect({ left, top, right, bottom }) {
    const box = layar.map.get().getContainer();
    return [left, top, box.clientWidth - right, box.clientHeight - bottom];
  }

  // Whether a place of the map's box can be seen, and whether a box of words would be.
  view.sees = function (x, y) {
    const [left, top, right, bottom] = rect(SEEN);
    return x >= left && x <= right && y >= top && y <= bottom && !isUnderBanner(x, y) && !meets(COVERS.panels, [x, y, x, y]);
  };

  function isUnderBanner(x, y) {
    const banner = layar.slot("wall-mode");
    if (!banner || banner.hidden) return false;
    const k = layar.map.scale();
    const box = banner.getBoundingClientRect();
    const ground = layar.map.get().getContainer().getBoundingClientRect();
    const [left, top] = [ground.left + x * k, ground.top + y * k];
    return left > box.left && left < box.right && top > box.top && top < box.bottom;
  }

  view.holds = function (box) {
    const [left, top, right, bottom] = rect(WORDS);
    const isInside = box[0] >= left && box[2] <= right && box[1] >= top && box[3] <= bottom;
    return isInside && !meets(COVERS.panels, box) && !meets(COVERS.seams, box);
  };

  const meets = (boxes, [left, top, right, bottom]) =>
    boxes.some((box) => left < box[2] && right > box[0] && top < box[3] && bottom > box[1]);

  // The same place, moved off a gap between two panels that would cut what stands there.
  view.besideGap = function (x, y, half) {
    let at = [x, y];
    for (const box of COVERS.seams) {
      const axis = box[3] - box[1] > box[2] - box[0] ? 0 : 1;
      const [from, to] = [box[axis] - half, box[axis + 2] + half];
      if (at[axis] > from && at[axis] < to) at = at.map((side, i) => (i !== axis ? side : side < (from + to) / 2 ? from : to));
    }
    return at;
  };

  // Seconds until the map may move by itself again; 0 when it may.
  view.lockedFor = function () {
    if (held.handAt === null) return 0;
    return Math.max(0, HAND_S - (layar.time.monotonic() - held.handAt));
  };

  layar.on("map", (map) => {
    map.on("move", (event) => {
      if (event.originalEvent) touched();
    });
    map.on("moveend", () => (held.isMoving = false));
    const box = map.getContainer();
    for (const name of ["wheel", "mousedown", "touchstart", "keydown"]) {
      box.addEventListener(name, touched, { passive: true, capture: true });
    }
  });

  view.touch = () => touched();

  // The hand lets go: the map moves by itself again, at once.
  view.letGo = function () {
    if (held.handAt === null) return;
    held.handAt = null;
    layar.emit("hand", false);
    show("hand-gone", true);
  };

  // What a scene wants seen, {key, places, closest, widest}; without places, or null: the open incidents.
  view.aim = function (wish) {
    if ((held.wish && held.wish.key) === (wish && wish.key)) return;
    held.wish = wish;
    if (layar.picture.cursor() !== null) consider();
  };

  function touched() {
    held.handAt = layar.time.monotonic();
    held.reason = "hand";
    if (held.isMoving) layar.map.get().stop();
    held.isMoving = false;
    layar.emit("hand", true);
  }

  layar.on("drawn", (names) => {
    if (names.has("incidents") || held.shown === null) consider();
  });

  layar.on("second", () => {
    if (held.handAt === null || view.lockedFor() > 0) return;
    held.handAt = null;
    layar.emit("hand", false);
    show("hand-gone", true);
  });

  function consider() {
    if (layar.picture.cursor() === null) return;
    const scene = held.wish ? held.wish.key : "";
    const signature = [scene, ...(own() ? [] : open().map((place) => place.key).sort())].join("\n");
    if (signature === held.shown) return;
    const isFirst = held.shown === null;
    const isNewScene = scene !== (held.shown || "").split("\n")[0];
    held.shown = signature;
    if (view.lockedFor() > 0) return; // shown when the hand is gone
    show(isFirst ? "first" : isNewScene ? "scene" : "incidents", isFirst || isNewScene);
  }

  const own = () => (held.wish && held.wish.places) || null;

  function open() {
    const legend = layar.sources.legend();
    const [west, south, east, north] = legend ? legend.extent : [-180, -90, 180, 90];
    return layar.picture
      .features("incidents")
      .filter((feature) => feature.geometry)
      .map(({ properties, geometry: { coordinates: [lon, lat] } }) => ({
        key: properties.key, lon, lat, weight: WEIGHTS[properties.priority] || 1,
      }))
      .filter(({ lon, lat }) => lon >= west && lon <= east && lat >= south && lat <= north);
  }

  function show(reason, isDue) {
    const map = layar.map.get();
    const legend = layar.sources.legend();
    if (!map || !legend) {
      held.shown = null;
      return;
    }
    const wanted = own() ? target(own(), legend.view, map, held.wish) : target(open(), legend.view, map);
    if (!isDue && isNearEnough(map, wanted)) return;
    held.reason = reason;
    held.moves += 1;
    held.isMoving = true;
    const isStill = reason === "first" || layar.isCalm();
    if (isStill) map.jumpTo(wanted);
    else map.easeTo({ ...wanted, duration: GLIDE_MS });
    layar.emit("moved", reason);
  }

  // A small correction is not worth a moving map: what is asked for is seen already.
  function isNearEnough(map, wanted) {
    const now = map.project(wanted.center);
    const middle = map.project(map.getCenter());
    const off = Math.hypot(now.x - middle.x, now.y - middle.y);
    return off < 120 && Math.abs(map.getZoom() - wanted.zoom) < WORTH_ZOOM;
  }

  /* -- the arithmetic, in world pixels at zoom 0 -- */
  function world(lon, lat) {
    const sine = Math.sin((lat * Math.PI) / 180);
    return [((lon + 180) / 360) * WORLD_PX, (0.5 - (0.25 * Math.log((1 + sine) / (1 - sine))) / Math.PI) * WORLD_PX];
  }

  function unworld(x, y) {
    const lat = (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / WORLD_PX))) * 180) / Math.PI;
    return [(x / WORLD_PX) * 360 - 180, lat];
  }

  function target(places, home, map, { closest = CLOSEST_ZOOM, widest: least = WIDEST_ZOOM } = {}) {
    const box = map.getContainer();
    const wide = box.clientWidth - FREE.left - FREE.right;
    const high = box.clientHeight - FREE.top - FREE.bottom;
    // a small map shows the same part of the city, smaller
    const smaller = Math.min(0, Math.log2(Math.min(wide / DESIGN.wide, high / DESIGN.high)));
    const widest = least + smaller;
    let kept = places.map((place) => ({ ...place, at: world(place.lon, place.lat) }));
    if (!kept.length) kept = [{ at: world(...home), weight: 1 }];
    while (kept.length > 1 && zoomFor(kept, wide, high) < widest) kept = withoutFarthest(kept);
    const [west, north, east, south] = bounds(kept);
    const nothing = places.length ? closest + smaller : widest;
    const zoom = Math.min(nothing, Math.max(widest, zoomFor(kept, wide, high)));
    // the middle of what is free is not the middle of the box
    const scale = 2 ** zoom;
    const x = (west + east) / 2 + (FREE.right - FREE.left) / 2 / scale;
    const y = (north + south) / 2 + (FREE.bottom - FREE.top) / 2 / scale;
    return { center: unworld(x, y), zoom };
  }
  view.target = target;

  function bounds(places) {
    const xs = places.map((place) => place.at[0]);
    const ys = places.map((place) => place.at[1]);
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  }

  function zoomFor(places, wide, high) {
    const [west, north, east, south] = bounds(places);
    return Math.log2(Math.min(wide / Math.max(1e-9, east - west), high / Math.max(1e-9, south - north)));
  }

  // The one that costs most and matters least goes first: far from the middle of gravity, and not grave.
  function withoutFarthest(places) {
    const total = places.reduce((sum, place) => sum + place.weight, 0);
    const middle = [0, 1].map((axis) => places.reduce((sum, place) => sum + place.at[axis] * place.weight, 0) / total);
    const cost = (place) => Math.hypot(place.at[0] - middle[0], place.at[1] - middle[1]) / Math.sqrt(place.weight);
    const worst = places.reduce((a, b) => (cost(b) > cost(a) ? b : a));
    return places.filter((place) => place !== worst);
  }
})();
