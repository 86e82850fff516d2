/* The visitors' tour: which scene is shown, for how long, and what a guide's keys do. How a scene looks is said by those
   that register with `layar.visitor.scene`. All of it is asked for as a visitor, whoever has signed in here. */
(function () {
  "use strict";
  const layar = window.layar;
  const LOAD_S = 30;
  const AGAIN_S = 5;
  const TIMEOUT_MS = 10000;
  const LOST_S = 10;
  const kinds = {};
  const held = {
    tour: null, at: 0, spentS: 0, tickedAt: null, isHeld: false, touchedAt: -Infinity, scene: null, hasMap: true,
    isShutOut: false, hasFailed: false, loadTimer: null,
  };
  const part = (name) => layar.slot(`visitor-${name}`);
  const visitor = (layar.visitor = {
    // `make({scene, figures, tour})` gives what stands on the stage, `renew(node, said)` keeps it true, `leave()` ends it.
    scene: (kind, { hasMap = false, make, renew = () => undefined, leave = () => undefined }) => {
      kinds[kind] = { hasMap, make, renew, leave };
    },
    tour: () => held.tour,
    now: () => (held.tour ? held.tour.scenes[held.at] : null),
    isHeld: () => held.isHeld,
    // The scene has nothing more to show.
    done: () => !held.isHeld && go(following()),
  });

  layar.whenBuilt("visitor", () => {
    layar.live.asVisitor();
    layar.view.frame({
      free: { left: 940, top: 330, right: 520, bottom: 330 }, seen: { left: 760, top: 20, right: 20, bottom: 20 },
      words: { left: 780, top: 110, right: 30, bottom: 40 },
    });
    layar.time.start();
    layar.sources.start();
    layar.map.start();
    layar.live.start();
    load();
  });

  /* -- what there is to show -- */
  visitor.load = load;
  async function load() {
    clearTimeout(held.loadTimer);
    const said = await asked("/api/v1/tour");
    held.hasFailed = said === null;
    held.loadTimer = setTimeout(load, (said ? LOAD_S : AGAIN_S) * 1000);
    if (said) take(said);
    layar.guard("visitor", notes);
  }

  visitor.ask = asked;
  async function asked(path) {
    const stop = new AbortController();
    const deadline = setTimeout(() => stop.abort(), TIMEOUT_MS);
    try {
      const response = await fetch(path, { signal: stop.signal, cache: "no-store", redirect: "manual" });
      held.isShutOut = response.status === 401 || response.status === 403 || response.type === "opaqueredirect";
      return response.ok ? await response.json() : null;
    } catch (error) {
      return null;
    } finally {
      clearTimeout(deadline);
    }
  }

  function take(tour) {
    const before = held.tour && JSON.stringify(held.tour.scenes);
    held.tour = tour;
    if (before === JSON.stringify(tour.scenes)) layar.guard("visitor", renew);
    else go(held.scene === null ? 0 : Math.min(held.at, tour.scenes.length - 1));
  }

  /* -- one scene after another -- */
  // What has nothing to show is passed over by the tour, not by a guide's hand.
  const isReady = (scene) => scene.shows !== "past" || scene.past !== null;

  function following() {
    const { scenes } = held.tour;
    for (let step = 1; step <= scenes.length; step++) {
      const next = (held.at + step) % scenes.length;
      if (isReady(scenes[next])) return next;
    }
    return held.at;
  }

  function go(at) {
    if (held.scene) layar.guard("visitor", kinds[held.scene.shows].leave);
    Object.assign(held, { at, scene: held.tour.scenes[at], spentS: 0 });
    layar.guard("visitor", words);
    layar.guard("visitor", stage);
    layar.guard("visitor", dots);
  }

  function words() {
    const { scenes } = held.tour;
    layar.write(part("count"), layar.say(`${held.at + 1} dari ${scenes.length}`, `${held.at + 1} of ${scenes.length}`));
    layar.write(part("title"), layar.say(held.scene.title));
    layar.write(part("caption"), layar.say(held.scene.caption));
  }

  function stage() {
    const kind = kinds[held.scene.shows];
    layar.slot("visitor").dataset.scene = held.scene.shows;
    layar.slot("visitor").dataset.map = String(kind.hasMap);
    const node = kind.make(said());
    node.classList.add("visitor-scene");
    part("stage").replaceChildren(node);
    renew();
  }

  const said = () => ({ scene: held.scene, figures: held.tour.figures, tour: held.tour });

  function renew() {
    const node = part("stage").firstElementChild;
    if (node && held.scene) kinds[held.scene.shows].renew(node, said());
  }

  function dots() {
    const box = part("dots");
    const { scenes } = held.tour;
    layar.keyed(box, scenes, (scene) => scene.number, dot, (node, scene, place) => {
      node.dataset.state = place === held.at ? "now" : isReady(scene) ? "" : "empty";
      node.setAttribute("aria-label", layar.say(scene.title));
      const done = place === held.at ? Math.min(1, held.spentS / scene.seconds) : 0;
      node.firstElementChild.style.setProperty("--done", `${(100 * done).toFixed(1)}%`);
    });
    box.dataset.held = String(held.isHeld);
  }

  function dot(scene) {
    const node = layar.element("button", "visitor-dot");
    node.type = "button";
    node.append(layar.element("i"));
    node.addEventListener("click", () => byHand(() => go(scene.number)));
    return node;
  }

  /* -- time -- */
  layar.on("second", () => layar.guard("visitor", tick));

  function tick() {
    if (!held.tour || !held.scene) return;
    const now = layar.time.monotonic();
    const passed = held.tickedAt === null ? 0 : Math.min(5, now - held.tickedAt);
    held.tickedAt = now;
    // nobody may come back to a tour that was stopped
    if (held.isHeld && now - held.touchedAt > held.tour.idle_s) held.isHeld = false;
    if (!held.isHeld) held.spentS += passed;
    if (held.spentS >= held.scene.seconds) go(following());
    renew();
    dots();
    notes();
  }

  /* -- what must not be overlooked -- */
  function notes() {
    const root = layar.slot("visitor");
    if (!root) return;
    const mode = layar.picture.mode() || root.dataset.mode;
    root.dataset.mode = mode;
    part("mode").hidden = mode === "live";
    const [title, under] = layar.modeWords(mode);
    layar.write(part("mode").children[0], title);
    layar.write(part("mode").children[1], under);
    const note = trouble();
    part("note").hidden = !note;
    layar.write(part("note"), note);
    root.dataset.lost = String(Boolean(note));
  }

  function trouble() {
    if (held.isShutOut) return layar.say("Layar ini perlu dipasangkan lagi: buka /login", "This screen must be paired again: open /login");
    const at = layar.live.pictureAt();
    const isLost = layar.live.connection() === "lost" && (at === null || layar.time.now() - at > LOST_S);
    if (!isLost && !held.hasFailed) return "";
    const age = at === null ? "" : ` · ${layar.say("gambar", "picture")} ${layar.words.ago(layar.time.now() - at)}`;
    return `${layar.say("Sambungan ke server terputus · mencoba lagi", "Connection to the server lost · trying again")}${age}`;
  }

  /* -- the guide -- */
  function byHand(work) {
    if (!held.tour) return;
    Object.assign(held, { touchedAt: layar.time.monotonic(), isHeld: true });
    work();
    dots();
  }

  const step = (by) => byHand(() => go((held.at + by + held.tour.scenes.length) % held.tour.scenes.length));

  layar.key("ArrowRight", (event) => turned(event, () => step(1)), { id: "adegan berikut", en: "next scene" }, "visitor");
  layar.key("ArrowLeft", (event) => turned(event, () => step(-1)), { id: "adegan sebelum", en: "scene before" }, "visitor");
  layar.key("Home", () => byHand(() => go(0)), { id: "dari awal", en: "from the beginning" }, "visitor");
  layar.key(" ", (event) => turned(event, () => {
    const isHeld = !held.isHeld;
    byHand(() => undefined);
    held.isHeld = isHeld;
    dots();
  }), { id: "berhenti di adegan ini, atau jalan lagi", en: "hold this scene, or go on" }, "visitor");

  function turned(event, work) {
    event.preventDefault();
    work();
  }

  layar.onLang(() => {
    if (!held.scene) return;
    words();
    const { spentS } = held;
    if (held.scene.shows !== "past") stage();
    held.spentS = spentS;
    notes();
  });
  layar.onTheme(() => held.scene && layar.guard("visitor", renew));
})();
