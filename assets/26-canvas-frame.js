/* What a wall in cells lays above its map, told to those who place things on it: panels at its edges, and the gaps between
   the screen's panels, which no word and no sign may lie across. */
(function () {
  "use strict";
  const layar = window.layar;
  const OVER = [".clock", ".wall-status", ".wall-left > .turns", ".wall-scene", ".wall-banners > *"];
  const WORD_PX = 6;
  const AROUND_PX = 40;
  let told = "";

  layar.on("laid", () => layar.guard("frame", tell));
  layar.on("map", () => layar.guard("frame", tell));
  layar.on("second", () => layar.guard("frame", tell));

  function tell() {
    const ground = document.querySelector("#wall .wall-ground.is-placed");
    if (!ground || layar.canvas.isClassic()) return;
    const box = ground.getBoundingClientRect();
    if (!box.width) return;
    const panels = over(box);
    const said = JSON.stringify([panels, box, layar.map.scale()]);
    if (said === told) return;
    told = said;
    const all = { left: 0, top: 0, right: 0, bottom: 0 };
    const wanted = free(panels, box);
    const edges = Object.fromEntries(Object.entries(wanted).map(([side, px]) => [side, px - AROUND_PX + 2 * WORD_PX]));
    layar.view.frame({ free: wanted, seen: all, words: all, edges, panels, seams: seams(box) });
    layar.emit("framed", panels);
  }

  // The boxes that stand on the map, in the map's own pixels.
  function over(ground) {
    const k = layar.map.scale();
    return OVER.flatMap((selector) => Array.from(document.querySelectorAll(`#wall ${selector}`)))
      .filter((node) => !node.hidden && node.checkVisibility())
      .map((node) => node.getBoundingClientRect())
      .filter((box) => box.width && box.left < ground.right && box.right > ground.left && box.top < ground.bottom && box.bottom > ground.top)
      .map((box) => [box.left - ground.left, box.top - ground.top, box.right - ground.left, box.bottom - ground.top].map((side) => side / k));
  }

  // How far in from each edge the map is free: a box counts for the edge from which it takes least.
  function free(panels, ground) {
    const k = layar.map.scale();
    const [wide, high] = [ground.width / k, ground.height / k];
    const found = { left: AROUND_PX, top: AROUND_PX, right: AROUND_PX, bottom: AROUND_PX };
    for (const [left, top, right, bottom] of panels) {
      const costs = { left: right / wide, top: bottom / high, right: (wide - left) / wide, bottom: (high - top) / high };
      const edge = Object.keys(costs).reduce((a, b) => (costs[b] < costs[a] ? b : a));
      const reach = costs[edge] * (edge === "left" || edge === "right" ? wide : high) + AROUND_PX;
      found[edge] = Math.max(found[edge], reach);
    }
    return found;
  }

  function seams(ground) {
    const k = layar.map.scale();
    const { upright, flat } = layar.canvas.seams();
    const [wide, high] = [ground.width / k, ground.height / k];
    return [
      ...upright.map(([from, to]) => [(from - ground.left) / k - WORD_PX, 0, (to - ground.left) / k + WORD_PX, high]),
      ...flat.map(([from, to]) => [0, (from - ground.top) / k - WORD_PX, wide, (to - ground.top) / k + WORD_PX]),
    ];
  }
})();
