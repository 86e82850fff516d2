/* What the signs mean, how far a centimetre is, and where the shapes come from. */
(function () {
  "use strict";
  const layar = window.layar;
  const ROWS = [["incidents", ""], ["responders", ""], ["cameras", ""]];
  let built = false; // for visitors: they see no responders
  const EARTH_M = 40075016.686;
  const WORLD_PX = 512;
  const WIDEST_BAR_PX = 150;

  layar.on("legend", build);
  layar.on("legend", credit);
  layar.on("icons", build);
  layar.on("tint", build);
  layar.onLang(build);
  layar.onTheme(build);
  layar.on("picture", () => {
    if (layar.picture.isForVisitors() !== built) build();
  });
  layar.on("map", (map) => {
    map.on("move", measure);
    measure();
  });

  function build() {
    const legend = layar.sources.legend();
    const box = layar.slot("wall-legend-marks");
    if (!legend || !box || !layar.sources.icons()) return;
    box.replaceChildren();
    const isForVisitors = layar.picture.isForVisitors();
    built = isForVisitors;
    for (const [name] of ROWS) if (legend.layers[name] && !(isForVisitors && name === "responders")) box.append(row(legend.layers[name].marks));
    const isTinted = layar.tint.isOn() && legend.layers.blind_spots;
    if (isTinted) box.append(ramp(legend.layers.blind_spots.marks, layar.say("bagian yang terlihat kamera sekarang", "part that cameras see now")));
    else if (legend.layers.kelurahan) box.append(ramp(legend.layers.kelurahan.marks, layar.say("kejadian terbuka per kelurahan", "open incidents by kelurahan")));
    layar.slot("wall-approximate").hidden = !legend.approximate;
  }

  // Whose streets these are stands on the map itself, always.
  function credit({ credit: said }) {
    const wall = layar.slot("wall");
    if (!wall || !said || wall.querySelector(".map-credit")) return;
    wall.append(layar.element("div", "map-credit", said));
  }

  function row(marks) {
    const line = layar.element("div", "legend-row");
    for (const mark of marks) {
      const item = layar.element("span", "legend-mark");
      const icon = layar.element("i", "legend-icon");
      if (mark.icon) layar.icon(icon, mark.icon, 1.75, "rem");
      item.append(icon, layar.element("span", "", layar.say(mark.words)));
      line.append(item);
    }
    return line;
  }

  function ramp(marks, caption) {
    const line = layar.element("div", "legend-ramp");
    line.append(layar.element("span", "legend-caption", caption));
    for (const mark of marks) {
      const step = layar.element("span", "legend-step");
      const colour = layar.element("i");
      colour.style.background = `var(${mark.token})`;
      step.append(colour, layar.element("span", "", layar.say(mark.words)));
      line.append(step);
    }
    return line;
  }

  function measure() {
    const map = layar.map.get();
    const bar = layar.slot("wall-scale");
    if (!bar) return;
    const { lat } = map.getCenter();
    const metresPerPx = (EARTH_M * Math.cos((lat * Math.PI) / 180)) / (WORLD_PX * 2 ** map.getZoom());
    const most = metresPerPx * WIDEST_BAR_PX;
    const ten = 10 ** Math.floor(Math.log10(most));
    const metres = [5, 2, 1].map((k) => k * ten).find((length) => length <= most) || ten;
    bar.style.setProperty("--bar", `${metres / metresPerPx / 16}rem`);
    layar.write(bar.lastElementChild, metres >= 1000 ? `${metres / 1000} km` : `${metres} m`);
  }
})();
