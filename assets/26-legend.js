/* What the signs mean: only those that are on the map just now, of layers that are on. Where they need more room than there
   is, whole rows take turns, so that nothing is cut (a wall in cells has 29-canvas-turns.js for that). */
(function () {
  "use strict";
  const layar = window.layar;
  const { say } = layar;
  const FIRST = ["incidents", "responders", "cameras"];
  const GROUNDS = ["kelurahan", "blind_spots"];
  const REBUILD_MS = 2000;
  const DWELL_S = 12;
  const held = { said: "", timer: null, from: 0, to: 0, wasSeen: false, turn: null };

  for (const name of ["legend", "icons", "tint", "layers"]) layar.on(name, () => build());
  layar.onLang(() => build());
  layar.onTheme(() => build());
  layar.on("laid", () => build(true));
  layar.on("resized", () => build(true));
  // what there is to show changes slowly; the news come many times a second
  layar.on("drawn", () => {
    if (held.timer !== null) return;
    held.timer = setTimeout(() => {
      held.timer = null;
      layar.guard("legend", build);
    }, REBUILD_MS);
  });

  /* -- which signs -- */
  // All signs of units in one pass: there may be ten thousand.
  function unitsThere() {
    const ages = layar.sources.ages("responders");
    const lostBefore = ages === null ? -Infinity : layar.time.now() - ages.lost_s;
    const there = new Set();
    for (const unit of layar.picture.layer("responders").values()) {
      there.add(unit.kind === "vehicle" || unit.kind === "volunteer" ? `unit-${unit.kind}` : "unit-unknown");
      if (unit.observedAt < lostBefore) there.add("unit-ghost");
      if (layar.sources.isRough(unit)) there.add("unit-accuracy");
    }
    return ({ icon }) => there.has(icon);
  }

  const some = (name, isThere) => layar.picture.features(name).some(({ properties, geometry }) => geometry && isThere(properties));

  function isIncidentThere({ icon }) {
    const priority = Number(icon.split("-")[1]);
    return !(layar.tint.isPressure() && priority > 1) && some("incidents", (said) => said.priority === priority);
  }

  const isCameraThere = ({ icon }) => (icon === "camera-view"
    ? some("cameras", (said) => said.part === "cone")
    : some("cameras", (said) => said.part === "marker" && `camera-${said.shown_as}` === icon));

  const THERE = { incidents: () => isIncidentThere, responders: unitsThere, cameras: () => isCameraThere };

  const marksOf = (name, { marks }) => (THERE[name] ? marks.filter(THERE[name]()) : some(name, () => true) ? marks : []);

  // Every row of signs: the same things in the order in which a room asks for them.
  function rows(legend) {
    const style = layar.map.get() && layar.map.get().getStyle(); // none while the map takes a new one
    const drawn = new Set(style ? style.layers.map((layer) => layer.source) : []);
    const isShown = (name) => legend.layers[name] && layar.layers.isOn(name) && !(name === "responders" && layar.picture.isForVisitors());
    const others = Object.keys(legend.layers).filter((name) => drawn.has(name) && !FIRST.includes(name) && !GROUNDS.includes(name));
    const first = FIRST.filter(isShown).map((name) => ({ name, marks: marksOf(name, legend.layers[name]) }));
    const more = others.filter(isShown).flatMap((name) => marksOf(name, legend.layers[name]).map((mark) => ({ ...mark, shape: shapeOf(name) })));
    return [...first, { name: "more", marks: more }].filter(({ marks }) => marks.length);
  }

  // As the map draws it first: a face, a dot or a line.
  const shapeOf = (name) => layar.map.get().getStyle().layers.find((layer) => layer.source === name).type;

  /* -- building -- */
  function build(isAnew = false) {
    const legend = layar.sources.legend();
    const box = layar.slot("wall-legend-marks");
    if (!legend || !box || !layar.sources.icons()) return;
    const signs = rows(legend);
    const said = JSON.stringify([signs, ground(legend), layar.lang(), layar.theme(), layar.picture.isForVisitors()]);
    layar.slot("wall-approximate").hidden = !legend.approximate;
    if (said === held.said && !isAnew) return;
    held.said = said;
    box.replaceChildren(...signs.map(({ marks }) => row(marks)), ...ramps(legend));
    Object.assign(held, { from: 0, to: 0 });
    fit();
    layar.emit("legend-built", box);
  }

  function ground(legend) {
    if (layar.tint.isOn() && legend.layers.blind_spots) return "blind_spots";
    if (!legend.layers.kelurahan || !layar.layers.isOn("kelurahan")) return null;
    return layar.tint.isPressure() ? "pressure" : "kelurahan";
  }

  const PRESSURES = [["nihil", "none"], ["rendah", "low"], ["sedang", "medium"], ["tinggi", "high"], ["puncak", "peak"]];

  function ramps(legend) {
    const what = ground(legend);
    if (what === null) return [];
    const { marks } = legend.layers[what === "blind_spots" ? what : "kelurahan"];
    if (what === "blind_spots") return [ramp(marks, say("bagian yang terlihat kamera sekarang", "part that cameras see now"))];
    if (what === "kelurahan") return [ramp(marks, say("kejadian terbuka per kelurahan", "open incidents by kelurahan"))];
    const steps = PRESSURES.map(([id, en], place) => ({ words: { id, en }, token: marks[place].token }));
    return [ramp(steps, say("Lonjakan: tekanan per kelurahan; angka: kejadian terbuka", "Surge: pressure by kelurahan; number: open incidents"))];
  }

  function row(marks) {
    const line = layar.element("div", "legend-row");
    for (const mark of marks) {
      const item = layar.element("span", "legend-mark");
      const icon = layar.element("i", `legend-icon ${mark.icon ? "" : `legend-${mark.shape}`}`);
      if (mark.icon) layar.icon(icon, mark.icon, 1.75, "rem");
      else icon.style.setProperty("--sign", `var(${mark.token})`);
      item.append(icon, layar.element("span", "", say(mark.words)));
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
      step.append(colour, layar.element("span", "", say(mark.words)));
      line.append(step);
    }
    return line;
  }

  /* -- turns: the colours and the scale always stay -- */
  function fit() {
    const box = layar.slot("wall-legend-marks");
    if (!box || !layar.canvas.isClassic()) return;
    const turns = box.closest(".turns");
    const lines = Array.from(box.querySelectorAll(":scope > .legend-row"));
    const only = (from, to) => lines.forEach((line, place) => line.classList.toggle("is-waiting", place < from || place >= to));
    const isOver = () => box.parentElement.offsetHeight > turns.clientHeight + 1;
    if (held.from >= lines.length) held.from = 0;
    held.to = lines.length;
    for (only(held.from, held.to); held.to > held.from + 1 && isOver(); only(held.from, held.to)) held.to -= 1;
    held.count = lines.length;
  }

  layar.on("second", (now) => {
    const box = layar.slot("wall-legend-marks");
    if (!box || !layar.canvas.isClassic()) return;
    const isSeen = !box.closest(".turns").classList.contains("is-told");
    const isDue = isSeen && (!held.wasSeen || now - held.turn >= DWELL_S);
    held.wasSeen = isSeen;
    if (!isDue) return;
    held.turn = now;
    held.from = held.to < held.count ? held.to : 0;
    layar.guard("legend", fit);
  });
})();
