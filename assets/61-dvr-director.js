/* What the director showed then, and why. It chose by what was known then: as known now its choice is told from its own
   decision, and not in words that only later news could give. */
(function () {
  "use strict";
  const layar = window.layar;
  const dvr = (layar.dvr = layar.dvr || {});
  const { element, words } = layar;
  const MOST_WALLS = 2;
  const REASONS = {
    worst: { id: "paling gawat saat itu", en: "the worst at that time" },
    preempted: { id: "lebih gawat dari yang sedang tampil", en: "worse than the one shown" },
    turn: { id: "gilirannya", en: "its turn" },
    quiet: { id: "tidak ada kejadian yang perlu disorot", en: "no incident needed the wall" },
    sent: { id: "dikirim dari meja operator", en: "sent from the desk" },
  };
  const HELD = {
    acknowledge: { id: "ditahan sampai ada yang mencatat", en: "held until somebody takes note" },
    hand: { id: "dikunci tangan di dinding", en: "locked by a hand at the wall" },
    desk: { id: "dikunci dari meja", en: "locked from the desk" },
  };
  const FACTORS = {
    priority: { id: "prioritas", en: "priority" }, age: { id: "usia", en: "age" }, unattended: { id: "penanganan", en: "attendance" },
    confidence: { id: "keyakinan", en: "confidence" }, surge: { id: "lonjakan", en: "surge" },
  };
  const say = (id, en) => layar.say(id, en);
  const number = (value) => words.decimal(value, Number.isInteger(value) ? 0 : 2);

  dvr.director = function () {
    const box = layar.slot("dvr-scene");
    const walls = Object.entries(layar.picture.panels().scenes || {}).filter(([, one]) => one);
    const isNow = layar.past.sense() === "known";
    box.replaceChildren(element("span", "eyebrow", say("Sutradara menampilkan", "The director showed")));
    if (!walls.length) box.append(element("p", "", say("sutradara belum ada pada waktu ini", "there was no director at this time")));
    for (const [wall, one] of walls.slice(0, MOST_WALLS)) box.append(chosen(wall, one, isNow));
  };

  function chosen(wall, one, isNow) {
    const line = element("p");
    const [incident] = layar.picture.layer("incidents").get(one.incident) || [];
    const known = incident ? `${dvr.titleOf(incident.properties)} · ${incident.properties.kelurahan || say("lokasi belum diketahui", "place not known")}` : one.incident;
    const since = say(`dinding ${wall} sejak ${words.clock(one.since)}`, `wall ${wall} since ${words.clock(one.since)}`);
    line.append(
      element("b", "", one.incident ? known : layar.say(one.title)), element("span", "", since),
      element("span", "dvr-why", isNow ? layar.say(REASONS[one.reason] || "") : layar.say(one.why)), element("span", "", terms(one)),
      element("span", "", isNow ? say("dipilih menurut yang diketahui saat itu", "chosen by what was known then") : ""),
    );
    return line;
  }

  // What it was worth, and what kept it there.
  function terms(one) {
    const parts = Object.entries(one.factors || {}).map(([name, value]) => `${layar.say(FACTORS[name] || name)} ${number(value)}`);
    const score = one.score === null ? "" : `${say("skor", "score")} ${number(one.score)}${parts.length ? ` = ${parts.join(" × ")}` : ""}`;
    return [score, one.held_by ? layar.say(HELD[one.held_by] || one.held_by) : ""].filter(Boolean).join(" · ");
  }
})();
