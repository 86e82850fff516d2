/* A critical incident that lies outside the view or under a panel still shows: a pill at the border of the map, with its
   title and age, pointing to it. Also while a hand holds the map. A pill stands on no sign, and no sign's word on a pill. */
(function () {
  "use strict";
  const layar = window.layar;
  const AT_MOST = 6;
  const HIGH_PX = 34;
  const GAP_PX = 6;
  const STEP_PX = 10;
  const held = { box: null, isDue: false, boxes: [] };
  layar.edges = { boxes: () => held.boxes };

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
    const signs = layar.map.get().isMoving() ? [] : layar.markers.boxes();
    const pills = [];
    shown.forEach(({ x, y }, place) => {
      const node = held.box.children[place];
      const wide = node.offsetWidth;
      const at = { x: clamp(x - wide / 2, left, right - wide), y: clamp(y - HIGH_PX / 2, top, bottom - HIGH_PX) };
      at.y = free(at, wide, [...signs, ...pills], [top, bottom]) ?? free(at, wide, pills, [top, bottom]) ?? at.y;
      pills.push([at.x, at.y, at.x + wide, at.y + HIGH_PX]);
      node.style.transform = `translate(${at.x.toFixed(1)}px, ${at.y.toFixed(1)}px)`;
      const turn = Math.atan2(y - (at.y + HIGH_PX / 2), x - (at.x + wide / 2));
      node.firstElementChild.style.transform = `rotate(${turn}rad)`;
    });
    tell(pills);
  }

  // The nearest height at which it lies on nothing; null where there is none.
  function free(at, wide, taken, [top, bottom]) {
    const isFree = (y) => y >= top - 1 && y <= bottom - HIGH_PX + 1 && !taken.some((other) => at.x < other[2] + GAP_PX &&
      other[0] < at.x + wide + GAP_PX && y < other[3] + GAP_PX && other[1] < y + HIGH_PX + GAP_PX);
    for (let far = 0; far <= bottom - top; far += STEP_PX) {
      for (const y of [at.y + far, at.y - far]) if (isFree(y)) return y;
    }
    return null;
  }

  // The words beside the signs make room once the pills stand still.
  function tell(pills) {
    const isSame = JSON.stringify(pills) === JSON.stringify(held.boxes);
    held.boxes = pills;
    if (!isSame) layar.emit("edges", pills);
  }

  const clamp = (value, least, most) => Math.max(least, Math.min(most, value));
})();
