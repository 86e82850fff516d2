/* The health page: asks every few seconds how each part is doing and shows it; when nobody answers, that is what it says,
   and the last that was known stays, dimmed. */
(function () {
  "use strict";
  const layar = window.layar;
  const EVERY_MS = 4000;
  const ASK_MS = 8000;
  const PATIENCE = 2; // a single lost answer is no news
  const MOODS = {
    good: { id: "baik", en: "fine" }, warn: { id: "perlu dilihat", en: "to be looked at" }, grave: { id: "rusak", en: "broken" },
    lost: { id: "tidak diketahui", en: "not known" }, off: { id: "tidak dipakai", en: "not used" },
  };
  const MODES = {
    drill: { id: "LATIHAN: bukan kejadian nyata", en: "EXERCISE: not real" },
    demo: { id: "SIMULASI: bukan kejadian nyata", en: "SIMULATION: not real" },
  };
  const SILENT = {
    said: { id: "Server tidak menjawab", en: "The server does not answer" },
    hint: {
      id: "Yang pudar adalah keadaan terakhir yang diketahui. Server dimulai lagi sendiri dalam satu menit. Bila tetap diam: periksa listrik dan kabel jaringan server, lalu hubungi petugas TI.",
      en: "Dimmed is what was known last. The server starts again by itself within a minute. If it stays silent: check its power and network cable, then call the technician.",
    },
  };
  const OVER = {
    said: { id: "Sesi Anda sudah habis", en: "Your session is over" },
    hint: { id: "Masuk lagi di /login untuk melihat keadaan sekarang.", en: "Sign in again at /login to see how things are now." },
  };
  const SHORT = { id: "Untuk petunjuk tiap bagian, masuk sebagai operator.", en: "Sign in as an operator to read what to do about each part." };
  const held = { said: null, answeredAt: null, failures: 0, why: null };
  const health = (layar.health = {});
  const slot = (name) => layar.slot(`health-${name}`);

  layar.whenBuilt("health", (page) => {
    layar.time.zone = page.dataset.zone;
    layar.time.label = page.dataset.label;
    layar.time.start();
    layar.on("second", (now) => layar.guard("health clock", () => tick(now)));
    layar.onLang(() => layar.guard("health", show));
    watch();
  });

  async function watch() {
    await health.ask();
    setTimeout(watch, EVERY_MS);
  }

  health.ask = async function () {
    const stop = new AbortController();
    const deadline = setTimeout(() => stop.abort(), ASK_MS);
    try {
      const response = await fetch("/api/v1/health", { signal: stop.signal, cache: "no-store", redirect: "manual" });
      if (response.ok) learn(await response.json());
      else fail(response.status === 401 || response.status === 403 ? OVER : SILENT);
    } catch (error) {
      fail(SILENT);
    } finally {
      clearTimeout(deadline);
    }
  };

  function learn(said) {
    layar.time.learn(said.now);
    Object.assign(held, { said, answeredAt: said.now, failures: 0, why: null });
    layar.guard("health", show);
  }

  function fail(why) {
    held.failures += 1;
    if (held.failures < PATIENCE && why === SILENT && held.said) return;
    held.why = why;
    layar.guard("health", show);
  }

  function show() {
    const { said, why } = held;
    layar.slot("health").dataset.isOld = String(why !== null);
    if (!said && !why) return;
    const mood = why ? "grave" : said.mood;
    slot("whole").dataset.mood = mood;
    layar.write(slot("said"), layar.say(why ? why.said : said.said));
    layar.write(slot("hint"), why ? layar.say(why.hint) : said.is_whole ? "" : layar.say(SHORT));
    if (said) {
      mode(said.mode);
      layar.keyed(slot("parts"), said.parts, ({ key }) => key, make, fill);
    }
    tick(layar.time.now());
  }

  function mode(name) {
    const box = slot("mode");
    box.hidden = !MODES[name];
    box.dataset.mode = name;
    layar.write(box, MODES[name] ? layar.say(MODES[name]) : "");
  }

  function make() {
    const card = layar.element("li", "health-part panel");
    const top = layar.element("div", "health-head");
    top.append(layar.element("i", "health-shape"), layar.element("h2", ""), layar.element("span", "health-mood"));
    card.append(
      top, layar.element("p", "health-what"), layar.element("p", "health-since"), layar.element("p", "health-todo"),
      layar.element("dl", "health-lines"),
    );
    return card;
  }

  function fill(card, part) {
    const [top, what, since, todo, lines] = card.children;
    card.dataset.mood = part.mood;
    layar.write(top.children[1], layar.say(part.title));
    layar.write(top.children[2], layar.say(MOODS[part.mood]));
    layar.write(what, layar.say(part.said));
    since.dataset.at = part.since ?? "";
    layar.write(todo, part.remedy ? layar.say(part.remedy) : "");
    todo.hidden = !part.remedy;
    lines.hidden = !(part.lines || []).length;
    lines.replaceChildren(...(part.lines || []).flatMap(({ label, value }) => [
      layar.element("dt", "", layar.say(label)), layar.element("dd", "", layar.say(value)),
    ]));
  }

  function tick(now) {
    layar.write(slot("clock"), `${layar.words.clock(now)} ${layar.time.label}`);
    const at = held.answeredAt;
    layar.write(slot("at"), at === null ? "" : layar.say(`dilihat ${layar.words.ago(now - at)}`, `seen ${layar.words.ago(now - at)}`));
    for (const node of document.querySelectorAll(".health-since")) {
      const since = Number(node.dataset.at);
      layar.write(node, since ? layar.say(`sejak ${when(since, now)}`, `since ${when(since, now)}`) : "");
    }
  }

  // The hour of today; of another day its date too.
  function when(since, now) {
    const day = layar.words.date(since) === layar.words.date(now) ? "" : `${layar.words.date(since)}, `;
    return `${day}${layar.words.hour(since)} · ${layar.words.age(now - since)}`;
  }
})();
