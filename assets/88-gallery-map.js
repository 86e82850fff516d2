/* What the gallery shows of the map: the real one, in a small box, and every sign that can stand on it. */
(function () {
  "use strict";
  const layar = window.layar;
  const { gallery } = layar;
  if (!gallery) return;
  const { element } = layar;
  const MAP_MS = 30000;
  const STILL_MS = 3000;
  const CARD_MS = 3000;
  const EDGE = { left: 60, top: 60, right: 60, bottom: 60 };
  const NONE = { left: 0, top: 0, right: 0, bottom: 0 };
  const SIGN_REM = 3;
  const OTHERS = { one: /^unit-(vehicle|volunteer|unknown)$|^camera-ok$/, many: /^(unit|camera)-|^lain$/, late: /^unit-ghost$|^camera-late$/, broken: /^camera-lost$|^lain$/ };

  gallery.book("map", {
    words: { id: "Peta", en: "Map" }, root: "wall", room: "map", enter, leave,
    parts: [
      ["signs", { id: "Tanda: jenis menurut prioritas", en: "Signs: kinds by priority" }, signs],
      ["map", { id: "Peta", en: "Map" }, whole],
      ["legend", { id: "Legenda", en: "Legend" }, gallery.one(".legend")],
      ["inset", { id: "Seluruh kota", en: "The whole city" }, gallery.one(".inset")],
      ["here", { id: "Apa yang ada di sini, dan cincin jangkauan", en: "What is here, and the rings of reach" }, here],
      ["pressure", { id: "Lonjakan: tekanan per kelurahan", en: "Surge: pressure by kelurahan" }, pressure],
    ],
  });

  async function enter() {
    layar.view.frame({ free: EDGE, seen: NONE, words: NONE, panels: [], seams: [] });
    window.dispatchEvent(new Event("resize")); // the box of the map is smaller now
    if (!layar.map.get()) gallery.startMap();
    await gallery.until(() => layar.map.get() !== null, MAP_MS);
  }

  function leave() {
    layar.tools.close("here");
    requestAnimationFrame(() => window.dispatchEvent(new Event("resize")));
  }

  /* -- the map itself -- */
  async function still() {
    const map = layar.map.get();
    if (!map) return;
    let isIdle = false;
    map.once("idle", () => (isIdle = true));
    map.triggerRepaint();
    await gallery.until(() => isIdle, STILL_MS);
    layar.emit("second", layar.time.now());
    await gallery.rest(60); // units are drawn in a frame of their own
  }

  async function whole() {
    await still();
    return gallery.one(".wall-ground")();
  }

  async function here(state) {
    if (!layar.map.get() || !["one", "many"].includes(state)) return [];
    layar.tools.close("here");
    const [incident] = layar.picture.features("incidents").filter(({ geometry }) => geometry).sort(layar.sources.worstFirst);
    const map = layar.map.get();
    if (!incident) return [];
    const point = map.project(incident.geometry.coordinates);
    map.fire("click", { lngLat: map.unproject(point), point });
    await gallery.until(() => layar.tools.has("here"), CARD_MS);
    await still();
    const shot = gallery.copy(gallery.one(".wall-ground")()[0]);
    layar.tools.close("here");
    return [shot];
  }

  async function pressure(state) {
    if (state !== "many" || !layar.map.get()) return [];
    layar.tint.press(true);
    await still();
    const shot = gallery.copy(gallery.one(".wall-ground")()[0]);
    const legend = gallery.copy(gallery.one(".legend")()[0]);
    layar.tint.press(false);
    return [shot, legend];
  }

  /* -- every sign that was drawn for it, beside what it is called -- */
  function signs(state) {
    const icons = Object.keys(layar.sources.icons() || {});
    const ofIncidents = icons.filter((name) => /^incident-\d-/.test(name));
    const shown = state === "many" ? ofIncidents : state === "one" ? ofIncidents.slice(0, 1) : [];
    const others = OTHERS[state] ? icons.filter((name) => OTHERS[state].test(name)) : [];
    const box = element("div", "gallery-signs panel");
    for (const priority of [1, 2, 3, 4]) {
      const own = shown.filter((name) => name.startsWith(`incident-${priority}-`));
      if (own.length) box.append(line(layar.words.priority(priority), own));
    }
    if (others.length) box.append(line(layar.say("lainnya", "others"), others));
    Object.assign(box.dataset, { wide: "1100", high: "0" });
    return box.firstChild ? [box] : [];
  }

  function line(words, names) {
    const row = element("div", "gallery-signs-row");
    row.append(element("b", "", words), ...names.map((name) => {
      const icon = element("i");
      layar.icon(icon, name, SIGN_REM, "rem");
      return icon;
    }));
    return row;
  }
})();
