/* A critical incident that lies outside the view or under a panel still shows: a pill at the border of the map, with its
   title and age, pointing to it. Also while a hand holds the map. */
(function () {
  "use strict";
  const layar = window.layar;
  const AT_MOST = 6;
  const HIGH_PX = 34;
  const GAP_PX = 6;
  const held = { box: null, isDue: false };

  layar.on("map", (map) => {
    held.box = layar.element("div", "edges");
    map.getCanvasContainer().appendChild(held.box);
    map.on("move", soon);
    map.on("resize", soon);
  });
  layar.on("drawn", (names) => {
    if (names.has("incidents")) soon();
  });
  layar.on("second", soon);

  function soon() {
    if (held.isDue || !held.box) return;
    held.isDue = true;
    setTimeout(() => {
      held.isDue = false;
      layar.guard("edges", refresh);
    }, 60);
  }

  function refresh() {
    const hidden = layar.picture.features("incidents")
      .filter((feature) => feature.geometry && feature.properties.priority === 1)
      .map((feature) => ({ feature, ...layar.map.get().project(feature.geometry.coordinates) }))
      .filter(({ x, y }) => !layar.view.sees(x, y))
      .sort((a, b) => layar.sources.worstFirst(a.feature, b.feature));
    const shown = hidden.slice(0, AT_MOST);
    const more = hidden.length - shown.length;
    layar.keyed(held.box, shown, ({ feature }) => feature.properties.key, make, (node, item, place) =>
      update(node, item, more > 0 && place === shown.length - 1 ? ` · +${more} ${layar.words.priority(1)}` : ""));
    lay(shown);
  }

  function make() {
    const node = layar.element("div", "edge");
    node.append(layar.element("i"), layar.element("b"), layar.element("em"));
    return node;
  }

  function update(node, { feature: { properties: said } }, more) {
    const [, title, age] = node.children;
    layar.write(title, layar.told(said, "title"));
    layar.write(age, layar.words.since(said.reported_at || said.observed_at) + more);
  }

  // Each where the line to its place leaves the map; the later one moves down, or up where there is no room below.
  function lay(shown) {
    const [left, top, right, bottom] = layar.view.words();
    const taken = [];
    shown.forEach(({ x, y }, place) => {
      const node = held.box.children[place];
      const wide = node.offsetWidth;
      const at = { x: clamp(x - wide / 2, left, right - wide), y: clamp(y - HIGH_PX / 2, top, bottom - HIGH_PX) };
      const isTaken = () => taken.some((other) => Math.abs(other.y - at.y) < HIGH_PX + GAP_PX &&
        at.x < other.x + other.wide + GAP_PX && other.x < at.x + wide + GAP_PX);
      const step = at.y > (top + bottom) / 2 ? -1 : 1;
      while (isTaken() && at.y > top - HIGH_PX && at.y < bottom) at.y += step * (HIGH_PX + GAP_PX);
      taken.push({ ...at, wide });
      node.style.transform = `translate(${at.x.toFixed(1)}px, ${at.y.toFixed(1)}px)`;
      const turn = Math.atan2(y - (at.y + HIGH_PX / 2), x - (at.x + wide / 2));
      node.firstElementChild.style.transform = `rotate(${turn}rad)`;
    });
  }

  const clamp = (value, least, most) => Math.max(least, Math.min(most, value));
})();
