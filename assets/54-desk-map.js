/* The desk's map: all cameras in the wall's own signs, a click chooses one. The chosen one is drawn by 55-desk-cone.js. */
(function () {
  "use strict";
  const layar = window.layar;
  const { desk } = layar;
  const { t } = desk;
  const METRES_PER_DEGREE = 111320;
  const ARC_STEPS = 24;
  const CLOSE_PX = 130; // how long the chosen camera's range is on the screen when it is flown to
  const EARTH_M = 40075016.686;
  const WORLD_PX = 512;
  const NEAR_PX = 26;
  const NAMES = "kelurahan-name"; // the layer of dashboard/style.py
  const held = { isFitted: false, of: null, wanted: null };
  const map = (desk.map = {});

  /* -- the plane: metres east and north of a place -- */
  map.offset = function (from, azimuthDeg, metres) {
    const turn = (azimuthDeg * Math.PI) / 180;
    return map.moved(from, metres * Math.sin(turn), metres * Math.cos(turn));
  };

  map.moved = ({ lon, lat }, east, north) => ({
    lon: lon + east / (METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180)),
    lat: lat + north / METRES_PER_DEGREE,
  });

  map.between = function (from, to) {
    const east = (to.lon - from.lon) * METRES_PER_DEGREE * Math.cos((from.lat * Math.PI) / 180);
    const north = (to.lat - from.lat) * METRES_PER_DEGREE;
    const azimuth = ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360;
    return { azimuth, metres: Math.hypot(east, north) };
  };

  map.cone = function (camera) {
    const { azimuth_deg: azimuth, fov_deg: fov, range_m: range } = camera;
    if (azimuth === null || azimuth === undefined) return [];
    const edge = Array.from({ length: ARC_STEPS + 1 }, (_, i) => map.offset(camera, azimuth - fov / 2 + (fov * i) / ARC_STEPS, range));
    return fov >= 360 ? edge : [camera, ...edge];
  };

  /* -- all cameras -- */
  layar.on("desk-map", (glass) => layar.guard("desk map", () => begin(glass)));
  layar.on("map-data", () => desk.isHere && layar.guard("desk map", draw));
  layar.on("desk-cameras", () => layar.guard("desk map", draw));
  layar.on("desk-chosen", (camera) => layar.guard("desk map", () => {
    draw();
    hint();
    const { id } = camera || { id: null };
    if (camera && id !== held.of) map.fly(camera);
    held.of = id;
  }));
  layar.on("desk-draft", () => layar.guard("desk map", hint));
  layar.on("desk-tab", () => layar.guard("desk map", hint));
  layar.on("second", () => desk.isHere && layar.guard("desk map", note));

  function begin(glass) {
    note();
    fade(glass);
    glass.on("move", measure);
    glass.on("moveend", (event) => layar.guard("desk map", () => hold(event)));
    measure();
    glass.on("click", clicked);
    glass.on("mousemove", (event) => { glass.getCanvas().style.cursor = near(event.point) ? "pointer" : ""; });
    const chosen = desk.book.chosen();
    if (chosen) map.fly(chosen);
    else fit();
  }

  // So near that a camera is placed, the name of its kelurahan would lie across what is dragged.
  function fade(glass) {
    if (glass.getLayer(NAMES)) glass.setPaintProperty(NAMES, "text-opacity", ["interpolate", ["linear"], ["zoom"], 13, 1, 14.5, 0.25]);
  }

  function note() {
    const box = desk.part("map-note");
    box.hidden = layar.map.get() !== null;
    if (layar.map.isBroken()) layar.write(box, t`Peta tidak dapat digambar di layar ini. Letak dapat diisi dengan angka.`);
  }

  /* -- what the drawing means, in figures -- */
  const WINDS = [t`utara`, t`timur laut`, t`timur`, t`tenggara`, t`selatan`, t`barat daya`, t`barat`, t`barat laut`];

  function hint() {
    const draft = desk.book.draft();
    const box = desk.part("hint");
    box.hidden = !draft || !desk.part("canvas").hidden;
    if (!draft) return;
    const azimuth = draft.azimuth_deg;
    const towards = azimuth === null ? t`Arah belum diketahui` : t`Arah ${Math.round(azimuth)}° (${WINDS[Math.round(azimuth / 45) % 8]})`;
    const words = t`${towards} · sudut ${Math.round(draft.fov_deg)}° · jangkauan ${Math.round(draft.range_m)} m`;
    layar.write(box, draft.lon === null ? t`Klik di peta untuk meletakkan kamera` : words);
  }

  const BAR_PX = 120;
  function measure() {
    const glass = layar.map.get();
    const metresPerPx = (EARTH_M * Math.cos((glass.getCenter().lat * Math.PI) / 180)) / (WORLD_PX * 2 ** glass.getZoom());
    const ten = 10 ** Math.floor(Math.log10(metresPerPx * BAR_PX));
    const metres = [5, 2, 1].map((k) => k * ten).find((length) => length <= metresPerPx * BAR_PX);
    const bar = desk.part("scale");
    bar.firstElementChild.style.width = `${((metres / metresPerPx) * layar.map.scale()).toFixed(1)}px`;
    layar.write(bar.lastElementChild, metres >= 1000 ? `${metres / 1000} km` : `${metres} m`);
  }

  const isPlaced = (camera) => Number.isFinite(camera.lon) && Number.isFinite(camera.lat);

  function draw() {
    const chosen = desk.book.chosen();
    const others = desk.book.cameras().filter((camera) => isPlaced(camera) && !(chosen && camera.id === chosen.id));
    layar.map.set("cameras", layar.map.collection(others.flatMap(features)));
    if (!held.isFitted && layar.map.get() && desk.book.cameras().length) fit();
  }

  function features(camera) {
    const state = desk.stateOf(camera);
    const properties = { key: camera.id, name: camera.name, shown_as: state === "doubt" ? "late" : state };
    const marker = { type: "Feature", properties: { ...properties, part: "marker" }, geometry: { type: "Point", coordinates: [camera.lon, camera.lat] } };
    const ring = map.cone(camera).map(({ lon, lat }) => [lon, lat]);
    if (!ring.length) return [marker];
    const cone = { type: "Feature", properties: { ...properties, part: "cone" }, geometry: { type: "Polygon", coordinates: [[...ring, ring[0]]] } };
    return [marker, cone];
  }

  /* -- the view -- */
  // Plotly sets the map back to its own first view whenever it lays out anew; a view we chose holds until a hand moves it.
  function see(center, zoom) {
    held.wanted = { center, zoom };
    layar.map.get().jumpTo(held.wanted);
  }

  function hold(event) {
    if (event.originalEvent) held.wanted = null;
    if (!held.wanted) return;
    const glass = layar.map.get();
    const { lng, lat } = glass.getCenter();
    const { center, zoom } = held.wanted;
    const isThere = Math.abs(glass.getZoom() - zoom) < 0.01 && Math.hypot(lng - center[0], lat - center[1]) < 1e-5;
    if (!isThere) glass.jumpTo(held.wanted);
  }

  function fit() {
    const glass = layar.map.get();
    const placed = desk.book.cameras().filter(isPlaced);
    if (!glass || !placed.length) return;
    held.isFitted = true;
    const lons = placed.map((camera) => camera.lon);
    const lats = placed.map((camera) => camera.lat);
    const bounds = [[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]];
    const { center, zoom } = glass.cameraForBounds(bounds, { padding: 60, maxZoom: 15 });
    see([center.lng, center.lat], zoom);
  }

  map.fly = function (camera) {
    const glass = layar.map.get();
    if (!glass || !isPlaced(camera)) return;
    held.isFitted = true;
    const metresPerPx = (camera.range_m || 250) / CLOSE_PX;
    const zoom = Math.log2((EARTH_M * Math.cos((camera.lat * Math.PI) / 180)) / (WORLD_PX * metresPerPx));
    const center = camera.azimuth_deg === null || camera.azimuth_deg === undefined ? camera : map.offset(camera, camera.azimuth_deg, (camera.range_m || 250) * 0.4);
    see([center.lon, center.lat], Math.min(18, Math.max(9, zoom)));
  };

  map.center = function () {
    const glass = layar.map.get();
    if (!glass) return null;
    const { lng, lat } = glass.getCenter();
    return { lon: lng, lat };
  };

  /* -- hands -- */
  function near(point) {
    const glass = layar.map.get();
    let best = null;
    for (const camera of desk.book.cameras()) {
      if (!isPlaced(camera)) continue;
      const at = glass.project([camera.lon, camera.lat]);
      const distance = Math.hypot(at.x - point.x, at.y - point.y);
      if (distance <= NEAR_PX && (!best || distance < best.distance)) best = { camera, distance };
    }
    return best && best.camera;
  }

  function clicked(event) {
    const draft = desk.book.draft();
    if (desk.book.isNew() && (draft.lon === null || draft.lat === null)) {
      desk.book.change({ lon: event.lngLat.lng, lat: event.lngLat.lat });
      return;
    }
    const camera = near(event.point);
    if (camera && camera.id !== (desk.book.chosen() || {}).id) desk.leave(() => desk.book.choose(camera.id));
  }
})();
