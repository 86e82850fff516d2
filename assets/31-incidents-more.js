/* The list of incidents goes on in as many more boxes as the screen has: a wall of panels gives each its own. */
(function () {
  "use strict";
  const layar = window.layar;

  layar.on("listed", ({ incidents, rows }) => layar.guard("more incidents", () => show(incidents, rows)));

  function made(box) {
    if (!box.querySelector(".incidents")) {
      const head = layar.element("div", "list-head");
      head.append(layar.said("span", "eyebrow", { id: "Kejadian, lanjutan", en: "Incidents, continued" }), layar.element("b", ""));
      box.append(head, layar.element("ul", "incidents"), layar.element("div", "list-rest"));
    }
    return box.querySelector(".incidents");
  }

  function show(incidents, rows) {
    const boxes = Array.from(document.querySelectorAll("#wall .wall-list.is-more.is-placed"));
    let before = rows;
    for (const box of boxes) {
      const list = made(box);
      const mine = incidents.slice(before, before + layar.canvas.rows(list));
      layar.keyed(list, mine, (feature) => feature.properties.key, layar.incidents.make, layar.incidents.update);
      layar.incidents.fit(list);
      const first = mine.length ? `${before + 1}–${before + mine.length}` : "–";
      layar.write(box.querySelector(".list-head b"), first);
      before += mine.length;
    }
    const last = boxes[boxes.length - 1];
    if (!last) return;
    const rest = incidents.slice(before);
    layar.write(layar.slot("wall-incidents-rest"), "");
    layar.write(last.querySelector(".list-rest"), rest.length ? layar.incidents.more(rest) : "");
  }
})();
