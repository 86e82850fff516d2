/* The map goes where the scene is, calmly, unless a hand holds it (23-view.js); and the cameras of the scene come first. */
(function () {
  "use strict";
  const layar = window.layar;
  const INCIDENT = { closest: 13.5, widest: 13 };
  const BUSY = { closest: 13.2, widest: 11.2 };
  const CENTRE = { closest: 13.6, widest: 13.2 };
  const CITY = { closest: 12.35, widest: 9.5 };
  // what the panels of the classic wall leave free below, in the map's own pixels, and how much the scene takes of it
  const BELOW = { free: 300, seen: 248, words: 292 };
  const TAKES = { none: 0, slim: 60, band: 224 };

  // Those that see the incident of the scene, best first, then the others; null while the scene is not of an incident.
  layar.scene.cameras = function () {
    const said = layar.scene.now();
    if (!said || !layar.canvas.tellsScene() || said.kind !== "incident" || !(said.cameras || []).length) return null;
    const all = layar.picture.panels().cameras || [];
    const news = new Map(all.map((camera) => [camera.key, camera]));
    const own = said.cameras.filter(({ key }) => news.has(key)).map((camera) => {
      const { key, sees, verdict, reason, reason_en, distance_m } = camera;
      return { ...news.get(key), sees, verdict, reason, reason_en, distance_m, near: said.incident };
    });
    const taken = new Set(own.map(({ key }) => key));
    return [...own, ...all.filter(({ key }) => !taken.has(key))];
  };

  layar.on("scene", () => layar.guard("scene map", aim));
  for (const news of ["scene-form", "map", "laid"]) layar.on(news, () => layar.guard("scene map", () => frame() || aim()));
  for (const news of ["legend", "shapes", "picture"]) layar.on(news, () => layar.guard("scene map", aim));

  // Only where panels float above the map; elsewhere 26-canvas-frame.js says what they cover.
  function frame() {
    if (!layar.slot("wall") || !layar.canvas.isClassic()) return;
    const takes = TAKES[layar.scene.form()] || 0;
    const below = Object.fromEntries(Object.entries(BELOW).map(([name, bottom]) => [name, { bottom: bottom + takes }]));
    layar.view.frame(below);
    layar.emit("framed", []);
  }

  function aim() {
    const said = layar.scene.now();
    // a map that cannot say why it goes somewhere stays with the open incidents
    if (!said || !layar.slot("wall") || !layar.canvas.tellsScene()) {
      layar.view.aim(null);
      return;
    }
    const wanted = wish(said);
    const at = !wanted ? "" : said.kind === "incident" ? wanted.places[0].key : "there"; // a corrected place is worth a move
    layar.view.aim({ key: [said.id, layar.scene.form(), at].join(" "), ...wanted });
  }

  // Where the map should be for this scene: {places, closest, widest}; nothing leaves it to the open incidents.
  function wish(said) {
    const legend = layar.sources.legend();
    if (!legend) return null;
    if (said.kind === "incident") return of(said.what);
    if (said.kind === "centre") return { places: [place(legend.view)], ...CENTRE };
    if (said.kind === "pressure") return ofAreas(said.areas || []);
    if (said.kind !== "overview") return null;
    const [west, south, east, north] = legend.extent;
    return { places: [place([west, south]), place([east, north])], ...CITY };
  }

  // The busiest kelurahan as a whole.
  function ofAreas(areas) {
    const shapes = layar.sources.shapes();
    const codes = new Set(areas.map(({ code }) => code));
    const corners = shapes ? shapes.features.filter(({ properties }) => codes.has(properties.code)).flatMap(({ geometry }) => geometry.coordinates.flat(Infinity)) : [];
    const places = [];
    for (let i = 0; i + 1 < corners.length; i += 2) places.push(place([corners[i], corners[i + 1]]));
    const bounds = (axis) => [Math.min(...places.map((one) => one[axis])), Math.max(...places.map((one) => one[axis]))];
    if (!places.length) return null;
    const [[west, east], [south, north]] = [bounds("lon"), bounds("lat")];
    return { places: [place([west, south]), place([east, north])], ...BUSY };
  }

  function of(what) {
    const hasPlace = what && what.lon !== null && what.lon !== undefined;
    return hasPlace ? { places: [place([what.lon, what.lat])], ...INCIDENT } : null;
  }

  const place = ([lon, lat]) => ({ key: `${lon} ${lat}`, lon, lat, weight: 1 });
})();
