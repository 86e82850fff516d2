/* What this page has been told: things per layer, and the panels. Applies the live message of docs/architecture.md and
   draws nothing. */
(function () {
  "use strict";
  const layar = window.layar;
  const TRAIL_PLACES = 12;
  const MICRO = 1e-6;
  const held = { cursor: null, build: null, mode: null, layers: new Map(), panels: {}, changed: new Set() };
  const picture = (layar.picture = {});

  picture.cursor = () => held.cursor;
  picture.mode = () => held.mode;
  picture.panels = () => held.panels;
  picture.isForVisitors = () => held.panels.audience === "visitor";
  picture.layer = (name) => held.layers.get(name) || new Map();
  picture.layers = () => Array.from(held.layers.keys());
  picture.features = (name) => Array.from(picture.layer(name).values()).flat();

  // Takes one message. False: it does not follow what is held, so the whole picture must be asked for.
  picture.apply = function (message) {
    if (message.from !== null && message.from !== held.cursor) return false;
    const changed = new Set(Object.keys(message.layers || {}));
    if (message.from === null) {
      for (const name of held.layers.keys()) changed.add(name);
      held.layers = new Map();
    }
    for (const [name, part] of Object.entries(message.layers || {})) take(name, part);
    if (message.panels) {
      held.panels = message.panels;
      changed.add("panels");
    }
    held.cursor = message.cursor;
    held.mode = message.mode;
    layar.emit("picture", { changed, isWhole: message.from === null });
    return true;
  };

  // The same picture once more, for those who now write it in other words or colours.
  picture.again = function () {
    if (held.cursor !== null) layar.emit("picture", { changed: new Set([...held.layers.keys(), "panels"]), isWhole: false });
  };

  picture.forget = function () {
    held.cursor = null;
  };

  function take(name, part) {
    if (!held.layers.has(name)) held.layers.set(name, new Map());
    const things = held.layers.get(name);
    for (const key of part.drop || []) things.delete(key);
    if (part.columns) takeColumns(things, part.columns);
    else takeFeatures(things, part.set || []);
  }

  // A thing may have several features (a camera: marker and cone); those told now replace all it had.
  function takeFeatures(things, features) {
    const fresh = new Map();
    for (const feature of features) {
      const key = feature.properties.key;
      if (!fresh.has(key)) fresh.set(key, []);
      fresh.get(key).push(feature);
    }
    for (const [key, list] of fresh) things.set(key, list);
  }

  function takeColumns(things, table) {
    const keys = table.key || [];
    for (let row = 0; row < keys.length; row++) {
      const before = things.get(keys[row]);
      const unit = {
        key: keys[row],
        name: table.name[row],
        kind: table.kind[row],
        agency: table.agency[row],
        lon: table.lon[row] * MICRO,
        lat: table.lat[row] * MICRO,
        heading: table.heading[row],
        accuracy: table.accuracy[row],
        observedAt: table.observed_at[row],
        before: before ? before.observedAt : null,
      };
      unit.trail = table.trail ? unpacked(table.trail[row]) : grown(before, unit);
      things.set(unit.key, unit);
    }
  }

  function unpacked(flat) {
    const trail = [];
    for (let i = 0; i + 1 < flat.length; i += 2) trail.push([flat[i] * MICRO, flat[i + 1] * MICRO]);
    return trail;
  }

  function grown(before, unit) {
    const trail = before ? before.trail : [];
    const last = trail[trail.length - 1];
    if (last && last[0] === unit.lon && last[1] === unit.lat) return trail;
    // nobody keeps the unit of before: a copy of ten thousand trails a second would be thrown away at once
    trail.push([unit.lon, unit.lat]);
    if (trail.length > TRAIL_PLACES) trail.shift();
    return trail;
  }
})();
