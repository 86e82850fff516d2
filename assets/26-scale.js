/* How far a centimetre is, where north is, and whom to name for the map: right at any zoom, turn and tilt, because the map
   itself is asked where places lie. */
(function () {
  "use strict";
  const layar = window.layar;
  const EARTH_M = 6371008.8;
  const WIDEST_BAR_PX = 150;
  const PROBE_PX = 50;
  const NORTH_DEG = 1e-3;
  const STAGES = ".wall-ground, .dvr-map, .desk-stage, .ops-stage, .visitor-ground";
  const radians = (degrees) => (degrees * Math.PI) / 180;
  const scale = (layar.scale = {});

  layar.on("map", (map) => {
    map.on("move", measure);
    measure();
    credit();
  });
  layar.on("resized", measure);
  layar.on("laid", measure);
  layar.on("legend", credit);
  // pages of desks show streets, but no picture of the city
  for (const news of ["desk-map", "ops-map"]) {
    layar.on(news, (map) => {
      fetch("/map/legend.json")
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`legend: ${answer.status}`))))
        .then((legend) => write(map, [legend.credit]))
        .catch((error) => layar.complain("credit", error));
    });
  }
  layar.on("picture", ({ changed }) => {
    if (changed.has("panels")) layar.guard("credit", credit);
  });

  /* -- the scale, across the middle of what no panel covers -- */
  scale.metresPerPx = function (map, [x, y]) {
    const [a, b] = [map.unproject([x - PROBE_PX, y]), map.unproject([x + PROBE_PX, y])];
    const east = radians(b.lng - a.lng) * Math.cos(radians((a.lat + b.lat) / 2));
    return (EARTH_M * Math.hypot(east, radians(b.lat - a.lat))) / (2 * PROBE_PX);
  };

  // Degrees that north lies to the right of straight up.
  scale.north = function (map) {
    const { lng, lat } = map.getCenter();
    const [here, there] = [map.project([lng, lat]), map.project([lng, lat + NORTH_DEG])];
    return (Math.atan2(there.x - here.x, here.y - there.y) * 180) / Math.PI;
  };

  function measure() {
    const map = layar.map.get();
    const bar = layar.slot("wall-scale");
    if (!map || !bar) return;
    const [left, top, right, bottom] = layar.view.words();
    const metresPerPx = scale.metresPerPx(map, [(left + right) / 2, (top + bottom) / 2]);
    const most = metresPerPx * WIDEST_BAR_PX;
    const ten = 10 ** Math.floor(Math.log10(most));
    const metres = [5, 2, 1].map((k) => k * ten).find((length) => length <= most) || ten;
    // the box of the map is scaled as a whole, the bar is not in it
    bar.style.setProperty("--bar", `${(metres / metresPerPx) * layar.map.scale()}px`);
    bar.style.setProperty("--north", `${scale.north(map).toFixed(1)}deg`);
    layar.write(bar.lastElementChild, metres >= 1000 ? `${layar.words.number(metres / 1000)} km` : `${metres} m`);
  }

  /* -- the names: on the map itself, always. The wall names data that comes in by itself in its status bar. -- */
  function credit() {
    const legend = layar.sources.legend();
    if (!legend || !layar.map.get()) return;
    write(layar.map.get(), [legend.credit, ...(layar.slot("wall-status") ? [] : layar.picture.panels().credits || [])]);
  }

  function write(map, names) {
    const stage = map.getContainer().closest(STAGES);
    if (!stage) return;
    const said = names.filter(Boolean).join(" · ");
    const line = stage.querySelector(":scope > .map-credit") || layar.element("div", "map-credit");
    layar.write(line, said);
    if (said && !line.parentElement) stage.append(line);
    if (!said) line.remove();
  }
})();
