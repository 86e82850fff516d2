/* What hands do with the map beside moving it: the cards of 39-map-*.js stand in one stack, Esc takes the newest away, and
   all go when the hand has been gone as long as the view waits for it. The shapes they draw lie in sources of their own. */
(function () {
  "use strict";
  const layar = window.layar;
  const GLIDE_MS = 1100;
  const held = { box: null, cards: new Map(), shapes: new Map() };
  const tools = (layar.tools = {});

  layar.whenBuilt("wall", (wall) => {
    held.box = layar.element("div", "map-tools");
    wall.querySelector(".wall-ground").append(held.box); // the part of a wall in cells that is the map's
  });

  // Visitors are told nothing of places; without a map there is nothing to point at.
  tools.isUsable = () => held.box !== null && layar.map.get() !== null && !layar.picture.isForVisitors();

  // An empty card with its title; `gone()` when somebody takes it away.
  tools.card = function (name, title, gone = () => {}) {
    tools.close(name);
    const card = layar.element("section", `map-tool map-tool-${name} panel`);
    const head = layar.element("header", "map-tool-head");
    head.append(layar.said("h2", "map-tool-title", title), layar.element("kbd", "", "Esc"));
    const body = layar.element("div", "map-tool-body");
    card.append(head, body);
    held.box.append(card);
    held.cards.set(name, { card, gone });
    return body;
  };

  tools.has = (name) => held.cards.has(name);

  tools.close = function (name) {
    const open = held.cards.get(name);
    if (!open) return;
    held.cards.delete(name);
    open.card.remove();
    layar.guard(name, open.gone);
  };

  document.addEventListener("keydown", (event) => {
    const newest = Array.from(held.cards.keys()).pop();
    if (event.key === "Escape" && newest) tools.close(newest);
  });
  layar.on("hand", (isThere) => {
    if (!isThere) for (const name of Array.from(held.cards.keys())) tools.close(name);
  });

  // To a place, which then stands in the middle of what no panel covers.
  tools.go = function (lon, lat, zoom) {
    const map = layar.map.get();
    const [left, top, right, bottom] = layar.view.words();
    const box = map.getContainer();
    layar.view.touch();
    map.easeTo({
      center: [lon, lat], zoom, duration: layar.isCalm() ? 0 : GLIDE_MS,
      offset: [(left + right - box.clientWidth) / 2, (top + bottom - box.clientHeight) / 2],
    });
  };

  // Shapes stay when the canvas was lost and came back.
  tools.draw = function (source, features) {
    held.shapes.set(source, features);
    layar.map.set(source, layar.map.collection(features));
  };
  layar.on("map-data", () => {
    for (const [source, features] of held.shapes) layar.map.set(source, layar.map.collection(features));
  });

  tools.feature = (type, coordinates, properties = {}) => ({ type: "Feature", properties, geometry: { type, coordinates } });

  tools.ring = function (lon, lat, metres) {
    const north = metres / 111320;
    const east = north / Math.cos((lat * Math.PI) / 180);
    return Array.from({ length: 97 }, (_, i) => [lon + east * Math.sin((i * Math.PI) / 48), lat + north * Math.cos((i * Math.PI) / 48)]);
  };
})();
