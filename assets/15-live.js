/* The way news comes in: a stream the server pushes, and asking again and again where that does not work. Whatever
   breaks (server, network, a machine that slept), the page keeps its picture, says so, and comes back by itself. */
(function () {
  "use strict";
  const layar = window.layar;
  const SILENCE_S = 5; // the server beats every 2 s; any message counts as a beat
  const MUTE_S = 3;
  const STALLED_S = 3;
  const ASLEEP_S = 10;
  const ASK_EVERY_S = 1;
  const SPARING_ASK_EVERY_S = 5;
  const SPARING_PATIENCE = 3; // times as long until silence counts, and an answer is given up
  const LONGEST_WAIT_S = 5;
  const STREAM_AGAIN_S = 30;
  const ASK_TIMEOUT_S = 5;
  const BODY_TIMEOUT_S = 15; // a first picture over a thin line is slow, not dead
  const RELOADED = "layar-reloaded-for";
  const state = {
    way: "none", since: 0, heardAt: null, tickedAt: 0, failures: 0, streamTriedAt: -Infinity, isLoggedOut: false,
    messages: 0, pictureAt: null, hasSpoken: false, awokeAt: 0, isSparing: false,
  };
  let source = null;
  let timer = null;
  let asking = null;

  const live = (layar.live = {
    url: "/live",
    streamUrl: "/live/stream",
    pictureAt: () => state.pictureAt,
    messages: () => state.messages,
    way: () => state.way,
  });

  // connecting · live · lost · logged_out: what the screen says about itself.
  live.connection = function () {
    if (state.isLoggedOut) return "logged_out";
    if (state.way === "stream" || state.way === "poll") return silence() > patience() ? "lost" : "live";
    return state.heardAt === null && layar.time.monotonic() - state.since < 8 ? "connecting" : "lost";
  };

  live.start = function () {
    state.since = layar.time.monotonic();
    state.tickedAt = layar.time.local();
    setInterval(watch, 1000);
    for (const name of ["online", "pageshow"]) window.addEventListener(name, openStream);
    openStream();
  };

  // Whatever the key of this screen opens: what is told to visitors.
  live.asVisitor = function () {
    Object.assign(live, { url: "/live?as=visitor", streamUrl: "/live/stream?as=visitor" });
  };

  // From where the picture stands, at once.
  live.renew = () => openStream();

  const from = (url, cursor) => (cursor ? `${url}${url.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}` : url);

  // On a thin link: no stream, which brings every movement at once, but a packed answer now and then.
  live.spare = function (isSparing) {
    if (state.isSparing === isSparing) return;
    state.isSparing = isSparing;
    if (state.way !== "none") openStream();
  };

  // A heartbeat is news too: it says that the picture held is still true.
  function heard() {
    state.heardAt = layar.time.monotonic();
    state.pictureAt = layar.time.now();
    state.failures = 0;
    state.isLoggedOut = false;
  }

  function go(way) {
    if (state.way === way) return;
    state.way = way;
    layar.emit("connection", live.connection());
  }

  /* -- the stream -- */
  function openStream() {
    close();
    if (state.isSparing) {
      ask();
      return;
    }
    state.streamTriedAt = layar.time.monotonic();
    state.hasSpoken = false;
    const cursor = layar.picture.cursor();
    const opened = new EventSource(from(live.streamUrl, cursor));
    source = opened;
    opened.onmessage = (event) => {
      if (source !== opened) return;
      state.hasSpoken = true;
      receive(event.data);
      heard();
      go("stream");
    };
    for (const name of ["heartbeat", "beat", "ping"]) {
      opened.addEventListener(name, (event) => {
        if (source !== opened) return;
        state.hasSpoken = true;
        const now = Number(event.data);
        if (now > 1e9) layar.time.learn(now); // not every server says the time with it
        heard();
        go("stream");
      });
    }
    opened.onerror = () => {
      if (source !== opened) return;
      closeStream();
      ask();
    };
  }

  function closeStream() {
    if (source) source.close();
    source = null;
  }

  function close() {
    closeStream();
    clearTimeout(timer);
    if (asking) asking.abort();
    asking = null;
  }

  /* -- asking -- */
  async function ask() {
    close();
    const mine = (asking = new AbortController());
    const bound = (seconds) => setTimeout(() => mine.abort(), seconds * 1000);
    let deadline = bound(ASK_TIMEOUT_S * (state.isSparing ? SPARING_PATIENCE : 1));
    const answer = await answered(mine, () => {
      clearTimeout(deadline);
      deadline = bound(BODY_TIMEOUT_S);
    }).catch(() => "failed");
    clearTimeout(deadline);
    if (asking !== mine) return;
    asking = null;
    settle(answer);
  }

  async function answered(mine, begun) {
    const cursor = layar.picture.cursor();
    const url = from(live.url, cursor);
    const headers = cursor ? { "If-None-Match": `"${cursor}"` } : {};
    const response = await fetch(url, { headers, signal: mine.signal, cache: "no-store", redirect: "manual" });
    begun();
    if (response.status === 401 || response.status === 403 || response.type === "opaqueredirect") return "logged_out";
    if (response.status === 304) return "nothing";
    if (!response.ok) return "failed";
    const text = await response.text();
    layar.emit("received", Number(response.headers.get("Content-Length")) || text.length);
    receive(text);
    return "news";
  }

  function settle(answer) {
    if (answer === "failed" || answer === "logged_out") {
      state.failures += 1;
      state.isLoggedOut = answer === "logged_out";
      go(answer === "logged_out" ? "logged_out" : "lost");
      again(Math.min(LONGEST_WAIT_S, 0.5 * 2 ** Math.min(state.failures, 4)));
      return;
    }
    const wasAway = state.way !== "poll" && state.way !== "stream";
    heard();
    go("poll");
    if (state.isSparing) {
      again(SPARING_ASK_EVERY_S);
      return;
    }
    // The server answers again: the stream is worth another try at once; else now and then.
    const isDue = layar.time.monotonic() - state.streamTriedAt > STREAM_AGAIN_S;
    if (isDue || (wasAway && layar.time.monotonic() - state.streamTriedAt > 3)) openStream();
    else again(ASK_EVERY_S);
  }

  // Jitter: twenty walls must not all come back in the same instant.
  function again(seconds) {
    clearTimeout(timer);
    timer = setTimeout(ask, seconds * 1000 * (0.75 + Math.random() * 0.5));
  }

  /* -- messages -- */
  function receive(text) {
    let message;
    try {
      message = JSON.parse(text);
    } catch (error) {
      layar.complain("message", error);
      return;
    }
    state.messages += 1;
    layar.time.learn(message.now);
    reloadForBuild(message.build);
    if (!layar.picture.apply(message)) {
      layar.picture.forget();
      ask();
    }
  }

  // The server runs another build than this page was made by: load the page anew, once for that build.
  function reloadForBuild(build) {
    const made = document.querySelector("[data-build]");
    const own = made && made.dataset.build;
    if (!own || !build || own === build) return;
    try {
      if (sessionStorage.getItem(RELOADED) === build) return;
      sessionStorage.setItem(RELOADED, build);
    } catch (error) {
      layar.complain("storage", error); // without memory of it a reload could go on for ever
      return;
    }
    live.reload();
  }
  live.reload = () => window.location.reload();

  /* -- watching over it -- */
  function watch() {
    const local = layar.time.local();
    const stood = local - state.tickedAt;
    state.tickedAt = local;
    // a page that stood still has unread news behind it: its own silence is not the server's
    if (stood > STALLED_S) state.awokeAt = layar.time.monotonic();
    // the monotonic clock stands still while a machine sleeps, the wall's does not
    if (Math.abs(stood) > ASLEEP_S) openStream();
    else if (source && quiet() > (state.hasSpoken ? SILENCE_S : MUTE_S)) ask();
  }

  const patience = () => SILENCE_S * (state.isSparing ? SPARING_PATIENCE : 1);
  const silence = () => layar.time.monotonic() - Math.max(state.heardAt ?? state.since, state.awokeAt);
  const quiet = () => {
    const sign = state.hasSpoken ? Math.max(state.heardAt, state.streamTriedAt) : state.streamTriedAt;
    return layar.time.monotonic() - Math.max(sign, state.awokeAt);
  };
})();
