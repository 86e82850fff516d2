/* The chosen row: what is known of it, what can be done to it, and what was done by whom and why. */
(function () {
  "use strict";
  const layar = window.layar;
  const { ops } = layar;
  const NOBODY = { id: "Pilih satu di daftar, dengan ↑ ↓ atau klik.", en: "Choose one from the list, by ↑ ↓ or a click." };
  const held = { of: null, historyOf: null, wanted: 0 };

  for (const news of ["ops-said", "ops-chosen"]) layar.on(news, () => layar.guard("ops side", show));
  layar.on("ops-room", () => layar.guard("ops side", () => {
    Object.assign(held, { of: null, historyOf: null });
    ops.part("chosen").replaceChildren();
    ops.part("history").replaceChildren();
  }));
  layar.onLang(() => ops.isHere() && layar.guard("ops side", () => {
    Object.assign(held, { of: null, historyOf: null });
    show();
  }));

  function show() {
    if (ops.isFront() || !ops.said()) return;
    const row = ops.chosen();
    const of = JSON.stringify([row, ops.said().deeds.map(({ name }) => name)]);
    if (of === held.of) return;
    held.of = of;
    ops.part("chosen").replaceChildren(...(row ? parts(row) : [layar.element("p", "ops-none", layar.say(NOBODY))]));
    history(row);
  }

  function parts(row) {
    const top = layar.element("div", "ops-line");
    const age = layar.element("span", "ops-age", row.at === null ? "" : layar.words.since(row.at));
    if (row.at !== null) age.dataset.at = row.at;
    top.append(layar.element("h2", "ops-name", layar.say(row.title)), age);
    const under = layar.element("div", "ops-line");
    under.append(layar.element("span", "ops-sub", layar.say(row.sub)), ops.badge(row.mood, row.state));
    const badges = layar.element("div", "ops-badges");
    if (row.mode === "drill") badges.append(ops.drillMark());
    badges.append(...row.badges.map((one) => layar.element("span", "ops-badge", layar.say(one))));
    return [top, under, badges, facts(row), deeds(row)];
  }

  const facts = (row) => ops.facts(row.lines);

  ops.facts = function (lines) {
    const list = layar.element("dl", "ops-facts");
    for (const { label, value } of lines) list.append(layar.element("dt", "", layar.say(label)), ops.valued("dd", value));
    return list;
  };

  function deeds(row) {
    const box = layar.element("div", "ops-deeds");
    const known = row.deeds.map(ops.deed).filter(Boolean);
    box.append(...known.map((deed, place) => {
      const look = deed.is_grave ? "is-danger" : place === 0 ? "is-main" : "";
      return ops.button(ops.named(deed), look, () => ops.form.open(deed.name));
    }));
    return box;
  }

  /* -- what was done before -- */
  async function history(row) {
    const wanted = row && ops.said().has_history ? row.key : null;
    const of = wanted === null ? null : `${ops.room()} ${wanted} ${row.version}`;
    if (of === held.historyOf) return;
    held.historyOf = of;
    const turn = (held.wanted += 1);
    if (wanted === null) {
      ops.part("history").replaceChildren();
      return;
    }
    const answer = await ops.ask(`/${encodeURIComponent(ops.room())}/history?key=${encodeURIComponent(wanted)}`);
    if (turn !== held.wanted || !answer.ok) return;
    layar.guard("ops history", () => steps(answer.body.steps));
  }

  function steps(found) {
    if (!found.length) {
      ops.part("history").replaceChildren();
      return;
    }
    const list = layar.element("ol", "ops-steps");
    for (const step of found) {
      const item = layar.element("li", "ops-step");
      item.append(layar.element("span", "ops-when", layar.words.hour(step.at)), said(step));
      list.append(item);
    }
    ops.part("history").replaceChildren(layar.element("h3", "", layar.say("Riwayat", "History")), list);
  }

  function said(step) {
    const box = layar.element("span", "ops-what");
    box.append(layar.element("b", "", layar.say(step.words)), layar.element("span", "ops-by", step.who || step.source));
    if (step.why) box.append(layar.element("q", "", step.why));
    return box;
  }
})();
