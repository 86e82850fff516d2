"""What a browser shows of a wall, as numbers: texts with their lines, grounds and sizes, parts with their boxes."""

from typing import Any

LEAST_CONTRAST = 4.5
LOOK = """() => {
  const rgb = (said) => (said.match(/[\\d.]+/g) || []).map(Number);
  const over = (top, under) => {
    const a = top[3] ?? 1;
    return [0, 1, 2].map((i) => top[i] * a + under[i] * (1 - a));
  };
  const ground = (node) => {
    const layers = [];
    for (let one = node; one; one = one.parentElement) {
      const said = getComputedStyle(one);
      if (said.backgroundImage !== "none") return null;
      const colour = rgb(said.backgroundColor);
      layers.push(colour);
      if ((colour[3] ?? 1) === 1) break;
    }
    return layers.reduceRight((under, top) => over(top, under), [0, 0, 0]);
  };
  const strength = (node) => {
    let found = 1;
    for (let one = node; one; one = one.parentElement) found *= Number(getComputedStyle(one).opacity);
    return found;
  };
  const wall = document.getElementById("wall") || document.getElementById("cams");
  const inside = (node, box, sides) => {
    const found = [...box];
    for (let one = node; one && one !== wall; one = one.parentElement) {
      const said = getComputedStyle(one);
      if (said.overflowX === "visible") continue;
      const { left, top, right, bottom } = one.getBoundingClientRect();
      if (sides.includes("x") && said.textOverflow !== "ellipsis") {
        found[0] = Math.max(found[0], left);
        found[2] = Math.min(found[2], right);
      }
      found[1] = Math.max(found[1], top);
      found[3] = Math.min(found[3], bottom);
    }
    return found;
  };
  const walker = document.createTreeWalker(wall, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const node = walker.currentNode.parentElement;
    if (!text || !node.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const lines = Array.from(range.getClientRects(), (box) => [box.left, box.top, box.right, box.bottom])
      .filter((box) => box[2] - box[0] > 1);
    const said = getComputedStyle(node);
    const colour = rgb(said.color);
    const under = ground(node);
    const alpha = (colour[3] ?? 1) * strength(node);
    texts.push({
      text, lines, cut: lines.map((box) => inside(node, box, "xy")),
      isOnMap: Boolean(node.closest(".wall-map, .map-credit")),
      ink: under && over([...colour.slice(0, 3), alpha], under), under,
      px: parseFloat(said.fontSize) * (node.closest(".wall-map") ? layar.map.scale() : 1),
    });
  }
  const box = (node) => {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    return [left, top, right, bottom];
  };
  return {
    texts, seams: layar.canvas.seams(),
    parts: Array.from(wall.querySelectorAll(".is-placed"))
      .filter((node) => node.checkVisibility() && node.offsetHeight && !node.matches(".wall-banners"))
      .map((node) => ({ name: node.className, box: box(node), isMap: node.matches(".wall-ground") })),
    banner: box(wall.querySelector(".mode")),
    endless: [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
      .map((rule) => (rule.style && rule.style.animation) || "")
      .filter((said) => said.includes("infinite") && !said.includes("maplibregl")),
    quick: document.getAnimations().map((one) => one.effect.getComputedTiming())
      .filter(({ duration, iterations }) => iterations > 1 && duration < 1000 / 3).length,
  };
}"""


def contrast(text: dict[str, Any]) -> float:
    """Of a text that `LOOK` found, with what lies under it."""
    light, dark = sorted((_luminance(text["ink"]), _luminance(text["under"])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: list[float]) -> float:
    parts = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
