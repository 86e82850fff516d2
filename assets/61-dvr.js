/* The replay page: which range and which moment, by hand, by key and in the address. How a moment comes is 16-past.js. */
(function () {
  "use strict";
  const layar = window.layar;
  const { past } = layar;
  const dvr = (layar.dvr = layar.dvr || {});
  const SPANS_S = { day: 86400, week: 7 * 86400, month: 30 * 86400, year: 365 * 86400 };
  const STEPS_S = [10, 30, 60, 300, 600, 1800, 3600, 10800, 43200];
  const ADDRESS_MS = 500;
  const AGAIN_MS = 5000;
  const TIMEOUT_MS = 20000;
  const held = { span: "day", whole: null, told: null, range: null, now: null, wasPlaying: false, addressTimer: null, toastTimer: null, run: 0 };
  const part = (name) => layar.slot(`dvr-${name}`);
  const say = (id, en) => layar.say(id, en);
  const spanOf = () => ({ since: held.now - SPANS_S[held.span], until: held.now });
  dvr.range = () => held.range;
  dvr.marks = () => (held.told ? held.told.marks : []);
  dvr.leftOut = () => (held.told ? held.told.left_out : 0);

  layar.whenBuilt("dvr", (root) => {
    layar.time.start();
    layar.view.frame({
      free: { left: 60, top: 60, right: 60, bottom: 60 }, seen: { left: 0, top: 0, right: 0, bottom: 0 },
      words: { left: 8, top: 8, right: 8, bottom: 8 },
    });
    root.dataset.past = "shown";
    layar.sources.start();
    layar.map.start({ least: 0.85 });
    bind();
    keys();
    begin();
  });

  /* -- the timeline -- */
  async function timeline(words) {
    const stop = new AbortController();
    const deadline = setTimeout(() => stop.abort(), TIMEOUT_MS);
    try {
      const response = await fetch(`/api/v1/timeline?${new URLSearchParams(words)}`, { signal: stop.signal, cache: "no-store", redirect: "manual" });
      return response.ok ? await response.json() : null;
    } catch (error) {
      return null;
    } finally {
      clearTimeout(deadline);
    }
  }

  dvr.begin = begin;
  async function begin() {
    const asked = new URLSearchParams(window.location.search);
    const marks = await dvr.loadBookmarks();
    const first = await timeline({ slots: 160 });
    if (!first || marks === null) {
      past.say({ id: "Server Layar tidak menjawab · mencoba lagi", en: "The server does not answer · trying again" });
      band();
      setTimeout(begin, AGAIN_MS);
      return;
    }
    past.say(null);
    past.learn(first.now);
    Object.assign(held, { now: first.now, whole: first });
    const mark = marks.find((one) => one.id === asked.get("bookmark"));
    if (asked.get("bookmark") && !mark) dvr.toast(say("Penanda itu sudah tidak ada", "That bookmark is gone"));
    past.begin({
      sense: mark ? mark.sense : asked.get("sense"), speed: Number(asked.get("speed")), isSkipping: asked.get("skip") !== "0",
      end: () => held.range.until,
    });
    const at = past.epoch(mark ? mark.at : asked.get("at"));
    open(firstRange(asked, at, first), at);
  }

  function firstRange(asked, at, { now, began }) {
    const [since, until] = ["since", "until"].map((name) => past.epoch(asked.get(name)));
    if (since !== null && until !== null && since < until) return { since, until: Math.min(until, now) };
    if (at !== null && (at < now - SPANS_S.day || at > now)) return { since: at - 3600, until: Math.min(now, at + 10800) };
    const log = began[past.sense()];
    return { since: Math.max(now - SPANS_S.day, log === null ? 0 : Math.min(Math.ceil(log), now - 300)), until: now };
  }

  function open(range, at) {
    const fits = Object.keys(SPANS_S).find((name) => range.since >= held.now - SPANS_S[name] - 60);
    setSpan(fits || "year");
    setRange(range);
    past.seek(at === null ? Math.max(range.since + 1, range.until - 3600) : Math.max(range.since, Math.min(range.until, at)));
  }

  dvr.open = function (mark) {
    const at = past.epoch(mark.at);
    past.setSense(mark.sense);
    if (at < held.range.since || at > held.range.until) {
      open({ since: at - 3600, until: Math.min(held.now, mark.until ? past.epoch(mark.until) : at + 10800) }, at);
    } else past.seek(at);
  };

  async function setSpan(name) {
    held.span = name;
    paint();
    const span = spanOf();
    const said = await timeline({ since: past.iso(span.since), until: past.iso(span.until), slots: 160 });
    if (said && held.span === name) held.whole = said;
    paint();
  }

  async function setRange(range) {
    const run = ++held.run;
    held.range = { since: Math.round(range.since), until: Math.round(range.until) };
    paint();
    const said = await timeline({ since: past.iso(held.range.since), until: past.iso(held.range.until), slots: 160 });
    if (run !== held.run) return;
    if (!said) {
      setTimeout(() => run === held.run && setRange(held.range), AGAIN_MS);
      return;
    }
    held.told = said;
    paint();
    dvr.listJumps();
    address();
  }

  function preview(range) {
    held.range = range;
    windowAt();
  }

  function choose(range) {
    setRange(range);
    if (past.at() < held.range.since || past.at() > held.range.until) past.seek(held.range.since + 1);
    address();
  }

  /* -- what is drawn -- */
  function paint() {
    if (!held.now || !held.range) return;
    layar.guard("dvr", () => dvr.paint(part("context"), spanOf(), held.whole));
    layar.guard("dvr", () => dvr.paint(part("track"), held.range, held.told));
    windowAt();
    follow();
  }

  function windowAt() {
    const span = spanOf();
    const [from, to] = [dvr.part(held.range.since, span), dvr.part(held.range.until, span)];
    Object.assign(part("window").style, { left: `${100 * from}%`, width: `${100 * Math.max(0.002, to - from)}%` });
    const words = (at) => `${layar.words.date(at).replace(/^\S+ /, "")} ${layar.words.hour(at)}`;
    layar.write(part("range"), `${words(held.range.since)} – ${words(held.range.until)} ${layar.time.label}`);
    for (const name of ["since", "until"]) part(name).setAttribute("aria-valuetext", words(held.range[name]));
    for (const node of document.querySelectorAll("#dvr-span .dvr-choice")) check(node, node.dataset.value === held.span);
  }

  const check = (node, isOn) => node.setAttribute("aria-checked", String(isOn));

  function follow() {
    const at = past.at();
    if (at === null || !held.range) return;
    part("head").style.left = `${100 * dvr.part(at, held.range)}%`;
    part("head").setAttribute("aria-valuetext", `${layar.words.date(at)} ${layar.words.clock(at)}`);
    band();
    const note = part("map-note");
    note.hidden = layar.map.get() !== null;
    layar.write(note, layar.map.isBroken() ? say("Peta tidak dapat digambar di layar ini", "The map cannot be drawn here") : say("Peta disiapkan …", "Preparing the map …"));
  }

  function band() {
    const at = past.at();
    layar.write(part("moment"), at === null ? "" : `${layar.words.date(at)} · ${layar.words.clock(at)} ${layar.time.label}`);
    const senses = { shown: say("seperti tampil saat itu", "as it was shown then"), known: say("seperti diketahui sekarang", "as is known now") };
    layar.write(part("how"), past.trouble() ? layar.say(past.trouble()) : senses[past.sense()]);
    part("band").dataset.trouble = String(Boolean(past.trouble()));
    layar.slot("dvr").dataset.past = past.sense();
    layar.write(part("doing"), doing());
    part("play").firstElementChild.className = `dvr-icon ${past.isPlaying() ? "is-stop" : "is-play"}`;
    for (const node of document.querySelectorAll("#dvr-speed .dvr-choice")) check(node, Number(node.dataset.value) === past.speed());
    for (const name of ["shown", "known"]) check(part(`sense-${name}`), name === past.sense());
    check(part("skip"), past.isSkipping());
  }

  function doing() {
    if (past.isAtEnd()) return say("akhir rentang", "end of the range");
    if (past.isPlaying()) return `${say("diputar", "playing")} ${past.speed()}×`;
    return past.isWaiting() ? say("mengambil …", "fetching …") : say("berhenti", "stopped");
  }

  dvr.toast = function (text) {
    const box = part("toast");
    layar.write(box, text);
    box.hidden = false;
    clearTimeout(held.toastTimer);
    held.toastTimer = setTimeout(() => { box.hidden = true; }, 4000);
  };

  /* -- the address: what is seen can be sent to somebody -- */
  function address() {
    clearTimeout(held.addressTimer);
    held.addressTimer = setTimeout(() => layar.guard("dvr", writeAddress), ADDRESS_MS);
  }

  function writeAddress() {
    if (!held.range || past.at() === null) return;
    const [since, until] = [past.iso(held.range.since), past.iso(held.range.until)];
    const words = { since, until, at: past.iso(Math.round(past.at())), sense: past.sense(), speed: past.speed(), skip: past.isSkipping() ? 1 : 0 };
    const url = new URL(window.location.href);
    url.search = new URLSearchParams(words);
    if (!past.isPlaying()) window.history.replaceState(null, "", url);
    part("figures-link").href = `/briefing?${new URLSearchParams({ since, until })}`;
    const input = layar.slot("dvr-link");
    if (input && document.activeElement !== input) input.value = url.href;
  }

  /* -- hands and keys -- */
  const step = () => STEPS_S.find((s) => s >= (held.range.until - held.range.since) / 200) || 43200;
  const move = (by) => past.seek(Math.max(held.range.since, Math.min(held.range.until, past.at() + by)));
  const play = () => {
    if (past.isAtEnd()) past.seek(held.range.since);
    past.toggle();
  };
  const deeds = {
    play, previous: () => dvr.jumpTo(-1), next: () => dvr.jumpTo(1), back: () => move(-step()), forward: () => move(step()),
    skip: () => past.setSkipping(!past.isSkipping()), mark: () => { tab("marks"); const name = layar.slot("dvr-mark-name"); if (name) name.focus(); },
  };
  const sense = (name) => past.setSense(name);

  function bind() {
    for (const [name, work] of Object.entries(deeds)) part(name).addEventListener("click", () => held.range && layar.guard("dvr", work));
    for (const name of ["shown", "known"]) part(`sense-${name}`).addEventListener("click", () => held.range && sense(name));
    for (const node of document.querySelectorAll("#dvr-speed .dvr-choice")) node.addEventListener("click", () => past.setSpeed(Number(node.dataset.value)));
    for (const node of document.querySelectorAll("#dvr-span .dvr-choice")) node.addEventListener("click", () => held.now && setSpan(node.dataset.value));
    for (const node of document.querySelectorAll(".dvr-tab")) node.addEventListener("click", () => tab(node.dataset.tab));
    dvr.scrubs(part("track"), () => held.range, {
      begin: () => { held.wasPlaying = past.isPlaying(); }, move: (at) => past.seek(at), end: () => held.wasPlaying && past.play(),
    });
    dvr.chooses(part("context"), spanOf, () => held.range, { move: preview, end: choose });
    for (const name of ["since", "until"]) part(name).addEventListener("keydown", (event) => layar.guard("dvr", () => pull(event, name)));
    tab("then");
  }

  function pull(event, name) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const span = spanOf();
    const range = { ...held.range, [name]: Math.max(span.since, Math.min(span.until, held.range[name] + (by * (span.until - span.since)) / 100)) };
    if (range.until - range.since >= 300) choose(range);
  }

  function tab(name) {
    for (const node of document.querySelectorAll(".dvr-tab")) {
      node.setAttribute("aria-selected", String(node.dataset.tab === name));
      part(`sheet-${node.dataset.tab}`).hidden = node.dataset.tab !== name;
    }
  }

  function keys() {
    const on = (name, work, id, en) => layar.key(name, (event) => {
      if (!held.range || past.at() === null) return;
      event.preventDefault();
      work();
    }, { id, en }, "dvr");
    on(" ", play, "putar atau henti", "play or stop");
    on("ArrowLeft", () => move(-step()), "mundur", "back");
    on("ArrowRight", () => move(step()), "maju", "forward");
    on("+", () => past.faster(1), "lebih cepat", "faster");
    on("-", () => past.faster(-1), "lebih lambat", "slower");
    on("n", deeds.next, "kejadian berikutnya", "next incident");
    on("p", deeds.previous, "kejadian sebelumnya", "previous incident");
    on("s", () => sense(past.sense() === "shown" ? "known" : "shown"), "tampil saat itu atau diketahui sekarang", "shown then or known now");
    on("k", deeds.skip, "lewati waktu sepi", "skip quiet time");
  }

  const here = () => layar.slot("dvr") !== null && held.range !== null;
  for (const news of ["legend", "lang", "theme", "resized"]) layar.on(news, () => here() && paint());
  layar.on("lang", () => here() && layar.guard("dvr", () => { dvr.listJumps(); dvr.listBookmarks(); }));
  layar.on("icons", () => here() && layar.guard("dvr", dvr.listJumps));
  layar.on("second", () => here() && layar.guard("dvr", follow));
  layar.on("past", () => {
    if (!here()) return;
    layar.guard("dvr", follow);
    address();
  });
  layar.on("past-skipped", (seconds) => here() && dvr.toast(`${layar.words.span(seconds)} ${say("waktu sepi dilewati", "of quiet time left out")}`));
})();
