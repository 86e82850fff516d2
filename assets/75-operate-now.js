/* The desk's front page: the gravest open incidents, what is broken, who is on shift. */
(function () {
  "use strict";
  const layar = window.layar;
  const { ops } = layar;
  const held = { of: null };
  const PRESSURES = { lancar: { id: "lancar", en: "flowing" }, padat: { id: "padat", en: "busy" }, macet: { id: "macet", en: "jammed" } };

  layar.on("ops-said", () => layar.guard("ops now", () => {
    if (ops.isFront()) show();
  }));
  layar.on("ops-room", () => (held.of = null));
  layar.onLang(() => ops.isHere() && layar.guard("ops now", () => {
    held.of = null;
    if (ops.isFront()) show();
  }));

  function show() {
    const said = ops.said();
    if (!said) return;
    const of = JSON.stringify({ ...said, now: 0 });
    if (of === held.of) return;
    held.of = of;
    ops.part("now").replaceChildren(incidents(said), troubles(said), shift(said.shift, said.queue));
  }

  function card(title, ...parts) {
    const box = layar.element("section", "ops-card panel");
    box.append(layar.element("h2", "", layar.say(title)), ...parts);
    return box;
  }

  const nothing = (words) => layar.element("p", "ops-none", layar.say(words));

  /* -- incidents -- */
  function incidents(said) {
    const list = layar.element("ul", "ops-rows");
    for (const row of said.incidents) list.append(incident(row));
    const title = { id: `Kejadian terbuka: ${said.open}`, en: `Open incidents: ${said.open}` };
    const empty = { id: "Tidak ada kejadian terbuka.", en: "No open incidents." };
    const add = ops.button({ id: "Kejadian baru (N)", en: "New incident (N)" }, "is-main", ops.create);
    return card(title, add, said.incidents.length ? list : nothing(empty));
  }

  function incident(row) {
    const item = layar.element("li", "ops-row");
    item.dataset.mood = row.mood;
    const pick = ops.make("button", "ops-pick", undefined, { type: "button" });
    const top = layar.element("span", "ops-line");
    const age = layar.element("span", "ops-age", row.at === null ? "" : layar.words.since(row.at));
    if (row.at !== null) age.dataset.at = row.at;
    top.append(layar.element("b", "ops-title", layar.say(row.title)), age);
    const under = layar.element("span", "ops-line");
    under.append(layar.element("span", "ops-sub", layar.say(row.sub)), ops.badge(row.mood, row.state));
    pick.append(top, under);
    if (row.mode === "drill") pick.append(ops.drillMark());
    pick.addEventListener("click", () => ops.enter("incidents", row.key));
    item.append(pick);
    return item;
  }

  ops.create = function () {
    ops.enter("incidents");
    const wait = setInterval(() => {
      if (!ops.said() || ops.room() !== "incidents") return;
      clearInterval(wait);
      ops.form.open("create");
    }, 50);
    setTimeout(() => clearInterval(wait), 10000);
  };

  /* -- what is broken -- */
  function troubles({ troubles: found }) {
    const list = layar.element("ul", "ops-troubles");
    for (const { text, text_en: english, since } of found) {
      const item = layar.element("li", "");
      const age = layar.element("span", "ops-age");
      if (since) age.dataset.at = since;
      item.append(ops.badge("warn", { id: text, en: english || text }), age);
      list.append(item);
    }
    const title = { id: "Perlu perhatian", en: "Needs attention" };
    return card(title, found.length ? list : nothing({ id: "Semua berjalan.", en: "Everything works." }));
  }

  /* -- the shift -- */
  function shift(said, queue) {
    const ends = layar.words.hour(said.ends);
    const title = layar.say(`${layar.words.shift(said.name)}, sampai ${ends}`, `${layar.words.shift(said.name)}, until ${ends}`);
    const parts = [];
    if (said.understaffed) parts.push(ops.badge("grave", { id: `Kurang orang: ${said.present} dari ${said.needed}`, en: `Understaffed: ${said.present} of ${said.needed}` }));
    parts.push(people(said.people), calls(queue));
    if (said.note) {
      const note = layar.element("blockquote", "ops-note", said.note);
      parts.push(layar.element("h3", "", layar.say({ id: `Pesan sif sebelumnya (${said.note_of})`, en: `Note of the shift before (${said.note_of})` })), note);
    }
    return card(title, ...parts);
  }

  function people(found) {
    if (!found.length) return nothing({ id: "Belum ada yang mencatat kehadiran.", en: "Nobody has said who is there." });
    const list = layar.element("ul", "ops-people");
    for (const { name, role, agency } of found) {
      const item = layar.element("li", "");
      item.append(layar.element("b", "", name), layar.element("span", "", [role, agency].filter(Boolean).join(" · ")));
      list.append(item);
    }
    return list;
  }

  function calls(queue) {
    const words = PRESSURES[queue.pressure] || queue.pressure;
    const said = { id: `Antrean telepon ${words.id}: ${queue.waiting} menunggu, ${queue.talking} bicara`, en: `Calls ${words.en}: ${queue.waiting} waiting, ${queue.talking} talking` };
    return ops.badge(queue.pressure === "lancar" ? "good" : queue.pressure === "padat" ? "warn" : "grave", said);
  }
})();
