/* The past in a browser: a moment that is asked for, or a period that plays. What comes is shown by the code that shows the
   present, under a clock of then. Who asks for moments faster than they come gets the newest; those seen before are kept. */
(function () {
  "use strict";
  const layar = window.layar;
  const SPEEDS = [1, 2, 5, 10, 30, 60, 120];
  const LONGEST_S = 24 * 3600;
  const NOT_YET_S = 5;
  const AGAIN_MS = 5000;
  const TIMEOUT_MS = 30000;
  const AHEAD = 40;
  const MOST_FRAMES = 40;
  const KNOWN_FOR_MS = 60000; // what is known now of then may change
  const SETTLES_MS = 350;
  const STILLS_MS = 5000;
  const LAG_S = 0.5; // so much of play passes between two messages
  const state = {
    at: null, sense: "shown", speed: 60, isSkipping: true, isPlaying: false, heldAt: null, base: null, queue: [], next: null,
    isFetching: false, timer: null, trouble: null, isShutOut: false, run: 0, wanted: null, isAsking: false, ahead: 0,
    end: () => Infinity, isAtEnd: false, shownAt: null,
  };
  const frames = new Map();
  const past = (layar.past = { SPEEDS });

  past.isAsked = () => isWall() || window.location.pathname.startsWith("/briefing/replay");
  const isWall = () => window.location.pathname.startsWith("/wall") && new URLSearchParams(window.location.search).has("at");
  past.sense = () => state.sense;
  past.speed = () => state.speed;
  past.isPlaying = () => state.isPlaying;
  past.isSkipping = () => state.isSkipping;
  past.isAtEnd = () => state.isAtEnd;
  // The moment that is wanted has not been shown yet.
  past.isWaiting = () => state.at !== null && (state.isAsking || state.wanted !== null) && !state.isPlaying;
  past.trouble = () => state.trouble;
  past.at = () => (state.at === null ? null : now());
  // How much of then passes in a second: what glides on the map glides by that.
  past.pace = () => (state.isPlaying ? state.speed : 1);
  past.present = () => layar.time.local() + state.ahead - NOT_YET_S;
  past.learn = (serverNow) => { state.ahead = serverNow - layar.time.local(); };
  // The moment whose camera pictures are asked for: it follows a hand that rests, and a player now and then.
  past.moment = () => state.heldAt;
  past.pictureUrl = (key) => `/cameras/${encodeURIComponent(key)}.jpg?at=${encodeURIComponent(past.iso(state.heldAt))}`;
  past.noPicture = (entry) => layar.say(entry && entry.isRefused
    ? { id: "gambar lama hanya untuk operator", en: "old pictures are for operators only" }
    : { id: "tidak ada gambar tersimpan", en: "no picture was kept" });

  // `end()` is where playing stops at the latest.
  past.begin = function ({ sense = "shown", speed = 60, isSkipping = true, end = () => Infinity } = {}) {
    Object.assign(state, { sense: sense === "known" ? "known" : "shown", isSkipping, end });
    state.speed = SPEEDS.includes(speed) ? speed : 60;
    layar.time.now = now;
    layar.live.connection = () => "live";
    layar.live.pictureAt = now;
  };

  // "2026-01-31T10:00:00Z" or seconds since 1970; a plus sign in an address arrives as a space.
  past.epoch = function (said) {
    const text = (said || "").trim().replace(" ", "+");
    if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
    const moment = Date.parse(text);
    return Number.isFinite(moment) ? moment / 1000 : null;
  };

  past.iso = (at) => new Date(at * 1000).toISOString();

  function now() {
    if (state.base === null) return state.at ?? 0;
    const played = state.base.at + (layar.time.monotonic() - state.base.since) * state.speed;
    return state.queue.length ? Math.min(played, state.queue[0].now) : Math.min(played, state.base.at + state.speed * LAG_S);
  }

  function tell() {
    layar.emit("past", past);
  }

  /* -- one moment -- */
  past.seek = function (at) {
    halt();
    state.run += 1;
    Object.assign(state, { at: Math.round(at), wanted: Math.round(at), isAtEnd: false });
    if (state.heldAt === null) state.heldAt = state.at;
    tell();
    ask();
  };

  // One question at a time; when it is answered the newest wish is the next.
  async function ask() {
    if (state.isAsking || state.wanted === null) return;
    const { wanted: at, sense } = state;
    Object.assign(state, { isAsking: true, wanted: null });
    const said = kept(at, sense) || (await get("situation", { at: past.iso(at) }));
    state.isAsking = false;
    if (said && said.layers) keep(at, sense, said);
    if (said && said.layers && sense === state.sense && !state.isPlaying) show(said);
    if (state.wanted !== null) {
      ask();
      return;
    }
    if (said === null && !state.isPlaying) again(at);
    settle();
    tell();
  }

  function again(at) {
    const { run } = state;
    setTimeout(() => {
      if (run !== state.run || state.wanted !== null) return;
      state.wanted = at;
      ask();
    }, AGAIN_MS);
  }

  function settle() {
    const { at, run } = state;
    setTimeout(() => {
      if (run !== state.run || state.isPlaying || state.heldAt === at) return;
      state.heldAt = at;
      tell();
    }, SETTLES_MS);
  }

  function kept(at, sense) {
    const frame = frames.get(`${sense} ${at}`);
    return frame && (sense === "shown" || Date.now() - frame.since < KNOWN_FOR_MS) ? frame.message : null;
  }

  function keep(at, sense, message) {
    frames.set(`${sense} ${at}`, { message, since: Date.now() });
    if (frames.size > MOST_FRAMES) frames.delete(frames.keys().next().value);
  }

  function show(message) {
    state.shownAt = message.now;
    return layar.picture.apply(message);
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
      say(response.ok ? null : refusal(response.status, body));
      return response.ok ? body : response.status === 503 ? null : {};
    } catch (error) {
      say(state.isShutOut ? refusal(401, {}) : { id: "Server Layar tidak menjawab · mencoba lagi", en: "The server does not answer · trying again" });
      return null;
    } finally {
      clearTimeout(deadline);
    }
  }

  function refusal(status, { detail }) {
    if (status === 401 || status === 403) return { id: "Layar ini perlu dipasangkan dulu", en: "This screen must be signed in first" };
    if (status === 503) {
      return { id: "Masa lalu sedang digambar untuk layar lain · mencoba lagi", en: "The past is being drawn for others · trying again" };
    }
    const said = detail || "";
    if (said.includes("future")) return { id: "Waktu itu belum terjadi", en: "That has not happened yet" };
    if (said.includes("no past")) return { id: "Belum ada catatan apa pun", en: "Nothing has been recorded yet" };
    const begins = past.epoch((said.match(/log begins at (\S+)/) || [])[1]);
    if (begins !== null) return past.noneBefore(begins);
    return { id: `Tidak dapat ditampilkan: ${said}`, en: `Cannot be shown: ${said}` };
  }

  past.noneBefore = function (begins) {
    const since = `${layar.words.date(begins)} ${layar.words.hour(begins)}`;
    return { id: `Belum ada catatan dari waktu itu · mulai ${since}`, en: `There is no record of that time · it begins ${since}` };
  };

  past.say = say;
  function say(trouble) {
    if (layar.say(trouble) === layar.say(state.trouble)) return;
    state.trouble = trouble;
    tell();
  }

  /* -- playing -- */
  past.play = function () {
    const until = Math.min(state.at + LONGEST_S, state.end(), past.present());
    if (state.isPlaying || state.at === null || until - state.at < 1) return false;
    const run = ++state.run;
    const from = now();
    Object.assign(state, { isPlaying: true, isAtEnd: false, wanted: null, queue: [], base: { at: from, since: layar.time.monotonic() } });
    state.next = { from: past.iso(from), to: past.iso(until), speed: state.speed, skip: state.isSkipping ? 1 : 0 };
    turn(run);
    followStills(run);
    tell();
    return true;
  };

  function halt() {
    if (!state.isPlaying) return;
    state.run += 1;
    clearTimeout(state.timer);
    state.at = now();
    Object.assign(state, { isPlaying: false, base: null, queue: [], next: null });
  }

  // Playing stops, and the moment where it stopped is asked for.
  past.rest = function () {
    halt();
    past.seek(state.at);
  };

  past.toggle = () => (state.isPlaying ? past.rest() : past.play());

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
      if (!show(message)) break; // the whole is asked for
      if (message.past.skipped_s) layar.emit("past-skipped", message.past.skipped_s);
    }
    if (run === state.run) ended();
  }

  function ended() {
    const at = state.base.at;
    past.rest();
    if (at + 1 >= Math.min(state.end(), past.present())) Object.assign(state, { isAtEnd: true });
    else past.play();
    tell();
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

  async function followStills(run) {
    while (run === state.run) {
      await new Promise((done) => { setTimeout(done, STILLS_MS); });
      if (run !== state.run) return;
      state.heldAt = Math.round(now());
      tell();
    }
  }

  /* -- how -- */
  past.setSpeed = (speed) => anew(() => { state.speed = SPEEDS.includes(speed) ? speed : state.speed; });
  past.faster = (by) => past.setSpeed(SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, SPEEDS.indexOf(state.speed) + by))]);
  past.setSkipping = (isSkipping) => anew(() => { state.isSkipping = isSkipping; });

  past.setSense = function (sense) {
    const wasPlaying = state.isPlaying;
    halt();
    state.sense = sense;
    if (state.at === null) return;
    past.seek(state.at);
    if (wasPlaying) past.play();
  };

  function anew(change) {
    const wasPlaying = state.isPlaying;
    halt();
    change();
    if (wasPlaying) past.play();
    tell();
  }
})();
