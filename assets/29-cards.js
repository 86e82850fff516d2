/* Cards with places of their own, on screens that have them: all at once where there is room, else page after page. A card
   that is larger than its place shows its first rows and says how many more there are. */
(function () {
  "use strict";
  const layar = window.layar;
  const DWELL_S = 12;
  const CARD_REM = 22;

  layar.on("picture", ({ changed }) => {
    if (changed.has("panels")) layar.guard("cards", show);
  });
  layar.on("second", () => layar.guard("cards", show));
  layar.on("laid", () => layar.guard("cards", () => show({ isAnew: true })));
  layar.onLang(() => layar.guard("cards", () => show({ isAnew: true })));

  const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);
  const places = () => Array.from(document.querySelectorAll("#wall .wall-cards.is-placed"));
  const pressingFirst = (cards) => [...cards.filter((card) => card.is_pressing), ...cards.filter((card) => !card.is_pressing)];

  function show({ isAnew = false } = {}) {
    const here = places();
    if (!here.length) return;
    const cards = pressingFirst(layar.board.cards());
    if (layar.slot("wall").dataset.flowing === "true") flow(here[0], cards, isAnew);
    else turn(here, cards, isAnew);
  }

  // So many columns that a card is as wide as its text wants, and no row is left half empty.
  function flow(box, cards, isAnew) {
    const most = Math.max(1, Math.min(cards.length, Math.floor(box.clientWidth / (CARD_REM * rem()))));
    const rows = Math.ceil(cards.length / most);
    const columns = Math.ceil(cards.length / Math.max(1, rows));
    box.style.setProperty("--columns", String(columns));
    layar.keyed(box, cards, (card) => card.key, made, (node, card, place) => {
      // what would stay empty in the last row is the first card's, which presses most
      node.style.gridColumn = place === 0 ? `span ${1 + columns * rows - cards.length}` : "";
      fill(node, card, isAnew);
    });
  }

  function turn(here, cards, isAnew) {
    const pages = Math.max(1, Math.ceil(cards.length / here.length));
    const page = Math.floor(layar.time.now() / DWELL_S) % pages;
    here.forEach((box, place) => {
      const card = cards[page * here.length + place];
      layar.keyed(box, card ? [card] : [{ key: "quiet" }], (one) => one.key, made, (node, one) => fill(node, one, isAnew));
    });
  }

  const sizes = new ResizeObserver((entries) => layar.guard("cards", () => entries.forEach(({ target }) => fit(target))));
  document.fonts.ready.then(() => layar.guard("cards", () => show({ isAnew: true })));

  function made({ key }) {
    const node = key === "quiet" ? layar.element("div", "is-quiet", "LAYAR 112") : layar.element("div", "board panel");
    sizes.observe(node);
    return node;
  }

  function fill(node, card, isAnew) {
    if (card.key === "quiet") return;
    const before = node.dataset.said;
    layar.board.fill(node, card);
    if (isAnew || node.dataset.said !== before) fit(node);
  }

  // The board that takes turns with the legend.
  layar.on("second", () => layar.guard("cards", () => {
    const node = document.querySelector("#wall .turns > .board");
    if (!node || node.hidden || node.dataset.fitted === node.dataset.said) return;
    node.dataset.fitted = node.dataset.said;
    sizes.observe(node);
    fit(node);
  }));

  function fit(node) {
    const rows = node.querySelector(".board-rows");
    if (!rows || !node.clientHeight) return;
    const old = node.querySelector(".board-more");
    if (old) old.remove();
    const all = Array.from(rows.children);
    for (const row of all) row.hidden = false;
    const isOver = () => rows.scrollHeight > rows.clientHeight + 1;
    if (!isOver()) return;
    const more = layar.element("div", "board-more", "…");
    rows.after(more);
    let left = all.length;
    while (left > 0 && isOver()) all[--left].hidden = true;
    layar.write(more, layar.say({ id: `dan ${all.length - left} baris lagi`, en: `and ${all.length - left} more rows` }));
  }
})();
