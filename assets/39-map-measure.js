/* Measuring on the map: the key M, then clicks. The way along them, and what they enclose, over the round earth. */
(function () {
  "use strict";
  const layar = window.layar;
  const NAME = "measure";
  const EARTH_M = 6371008.8;
  const held = { points: [], body: null, canvas: null };
  const measure = (layar.measure = { isOn: () => layar.tools.has(NAME) });
  const radians = (degrees) => (degrees * Math.PI) / 180;

  layar.key("m", () => {
    if (measure.isOn()) layar.tools.close(NAME);
    else if (layar.tools.isUsable()) start();
  }, { id: "ukur jarak dan luas", en: "measure distance and area" }, "wall");
  layar.key("Backspace", () => {
    if (!measure.isOn()) return;
    held.points.pop();
    show();
  }, { id: "hapus titik ukur terakhir", en: "take the last point back" }, "wall");

  layar.on("map", (map) => map.on("click", ({ lngLat }) => {
    if (!measure.isOn()) return;
    held.points.push([lngLat.lng, lngLat.lat]);
    show();
  }));
  layar.onLang(() => measure.isOn() && show());

  function start() {
    layar.view.touch();
    held.points = [];
    held.body = layar.tools.card(NAME, { id: "Mengukur", en: "Measuring" }, stop);
    held.canvas = layar.map.get().getCanvas();
    held.canvas.style.cursor = "crosshair";
    show();
  }

  function stop() {
    held.canvas.style.cursor = "";
    held.points = [];
    layar.tools.draw("tools-measure", []);
  }

  function show() {
    const { points, body } = held;
    const { feature, draw } = layar.tools;
    const dots = points.map((point) => feature("Point", point));
    const line = points.length > 1 ? [feature("LineString", points)] : [];
    const face = points.length > 2 ? [feature("Polygon", [[...points, points[0]]])] : [];
    draw("tools-measure", [...face, ...line, ...dots]);
    const rows = [row(layar.say("jarak", "distance"), points.length > 1 ? measure.length(measure.along(points)) : "–")];
    if (points.length > 2) {
      rows.push(row(layar.say("keliling", "all round"), measure.length(measure.along([...points, points[0]]))));
      rows.push(row(layar.say("luas", "area"), measure.surface(measure.area(points))));
    }
    const help = layar.say("Klik titik-titik di peta.", "Click points on the map.");
    body.replaceChildren(...rows, layar.element("p", "map-tool-help", points.length > 1 ? "" : help));
  }

  function row(label, value) {
    const line = layar.element("div", "map-tool-row");
    line.append(layar.element("span", "", label), layar.element("b", "", value));
    return line;
  }

  /* -- the arithmetic -- */
  measure.along = (points) => points.slice(1).reduce((sum, point, i) => sum + between(points[i], point), 0);

  function between([lonA, latA], [lonB, latB]) {
    const chord = Math.sin(radians(latB - latA) / 2) ** 2 +
      Math.cos(radians(latA)) * Math.cos(radians(latB)) * Math.sin(radians(lonB - lonA) / 2) ** 2;
    return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(chord)));
  }

  measure.area = function (points) {
    const sum = points.reduce((total, [lon, lat], i) => {
      const [nextLon, nextLat] = points[(i + 1) % points.length];
      return total + radians(nextLon - lon) * (2 + Math.sin(radians(lat)) + Math.sin(radians(nextLat)));
    }, 0);
    return Math.abs((sum * EARTH_M * EARTH_M) / 2);
  };

  measure.length = function (metres) {
    if (metres < 999.5) return `${Math.round(metres)} m`;
    return `${layar.words.decimal(metres / 1000, metres < 99950 ? 1 : 0)} km`;
  };

  measure.surface = function (metres) {
    if (metres < 9999.5) return `${layar.words.number(metres)} m²`;
    if (metres < 999500) return `${layar.words.decimal(metres / 1e4, 1)} ha`;
    return `${layar.words.decimal(metres / 1e6, 1)} km²`;
  };
})();
