/* The whole city in a corner: where the map is looking, and every open incident, also those outside the view. */
(function () {
  "use strict";
  const layar = window.layar;
  const DENSITY = 2;
  const held = { canvas: null, ground: null, fit: null, isDue: false };

  layar.on("shapes", () => layar.guard("inset", paintGround));
  layar.on("map", (map) => map.on("move", soon));
  layar.on("drawn", soon);
  layar.on("resized", () => layar.guard("inset", paintGround));
  layar.onTheme(() => layar.guard("inset", paintGround));

  function soon() {
    if (held.isDue) return;
    held.isDue = true;
    setTimeout(() => {
      held.isDue = false;
      layar.guard("inset", paint);
    }, 60);
  }

  function mercatorY(lat) {
    const sine = Math.sin((lat * Math.PI) / 180);
    return (-0.25 * Math.log((1 + sine) / (1 - sine)) * 360) / Math.PI;
  }

  function prepare(shapes) {
    const box = layar.slot("wall-inset");
    if (!box) return null;
    if (!held.canvas) box.append((held.canvas = layar.element("canvas")));
    const wide = box.clientWidth * DENSITY;
    const high = box.clientHeight * DENSITY;
    if (!wide || !high) return null; // a screen without an inset
    Object.assign(held.canvas, { width: wide, height: high });
    const places = shapes.features.flatMap((shape) => rings(shape.geometry).flat());
    const xs = places.map((place) => place[0]);
    const ys = places.map((place) => mercatorY(place[1]));
    const [west, east, north, south] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const k = Math.min(wide / (east - west), high / (south - north)) * 0.94;
    const left = (wide - (east - west) * k) / 2;
    const top = (high - (south - north) * k) / 2;
    held.fit = (lon, lat) => [left + (lon - west) * k, top + (mercatorY(lat) - north) * k];
    return held.canvas;
  }

  const rings = (geometry) => (geometry.type === "MultiPolygon" ? geometry.coordinates.flat() : geometry.coordinates);

  function trace(context, ring) {
    ring.forEach((place, i) => context[i ? "lineTo" : "moveTo"](...held.fit(place[0], place[1])));
  }

  function paintGround() {
    const shapes = layar.sources.shapes();
    const canvas = shapes && prepare(shapes);
    if (!canvas) return;
    held.ground = document.createElement("canvas");
    Object.assign(held.ground, { width: canvas.width, height: canvas.height });
    const context = held.ground.getContext("2d");
    context.beginPath();
    for (const shape of shapes.features) for (const ring of rings(shape.geometry)) trace(context, ring);
    context.fillStyle = layar.token("--pressure-1");
    context.fill("evenodd");
    context.strokeStyle = layar.token("--boundary");
    context.globalAlpha = 0.55;
    context.lineWidth = 1;
    context.stroke();
    paint();
  }

  function paint() {
    if (!held.ground) return;
    const context = held.canvas.getContext("2d");
    context.clearRect(0, 0, held.canvas.width, held.canvas.height);
    context.drawImage(held.ground, 0, 0);
    paintView(context);
    const worstLast = layar.picture.features("incidents").filter((f) => f.geometry).sort(layar.sources.worstFirst).reverse();
    for (const incident of worstLast) dot(context, incident);
  }

  function dot(context, { properties, geometry }) {
    const [x, y] = held.fit(...geometry.coordinates);
    const size = (properties.priority === 1 ? 4 : 3) * (held.canvas.width / 400);
    context.beginPath();
    context.arc(x, y, size * 1.9, 0, 7);
    context.fillStyle = layar.token("--night");
    context.fill();
    context.beginPath();
    context.arc(x, y, size * 1.3, 0, 7);
    context.fillStyle = layar.token(`--priority-${properties.priority}`);
    context.fill();
  }

  function paintView(context) {
    const map = layar.map.get();
    if (!map) return;
    const bounds = map.getBounds();
    const [x0, y0] = held.fit(bounds.getWest(), bounds.getNorth());
    const [x1, y1] = held.fit(bounds.getEast(), bounds.getSouth());
    context.strokeStyle = layar.token("--inset-frame");
    context.fillStyle = layar.token("--inset-frame");
    context.lineWidth = 3;
    context.strokeRect(x0, y0, x1 - x0, y1 - y0);
    context.globalAlpha = 0.07;
    context.fillRect(x0, y0, x1 - x0, y1 - y0);
    context.globalAlpha = 1;
  }
})();
