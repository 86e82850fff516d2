/* The cards of the board take turns with the legend: one every twelve seconds, a pressing one every other time. */
(function () {
  "use strict";
  const layar = window.layar;
  const { say, words } = layar;
  const DWELL_S = 12;
  const LEGEND = "legend";
  let shown = LEGEND;
  let since = null;
  let wasPressing = false;
  const last = { calm: LEGEND, pressing: "" };

  layar.on("picture", ({ changed }) => {
    if (changed.has("panels")) layar.guard("board", show);
  });
  layar.on("second", (now) => layar.guard("board", () => turn(now)));

  const all = () => layar.picture.panels().board || [];
  // where cards have places of their own, the legend keeps its own
  const cards = () => (layar.canvas.hasCards() ? [] : all());
  layar.board = { cards: all, fill: (box, card) => fill(box, card) };

  // The order of a round: legend, then each card; one that presses stands between any two others.
  function following() {
    const all = cards();
    const pressing = all.filter((card) => card.is_pressing);
    if (pressing.length && !wasPressing) return nextOf(pressing.map((card) => card.key), last.pressing);
    const calm = [LEGEND, ...all.filter((card) => !card.is_pressing).map((card) => card.key)];
    return nextOf(calm, last.calm);
  }

  const nextOf = (keys, before) => keys[(keys.indexOf(before) + 1) % keys.length];

  function turn(now) {
    if (since === null || now < since) since = now; // the server may have set our clock back
    if (now - since >= DWELL_S || !isThere(shown)) {
      since = now;
      shown = following();
      const card = cards().find((one) => one.key === shown);
      wasPressing = Boolean(card && card.is_pressing);
      last[wasPressing ? "pressing" : "calm"] = shown;
    }
    show();
  }

  const isThere = (key) => key === LEGEND || cards().some((card) => card.key === key);

  function show() {
    const box = layar.slot("wall-board");
    if (!box) return;
    const card = cards().find((one) => one.key === shown);
    box.hidden = !card;
    box.parentElement.classList.toggle("is-told", Boolean(card));
    if (card) layar.guard("board", () => fill(box, card));
  }

  function fill(box, card) {
    const age = ageOf(card);
    box.dataset.age = age;
    box.dataset.card = card.key;
    const said = JSON.stringify(card) + age + cards().length + layar.lang();
    if (box.dataset.said !== said) {
      box.dataset.said = said;
      box.replaceChildren(...parts(card, age));
    }
    for (const node of box.querySelectorAll("[data-since]")) layar.write(node, aged(node));
  }

  function ageOf(card) {
    if (card.observed_at === null) return "lost";
    const seconds = layar.time.now() - card.observed_at;
    if (card.ages && seconds > card.ages.lost_s) return "lost";
    return card.ages && seconds > card.ages.late_s ? "late" : "fresh";
  }

  const aged = (node) => `${node.dataset.before}${words.since(Number(node.dataset.since))}${node.dataset.after}`;

  function parts(card, age) {
    const found = [layar.element("div", "board-title", say(card.title))];
    if (age === "lost") found.push(layar.element("div", "board-lost", say("TIDAK ADA DATA BARU", "NO NEW DATA")));
    if (card.lead !== null) found.push(lead(card));
    if (card.bars.length > 1) found.push(bars(card), axis(card));
    const rows = layar.element("div", "board-rows");
    rows.append(...card.rows.map((said) => row(said, card.is_dense)));
    found.push(rows, foot(card), turns());
    return found;
  }

  function lead(card) {
    const line = layar.element("div", "board-lead");
    line.append(layar.element("b", "", say(card.lead)), layar.element("span", "", say(card.lead_label)));
    return line;
  }

  function bars(card) {
    const box = layar.element("div", "board-bars");
    const most = Math.max(1, ...card.bars.map((bar) => bar.value));
    for (const bar of card.bars) {
      const column = layar.element("i");
      column.style.setProperty("--part", `${(100 * bar.value) / most}%`);
      box.append(column);
    }
    return box;
  }

  function axis(card) {
    const line = layar.element("div", "board-axis");
    const newest = card.bars[card.bars.length - 1].value;
    const most = Math.max(...card.bars.map((bar) => bar.value));
    line.append(layar.element("span", "", say(card.bars_label)),
      layar.element("span", "", `${say("kini", "now")} ${words.number(newest)} · ${say("puncak", "peak")} ${words.number(most)}`));
    return line;
  }

  function row(said, isDense) {
    const box = layar.element("div", "board-row");
    box.dataset.mood = said.mood || "";
    const line = layar.element("div", "board-line");
    line.append(layar.element("span", "", say(said.label)), layar.element("b", "", say(said.value)));
    box.append(line);
    if (isDense) {
      if (said.note) line.firstChild.append(layar.element("em", "", say(said.note)));
      return box;
    }
    if (said.since !== null) box.append(ticking("board-note", said.since, said.note ? `${say(said.note)} · ` : "", ""));
    else if (said.note) box.append(layar.element("div", "board-note", say(said.note)));
    return box;
  }

  function ticking(className, since, before, after) {
    const node = layar.element("div", className);
    Object.assign(node.dataset, { since, before, after });
    return node;
  }

  function foot(card) {
    const line = layar.element("div", "board-foot");
    const source = say(card.source); // visitors are not told whose news it is
    line.append(layar.element("span", "", source ? `${say("sumber", "source")} ${source}` : ""));
    if (card.observed_at !== null) line.append(ticking("", card.observed_at, "", say(" lalu", " ago")));
    return line;
  }

  function turns() {
    const line = layar.element("div", "board-turns");
    for (const key of [LEGEND, ...cards().map((card) => card.key)]) line.append(layar.element("i", key === shown ? "is-now" : ""));
    return line;
  }
})();
