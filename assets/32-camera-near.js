/* The incident that somebody has chosen, by a click on its row or its sign on the map: its nearest eyes take the place of
   those of the gravest one, each with its reason, until Esc, a second click, its end, or two minutes without a hand. */
(function () {
  "use strict";
  const layar = window.layar;
  const CLOSES_S = 120;
  const EVERY_S = 5;
  const TIMEOUT_MS = 6000;
  const held = { key: null, until: 0, askedAt: -Infinity, answer: null, asking: null, words: "" };
  const near = (layar.near = { key: () => held.key });
  const clock = () => layar.time.monotonic();

  const feature = (key) => (layar.picture.layer("incidents").get(key) || [])[0] || null;

  // What the server says of each camera now, in the order in which they see the place; null without a choice.
  near.cameras = function () {
    if (!held.answer) return null;
    const news = new Map((layar.picture.panels().cameras || []).map((camera) => [camera.key, camera]));
    return held.answer.cameras.filter(({ key }) => news.has(key)).map(({ key, sees, verdict, reason, reason_en, distance_m }) => (
      { ...news.get(key), sees, verdict, reason, reason_en, distance_m, near: held.key }
    ));
  };

  // The sentence above them; null without a choice.
  near.note = function () {
    if (held.key === null) return null;
    const incident = feature(held.key);
    const said = incident ? incident.properties : {};
    const seen = held.answer ? held.answer.seen_by > 0 : false;
    const what = [layar.told(said, "title"), said.kelurahan].filter(Boolean).join(" · ");
    const found = held.answer ? layar.told(held.answer) : layar.say(held.words);
    return { text: `${what} ${layar.say("(dipilih)", "(chosen)")}: ${found}`, seen };
  };

  near.choose = function (key) {
    if (layar.picture.isForVisitors() || !layar.slot("wall-cameras")) return;
    if (key === held.key) return near.drop();
    forget();
    Object.assign(held, { key, until: clock() + CLOSES_S, words: { id: "mencari kamera …", en: "looking for cameras …" } });
    ask();
    tell();
    return undefined;
  };

  near.drop = function () {
    if (held.key === null) return;
    forget();
    tell();
  };

  function forget() {
    if (held.asking) held.asking.abort();
    Object.assign(held, { key: null, askedAt: -Infinity, answer: null, asking: null });
  }

  function tell() {
    mark();
    layar.emit("incident-chosen", held.key);
  }

  async function ask() {
    const { key } = held;
    const incident = feature(key);
    if (!incident || !incident.geometry || incident.properties.place === "none") {
      held.words = { id: "lokasi belum diketahui", en: "place not known yet" };
      return;
    }
    const stop = (held.asking = new AbortController());
    held.askedAt = clock();
    const deadline = setTimeout(() => stop.abort(), TIMEOUT_MS);
    try {
      const [lon, lat] = incident.geometry.coordinates;
      const response = await fetch(`/api/v1/eyes?lon=${lon}&lat=${lat}`, { signal: stop.signal, cache: "no-store", redirect: "manual" });
      const answer = response.ok ? await response.json() : null;
      if (held.asking !== stop) return;
      if (answer) held.answer = answer;
      else held.words = { id: "kamera terdekat tidak dapat dicari", en: "the nearest cameras cannot be found" };
    } catch (error) {
      if (held.asking === stop) held.words = { id: "server tidak menjawab", en: "the server does not answer" };
    } finally {
      clearTimeout(deadline);
      if (held.asking === stop) {
        held.asking = null;
        tell();
      }
    }
  }

  function mark() {
    for (const node of document.querySelectorAll("#wall-incidents > li, .marker[data-key]")) {
      if (node.dataset.key === held.key) node.dataset.chosen = "true";
      else delete node.dataset.chosen;
    }
  }

  layar.on("drawn", (names) => {
    if (held.key === null || !names.has("incidents")) return;
    if (!feature(held.key)) near.drop();
    else mark();
  });
  layar.on("second", () => {
    if (held.key === null) return;
    if (clock() > held.until) near.drop();
    else if (!held.asking && clock() - held.askedAt >= EVERY_S) layar.guard("near", ask);
  });

  document.addEventListener("click", (event) => {
    const chosen = event.target.closest ? event.target.closest("#wall-incidents > li, .marker[data-key]") : null;
    if (chosen) near.choose(chosen.dataset.key);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") near.drop();
  });
})();
