/* The wall of the past: /wall?at=…&sense=shown|known shows that moment, and nothing of now. Space plays and stops, the arrows
   move and change the speed, K leaves dead time out, S changes between what was shown then and what is known now. */
(function () {
  "use strict";
  const layar = window.layar;
  const SPEEDS = [1, 5, 15, 60, 120];
  const STEP_S = 300;
  const LONG_STEP_S = 3600;
  const LONGEST_S = 24 * 3600;
  const NOT_YET_S = 5;
  const AGAIN_MS = 5000;
  const TIMEOUT_MS = 30000;
  const AHEAD = 40;
  const SENSES = { shown: "seperti tampil saat itu", known: "seperti diketahui sekarang" };
  const asked = new URLSearchParams(window.location.search);
  const state = {
    at: null, sense: asked.get("sense") === "known" ? "known" : "shown", speed: 60, isSkipping: true, isPlaying: false,
    heldAt: null, base: null, queue: [], next: null, isFetching: false, timer: null, trouble: "", isShutOut: false, run: 0,
  };
  const past = (layar.past = {});

  past.isAsked = () => window.location.pathname.startsWith("/wall") && asked.has("at");
  past.sense = () => state.sense;
  past.isPlaying = () => state.isPlaying;
  // The moment whose camera pictures are asked for: while it plays, that where it began.
  past.moment = () => state.heldAt;
  past.pictureUrl = (key) => `/cameras/${encodeURIComponent(key)}.jpg?at=${encodeURIComponent(iso(state.heldAt))}`;
  past.noPicture = (entry) => (entry && entry.isRefused ? "gambar lama hanya untuk admin" : "tidak ada gambar tersimpan");

  past.start = function () {
    layar.time.now = now;
    layar.live.connection = () => "live";
    layar.live.pictureAt = now;
    layar.slot("wall").dataset.past = state.sense;
    document.addEventListener("keydown", (event) => layar.guard("past", () => key(event)));
    layar.on("second", () => layar.guard("past", band));
    const at = epoch(asked.get("at"));
    if (at === null) say("Waktu di alamat tidak terbaca; contoh: ?at=2026-01-31T10:00:00Z");
    else seek(at);
  };

  // "2026-01-31T10:00:00Z" or seconds since 1970; a plus sign in an address arrives as a space.
  function epoch(said) {
    const text = (said || "").trim().replace(" ", "+");
    if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
    const moment = Date.parse(text);
    return Number.isFinite(moment) ? moment / 1000 : null;
  }

  const iso = (at) => new Date(at * 1000).toISOString();

  function now() {
    if (state.base === null) return state.at ?? 0;
    const played = state.base.at + (layar.time.monotonic() - state.base.since) * state.speed;
    return state.queue.length ? Math.min(played, state.queue[0].now) : state.base.at;
  }

  /* -- one moment -- */
  async function seek(at) {
    stop();
    const run = ++state.run;
    state.at = state.heldAt = at;
    const said = await get("situation", { at: iso(at) });
    if (run !== state.run) return;
    if (said === null) {
      setTimeout(() => run === state.run && state.trouble && seek(at), AGAIN_MS);
      return;
    }
    if (!said.layers) return;
    show(said);
    const address = new URL(window.location.href);
    address.search = new URLSearchParams({ at: iso(at), sense: state.sense });
    window.history.replaceState(null, "", address);
  }

  function show(message) {
    state.at = message.now;
    if (!layar.picture.apply(message)) seek(message.now);
    band();
  }

  // The answer; {} for a refusal that asking again does not mend, null for what may pass.
  async function get(name, words) {
    const stopper = new AbortController();
    const deadline = setTimeout(() => stopper.abort(), TIMEOUT_MS);
    try {
      const query = new URLSearchParams({ ...words, sense: state.sense });
      const response = await fetch(`/api/v1/${name}?${query}`, { signal: stopper.signal, cache: "no-store", redirect: "manual" });
      state.isShutOut = response.status === 401 || response.status === 403;
      const body = await response.json();
      say(response.ok ? "" : refusal(response.status, body));
      return response.ok ? body : response.status === 503 ? null : {};
    } catch (error) {
      say(state.isShutOut ? refusal(401, {}) : "Server Layar tidak menjawab · mencoba lagi");
      return null;
    } finally {
      clearTimeout(deadline);
    }
  }

  function refusal(status, { detail }) {
    if (status === 401 || status === 403) return "Layar ini perlu dipasangkan dulu";
    if (status === 503) return "Masa lalu sedang digambar untuk layar lain · mencoba lagi";
    const said = detail || "";
    if (said.includes("future")) return "Waktu itu belum terjadi";
    const begins = epoch((said.match(/log begins at (\S+)/) || [])[1]);
    if (begins !== null) return `Belum ada catatan dari waktu itu · mulai ${layar.words.date(begins)} ${layar.words.hour(begins)}`;
    return `Tidak dapat ditampilkan: ${said}`;
  }

  /* -- playing -- */
  function play() {
    const until = Math.min(state.at + LONGEST_S, layar.time.local() - NOT_YET_S);
    if (state.isPlaying || until <= state.at) return;
    const run = ++state.run;
    Object.assign(state, { isPlaying: true, queue: [], base: { at: state.at, since: layar.time.monotonic() } });
    state.next = { from: iso(state.at), to: iso(until), speed: state.speed, skip: state.isSkipping ? 1 : 0 };
    turn(run);
    band();
  }

  function stop() {
    if (!state.isPlaying) return;
    state.run += 1;
    clearTimeout(state.timer);
    state.at = now();
    Object.assign(state, { isPlaying: false, base: null, queue: [], next: null });
    band();
  }

  // One message after another, each after its time; the next page is asked for before this one ends.
  async function turn(run) {
    while (run === state.run) {
      if (state.queue.length < AHEAD && state.next && !state.isFetching) fetchPage(run);
      const message = state.queue[0];
      if (!message && !state.next && !state.isFetching) break;
      await pause(message ? wait(message) : 0.1);
      if (run !== state.run) return;
      if (!message || state.queue[0] !== message) continue;
      state.queue.shift();
      state.base = { at: message.now, since: layar.time.monotonic() };
      show(message);
    }
    if (run === state.run) rest();
  }

  const wait = (message) => Math.max(0, (message.past.after_s || 0) - (layar.time.monotonic() - state.base.since));
  const pause = (seconds) => new Promise((done) => { state.timer = setTimeout(done, seconds * 1000); });

  async function fetchPage(run) {
    state.isFetching = true;
    const words = state.next;
    const page = await get("replay", words);
    if (page === null) await new Promise((done) => { setTimeout(done, AGAIN_MS); }); // then it is asked for again
    state.isFetching = false;
    if (run !== state.run || page === null) return;
    state.next = page.next ? { ...words, cursor: page.next } : null;
    state.queue.push(...(page.messages || []));
  }

  function rest() {
    stop();
    seek(state.at);
  }

  /* -- keys -- */
  function key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const step = event.shiftKey ? LONG_STEP_S : STEP_S;
    const deeds = {
      " ": () => (state.isPlaying ? rest() : play()),
      ArrowLeft: () => seek(now() - step),
      ArrowRight: () => seek(now() + step),
      ArrowUp: () => faster(1),
      ArrowDown: () => faster(-1),
      s: sense, S: sense, k: skip, K: skip,
      Escape: () => window.location.assign("/wall"),
    };
    if (!Object.hasOwn(deeds, event.key)) return;
    event.preventDefault();
    deeds[event.key]();
  }

  function faster(by) {
    const place = SPEEDS.indexOf(state.speed) + by;
    again(() => { state.speed = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, place))]; });
  }

  const skip = () => again(() => { state.isSkipping = !state.isSkipping; });

  function sense() {
    state.sense = state.sense === "shown" ? "known" : "shown";
    layar.slot("wall").dataset.past = state.sense;
    seek(now());
  }

  function again(change) {
    const wasPlaying = state.isPlaying;
    stop();
    change();
    if (wasPlaying) play();
    band();
  }

  /* -- the band -- */
  function say(trouble) {
    state.trouble = trouble;
    band();
  }

  function band() {
    const box = layar.slot("wall-past");
    if (!box) return;
    box.hidden = false;
    const at = now();
    const [title, moment, how, keys] = box.children;
    layar.write(title, "MASA LALU — bukan sekarang");
    layar.write(moment, state.at === null ? "" : `${layar.words.date(at)} · ${layar.words.clock(at)} ${layar.time.label}`);
    const doing = state.isPlaying ? `diputar ${state.speed}×${state.isSkipping ? ", waktu sepi dilewati" : ""}` : "berhenti";
    layar.write(how, state.trouble || `${SENSES[state.sense]} · ${doing}`);
    box.dataset.trouble = String(Boolean(state.trouble));
    layar.write(keys, "Spasi putar/henti · ← → 5 menit · ↑ ↓ kecepatan · K waktu sepi · S cara melihat · Esc sekarang");
  }
})();
