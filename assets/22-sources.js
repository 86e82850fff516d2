/* From what the page has been told to what the map shows: hands each layer's things to the map's own sources, at most a
   few times a second and always the newest. */
(function () {
  "use strict";
  const layar = window.layar;
  const FLUSH_MS = 120;
  const DETAIL_MS = 1000;
  const MOST_DETAILED = 1500;
  const LEAST_ACCURACY_M = 25;
  const FILLED_ACCURACY_M = 300;
  const MOST_ACCURACY_M = 3000; // beyond that the place says no more than "somewhere in the city"
  const TRAIL_PARTS = 3;
  const held = {
    waiting: new Set(), timer: null, detailTimer: null, shapes: null, legend: null, icons: null, applied: 0,
    flushedAt: -Infinity,
  };
  const sources = (layar.sources = {
    legend: () => held.legend, icons: () => held.icons, applied: () => held.applied, shapes: () => held.shapes,
  });

  sources.ages = (layer) => (held.legend && held.legend.layers[layer] && held.legend.layers[layer].ages) || null;

  // A page without a map needs no shapes.
  sources.start = function ({ hasMap = true } = {}) {
    const keep = (path, then) =>
      fetch(path)
        .then((response) => (response.ok ? response.json() : Promise.reject(new Error(`${path}: ${response.status}`))))
        .then((body) => layar.guard(path, () => then(body)))
        .catch((error) => {
          layar.complain(path, error);
          setTimeout(() => keep(path, then), 3000);
        });
    if (hasMap) {
      keep("/map/kelurahan.geojson", (body) => {
        held.shapes = body;
        layar.emit("shapes", body);
        flushSoon(["kelurahan"]);
      });
    }
    keep("/map/legend.json", (body) => {
      held.legend = body;
      layar.time.zone = body.time_zone;
      layar.time.label = body.zone_label;
      layar.emit("legend", body);
      flushSoon(layar.picture.layers());
    });
    keep("/map/sprite.json", (body) => {
      held.icons = body;
      layar.emit("icons", body);
      flushSoon(layar.picture.layers());
    });
  };

  // A name nobody drew must not reach the map.
  sources.icon = function (priority, icon) {
    const wanted = `incident-${priority}-${icon}`;
    if (!held.icons || held.icons[wanted]) return wanted;
    const plain = `incident-${priority}-lain`;
    return held.icons[plain] ? plain : "lain";
  };

  layar.on("picture", ({ changed }) => flushSoon(changed));
  layar.on("second", (now) => flushSoon(turned(now)));
  layar.on("map-data", () => flushSoon([...layar.picture.layers(), "kelurahan"]));

  function flushSoon(names) {
    for (const name of names) held.waiting.add(name);
    // the first news is handed on at once; what follows close behind it is gathered
    const since = layar.time.monotonic() * 1000 - held.flushedAt;
    if (held.timer === null) held.timer = setTimeout(flush, Math.max(0, FLUSH_MS - since));
  }

  function flush() {
    held.timer = null;
    held.flushedAt = layar.time.monotonic() * 1000;
    const names = Array.from(held.waiting);
    held.waiting.clear();
    // a map that comes later is handed everything (map-data); lists and tiles do not wait for it
    if (layar.map.get()) {
      for (const name of names) layar.guard(`layer ${name}`, () => hand(name));
      held.applied += 1;
    }
    layar.emit("drawn", new Set(names));
  }

  function hand(name) {
    if (name === "panels") return;
    if (name === "kelurahan") handAreas();
    else if (name === "responders") handResponders();
    else if (name === "blind_spots") layar.tint.hand();
    else layar.map.set(name, layar.map.collection(shown(name)));
  }

  // What says from when or until when it holds is on the map only then.
  const holds = ({ properties: { starts_at: from, expires_at: until } }, now) =>
    !(from > now) && !(typeof until === "number" && until <= now);

  // Layers in which something began or ceased to hold within the last two seconds.
  function turned(now) {
    const isTurn = (at) => typeof at === "number" && at <= now && at > now - 2;
    return layar.picture.layers().filter((name) => name !== "responders" &&
      layar.picture.features(name).some(({ properties: p }) => isTurn(p.expires_at) || isTurn(p.starts_at)));
  }

  function shown(name) {
    const now = layar.time.now();
    const features = layar.picture.features(name).filter((feature) => feature.geometry && holds(feature, now));
    return name === "incidents" ? pinned(features) : features;
  }

  /* The worst few, alone or as a badge of many, are drawn by 24-markers.js above the units; the map itself draws the rest.
     The order is the server's (layers/incidents.py), the same in the list, on the map and beside the cameras. */
  sources.worstFirst = function ({ properties: a }, { properties: b }) {
    const at = a.order.findIndex((value, place) => value !== b.order[place]);
    return at < 0 ? (a.key < b.key ? -1 : 1) : a.order[at] - b.order[at];
  };

  const pinned = (features) => layar.clusters.pin(features.slice().sort(sources.worstFirst));

  // The same things anew, because how they are shown has changed.
  sources.again = (name) => flushSoon([name]);

  function handAreas() {
    if (!held.shapes) return;
    const said = layar.picture.layer("kelurahan");
    const joined = held.shapes.features.map((shape) => {
      const news = said.get(shape.properties.code);
      return news ? { ...shape, properties: { ...shape.properties, ...news[0].properties } } : shape;
    });
    layar.map.set("kelurahan", layar.map.collection(joined));
  }

  function handResponders() {
    layar.glide.set(Array.from(layar.picture.layer("responders").values()), sources.ages("responders"));
    if (held.detailTimer === null) {
      handDetails();
      held.detailTimer = setTimeout(() => {
        held.detailTimer = null;
        layar.guard("details", handDetails);
      }, DETAIL_MS);
    }
  }

  // Names, trails and accuracy: too much to look at, and to compute, once there are thousands.
  function handDetails() {
    const all = Array.from(layar.picture.layer("responders").values());
    const units = all.length > MOST_DETAILED ? [] : all;
    const { collection, set } = layar.map;
    set("responders", collection(units.map(pointOf)));
    set("responders-trail", collection(trailsOf(units.filter((unit) => unit.trail.length > 1 && !isLost(unit)))));
    set("responders-accuracy", collection(circlesOf(units)));
  }

  // Whether a circle says how sure its place is.
  sources.isRough = ({ accuracy }) => accuracy >= LEAST_ACCURACY_M && accuracy <= MOST_ACCURACY_M;

  // Tints never add up: a disc that would lie on a filled one, and a wide one, is an outline only.
  function circlesOf(units) {
    const filled = [];
    const rough = units.filter(sources.isRough);
    return rough.map((unit) => {
      const isFilled = unit.accuracy <= FILLED_ACCURACY_M && !filled.some((other) => touch(unit, other));
      if (isFilled) filled.push(unit);
      return circleOf(unit, isFilled);
    });
  }

  function touch(a, b) {
    const north = (a.lat - b.lat) * 111320;
    const east = (a.lon - b.lon) * 111320 * Math.cos((a.lat * Math.PI) / 180);
    return Math.hypot(north, east) < a.accuracy + b.accuracy;
  }

  function isLost(unit) {
    const ages = sources.ages("responders");
    return ages !== null && layar.time.now() - unit.observedAt > ages.lost_s;
  }

  const properties = (unit) => ({
    key: unit.key, name: unit.name, kind: unit.kind, agency: unit.agency, observed_at: unit.observedAt,
  });

  const pointOf = (unit) => ({
    type: "Feature", id: unit.key, properties: properties(unit),
    geometry: { type: "Point", coordinates: [unit.lon, unit.lat] },
  });

  // One feature per kind and age of the trail: a colour ramp along each of a thousand lines took longer than all the rest.
  function trailsOf(units) {
    const lines = new Map();
    for (const unit of units) {
      for (let part = 0; part < TRAIL_PARTS; part++) {
        const last = unit.trail.length - 1;
        const [from, to] = [part, part + 1].map((end) => Math.round((end * last) / TRAIL_PARTS));
        if (from === to) continue;
        const name = `${unit.kind} ${part}`;
        if (!lines.has(name)) lines.set(name, { kind: unit.kind, fresh: (part + 1) / TRAIL_PARTS, coordinates: [] });
        lines.get(name).coordinates.push(unit.trail.slice(from, to + 1));
      }
    }
    return Array.from(lines.values(), ({ kind, fresh, coordinates }) => ({
      type: "Feature", properties: { kind, fresh }, geometry: { type: "MultiLineString", coordinates },
    }));
  }

  function circleOf(unit, isFilled) {
    const north = unit.accuracy / 111320;
    const east = north / Math.cos((unit.lat * Math.PI) / 180);
    const ring = Array.from({ length: 33 }, (_, i) => {
      const turn = (i * Math.PI) / 16;
      return [unit.lon + east * Math.sin(turn), unit.lat + north * Math.cos(turn)];
    });
    const said = { ...properties(unit), filled: isFilled };
    return { type: "Feature", properties: said, geometry: { type: "Polygon", coordinates: [ring] } };
  }
})();
