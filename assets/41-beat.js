/* What a screen does so that the room and the server see that it lives: a small pulse beside its clock, a beat to the
   server, and a watch over itself that loads the page anew when it has got stuck, a few times an hour and never more. */
(function () {
  "use strict";
  const layar = window.layar;
  const BEAT_S = 10;
  const ASK_TIMEOUT_MS = 5000;
  const STUCK_S = 30; // no second was counted: the page's own clockwork has stopped
  const LOST_S = 180; // no news, though the server answers
  const MOST_ERRORS = 200; // in one life of the page
  const MOST_RELOADS = 3;
  const HOUR_MS = 3600000;
  const RELOADS = "layar-reloads";
  const page = Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const held = { ticked: null, beaten: 0, lostAt: null, errors: 0, complaints: 0, isAsking: false };
  const beat = (layar.beat = { page, errors: () => held.errors + held.complaints, reloads: () => reloads().length });

  for (const name of ["error", "unhandledrejection"]) window.addEventListener(name, () => (held.errors += 1));
  const { complain } = layar;
  layar.complain = function (what, error) {
    held.complaints += 1;
    complain(what, error);
  };
  for (const id of ["wall", "cams"]) layar.whenBuilt(id, () => layar.guard("beat", start));

  function start() {
    held.ticked = layar.time.monotonic();
    setInterval(() => layar.guard("watch", watch), 5000);
    layar.on("second", (now) => {
      held.ticked = layar.time.monotonic();
      layar.guard("pulse", () => pulse(now));
      layar.guard("beat", () => tell(now));
    });
  }

  /* -- the pulse: it moves once a second as long as the page counts seconds and what it shows is news -- */
  function pulse(now) {
    const clock = layar.slot("wall-clock-zone") || layar.slot("cams-zone");
    if (!clock || !clock.parentElement) return;
    let dot = clock.querySelector(".pulse");
    if (!dot) clock.append((dot = layar.element("i", "pulse")));
    const isNews = layar.live.connection() === "live" || layar.past.isAsked();
    dot.dataset.state = !isNews ? "dead" : Math.floor(now) % 2 ? "up" : "down";
  }

  /* -- the beat: of visitors only a screen that is theirs for now sends one -- */
  const isOurs = () => layar.picture.cursor() !== null && (!layar.picture.isForVisitors() || layar.visit.isOn());

  function tell(now) {
    if (now - held.beaten < BEAT_S && now >= held.beaten) return;
    held.beaten = now;
    const [wall, screen] = [layar.canvas.wall(), layar.canvas.screen()];
    if (!wall || !screen || layar.past.isAsked() || !isOurs()) return;
    const body = {
      page, connection: layar.live.connection(), width: window.innerWidth, height: window.innerHeight,
      errors: beat.errors(), reloads: reloads().length,
    };
    fetch(`/api/v1/walls/${encodeURIComponent(wall)}/screens/${encodeURIComponent(screen)}/beat`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
      signal: AbortSignal.timeout(ASK_TIMEOUT_MS), keepalive: true,
    }).catch(() => undefined); // a server that is gone is said by the connection already
  }

  /* -- the watch -- */
  function watch() {
    const now = layar.time.monotonic();
    if (now - held.ticked > STUCK_S) again("no second was counted");
    else if (held.errors > MOST_ERRORS) again("too many errors");
    else lost(now);
  }

  // The server answers, yet no news comes through: something in this page is stuck, not the world outside.
  async function lost(now) {
    if (layar.live.connection() !== "lost") held.lostAt = null;
    else held.lostAt ??= now;
    if (held.lostAt === null || now - held.lostAt < LOST_S || held.isAsking) return;
    held.isAsking = true;
    const isThere = await fetch("/readyz", { signal: AbortSignal.timeout(ASK_TIMEOUT_MS), cache: "no-store" })
      .then((answer) => answer.ok, () => false);
    held.isAsking = false;
    if (isThere && layar.live.connection() === "lost") again("no news from a server that answers");
  }

  // When this page was loaded anew by itself within the last hour; of a browser that remembers nothing, always too often.
  function reloads() {
    try {
      const told = JSON.parse(sessionStorage.getItem(RELOADS) || "[]");
      return told.filter((at) => typeof at === "number" && Date.now() - at < HOUR_MS && at <= Date.now());
    } catch {
      return Array(MOST_RELOADS).fill(0);
    }
  }

  function again(why) {
    const before = reloads();
    if (before.length >= MOST_RELOADS) return;
    layar.complain("watch", new Error(`loaded anew: ${why}`));
    sessionStorage.setItem(RELOADS, JSON.stringify([...before, Date.now()]));
    layar.live.reload();
  }
  beat.again = again;
})();
