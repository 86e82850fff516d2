"""What a browser shows of any page, as numbers: its texts with their inks and grounds, and which of them stand out."""

from typing import Any

from tests.e2e.wall_look import LEAST_CONTRAST, contrast

TEXTS = """(root) => {
  const rgb = (said) => (said.match(/[\\d.]+/g) || []).map(Number);
  const over = (top, under) => {
    const a = top[3] ?? 1;
    return [0, 1, 2].map((i) => top[i] * a + under[i] * (1 - a));
  };
  const ground = (node) => {
    const layers = [];
    for (let one = node; one; one = one.parentElement) {
      const said = getComputedStyle(one);
      if (said.backgroundImage !== "none") return null; // a picture or a pattern: its plate is measured by its tokens
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
  const walker = document.createTreeWalker(document.querySelector(root), NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const node = walker.currentNode.parentElement;
    if (!text || !node.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
    const under = ground(node);
    const said = getComputedStyle(node);
    const colour = rgb(said.color);
    const alpha = (colour[3] ?? 1) * strength(node);
    const isPlain = under !== null && !node.matches(":disabled, :disabled *");
    found.push({ text, ink: isPlain && over([...colour.slice(0, 3), alpha], under), under, name: node.className,
      px: parseFloat(said.fontSize) * (node.closest(".wall-map") && window.layar ? layar.map.scale() : 1) });
  }
  return found;
}"""


def texts(page: Any, root: str = "body") -> list[dict[str, Any]]:
    """All that can be read there just now. `ink` is false where no plain colour lies under it, or nothing can be done.

    The wall's own measure is `wall_look`.
    """
    found: list[dict[str, Any]] = page.evaluate(TEXTS, root)
    return found


def weak(page: Any, root: str = "body") -> dict[str, float]:
    """The texts that do not stand out."""
    found = ((one, contrast(one)) for one in texts(page, root) if one["ink"])
    return {f"{one['text']} ({one['name']})": round(said, 2) for one, said in found if said < LEAST_CONTRAST}
