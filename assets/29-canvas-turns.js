/* A box of a wall in cells that is too small for all it could say shows as many whole things as fit; the others take their
   turn. Nothing is cut, nothing is made smaller. */
(function () {
  "use strict";
  const layar = window.layar;
  const DWELL_S = 12;
  const BOXES = [
    { box: "#wall .figures.is-placed", items: ":scope > .figure" },
    { box: "#wall .turns.is-placed > .legend", items: "#wall-legend-marks > *" },
  ];
  const held = new Map();
  let turn = null;

  layar.on("second", (now) => layar.guard("turns", () => {
    const due = Math.floor(now / DWELL_S);
    if (due !== turn) showAll(true);
    turn = due;
  }));
  layar.on("laid", () => layar.guard("turns", all));
  for (const name of ["legend", "icons", "tint", "legend-built"]) layar.on(name, () => layar.guard("turns", () => showAll(false)));
  layar.on("picture", ({ changed }) => {
    if (changed.has("panels")) layar.guard("turns", () => showAll(false));
  });
  layar.onLang(() => layar.guard("turns", () => showAll(false)));

  // Another size of the window: begin anew, with everything shown that was hidden for the size before.
  function all() {
    held.clear();
    for (const node of document.querySelectorAll("#wall .is-waiting")) node.classList.remove("is-waiting");
    showAll(false);
  }

  function showAll(isNext) {
    if (layar.canvas.isClassic()) return;
    for (const { box, items } of BOXES) {
      const node = document.querySelector(box);
      if (node) show(node, Array.from(node.querySelectorAll(items)), isNext);
    }
  }

  function show(box, items, isNext) {
    const before = held.get(box) || { from: 0, to: 0 };
    const from = isNext && before.to < items.length ? before.to : isNext ? 0 : before.from;
    const isOver = () => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1;
    const only = (start, end) => items.forEach((item, i) => item.classList.toggle("is-waiting", i < start || i >= end));
    only(0, items.length);
    if (!isOver()) {
      held.set(box, { from: 0, to: items.length });
      return;
    }
    let to = items.length;
    for (only(from, to); to > from + 1 && isOver(); only(from, to)) to -= 1;
    held.set(box, { from, to });
  }
})();
