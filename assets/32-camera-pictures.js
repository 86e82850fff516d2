/* The pictures that a page shows: which are wanted is said by `want`, when each is asked for is decided here. Few at a
   time, only what is in view, unchanged ones cost no body, and a picture is whole and decoded before anybody sees it. */
(function () {
  "use strict";
  const layar = window.layar;
  const TICK_MS = 200;
  const EVERY_S = 2;
  const LOST_EVERY_S = 10;
  const NONE_EVERY_S = 10;
  const PARALLEL = 4; // of the six that a browser opens, one is the stream's
  const PARALLEL_ON_THIN = 2;
  const TIMEOUT_MS = 6000;
  const TIMEOUT_ON_THIN_MS = 20000;
  const FIRST_COST_BYTES = 5000;
  const STATUS_LINE_BYTES = 17;
  const LOST_WEIGHT = 0.1;
  const LIVE_WINDOW_S = 30;
  const OLDEST_OF_THEN_S = 300;
  const MOST_KEPT = 120; // not in view now, for when their turn comes again
  const wants = new Map();
  const entries = new Map();
  const line = { judged: null, bucket: null, isAuto: false, asking: 0, quietAt: 0, liveBytes: 0, liveAt: 0, bytes: 0 };
  const pictures = (layar.cameraPictures = {});
  const clock = () => layar.time.monotonic();

  pictures.get = (user, key) => entries.get(`${user} ${key}`) || null;
  pictures.count = () => entries.size;
  pictures.bytes = () => line.bytes;
  pictures.isThin = () => Boolean(line.judged && line.judged.isThin);

  // `mode`: "auto" finds out by itself, "thin" and "full" are said by somebody.
  pictures.setLine = function (mode) {
    const now = clock();
    line.isAuto = mode === "auto";
    line.judged = layar.cameraBudget.line(mode === "thin");
    line.bucket = layar.cameraBudget.bucket(now);
    line.quietAt = line.liveAt = now;
  };

  /* What `user` ("strip", "wall", "large") shows now: [{key, size, everyS, weight}]. Takes the place of what it said before. */
  pictures.want = function (user, list) {
    wants.delete(user);
    if (list.length) wants.set(user, new Set(list.map(({ key }) => `${user} ${key}`)));
    for (const said of list) {
      const id = `${user} ${said.key}`;
      const entry = entries.get(id) || made(user, said.key);
      entries.delete(id); // the map's order is that of use
      entries.set(id, entry);
      Object.assign(entry, { size: said.size, everyS: said.everyS || EVERY_S, weight: said.weight || 1 });
    }
    sweep();
  };

  pictures.tell = function (user, key, { health, lastPictureAt }) {
    const entry = pictures.get(user, key);
    if (!entry) return;
    if (entry.health === "lost" && health !== "lost") entry.askedAt = -Infinity;
    entry.health = health;
    entry.told = lastPictureAt;
  };

  // Seconds between two pictures of one tile, as things are.
  pictures.roundS = function () {
    const costs = wanted().filter((entry) => !isRare(entry)).map((entry) => entry.cost);
    return layar.cameraBudget.roundS(costs, line.liveBytes / Math.max(LIVE_WINDOW_S, clock() - line.liveAt));
  };

  function made(user, key) {
    return {
      user, key, size: "medium", everyS: EVERY_S, weight: 1, image: null, url: null, at: null, told: null, etag: null,
      etagSize: null, health: "unknown", isAsking: false, isAsked: false, isMissing: false, askedAt: -Infinity,
      cost: FIRST_COST_BYTES, isGone: false, isFailing: false,
    };
  }

  function sweep() {
    let spare = entries.size - MOST_KEPT - wanted().length;
    for (const [id, entry] of entries) {
      if (isWanted(entry) || (spare <= 0 && entry.user === "wall")) continue;
      spare -= 1;
      entries.delete(id);
      entry.isGone = true;
      if (entry.url) URL.revokeObjectURL(entry.url);
    }
  }

  const isWanted = ({ user, key }) => wants.has(user) && wants.get(user).has(`${user} ${key}`);
  const wanted = () => Array.from(entries.values()).filter(isWanted);

  const isRare = (entry) => entry.health === "lost" || entry.isMissing;

  /* -- whose turn it is -- */
  setInterval(() => layar.guard("camera pictures", tick), TICK_MS);

  function tick() {
    if (!wants.size || document.hidden) return;
    if (!line.judged) pictures.setLine("full");
    const { cameraBudget } = layar;
    const now = clock();
    line.bucket = cameraBudget.filled(line.bucket, now);
    while (line.asking < (pictures.isThin() ? PARALLEL_ON_THIN : PARALLEL)) {
      const next = cameraBudget.pick(wanted().map(candidate), now);
      if (!next || (pictures.isThin() && !cameraBudget.affords(line.bucket, next.entry.cost))) return;
      ask(next.entry);
    }
  }

  function candidate(entry) {
    const everyS = layar.past.isAsked() ? onceS(entry) : entry.isMissing ? NONE_EVERY_S : entry.health === "lost" ? LOST_EVERY_S : entry.everyS;
    const weight = isRare(entry) && entry.isAsked ? LOST_WEIGHT : 1;
    return { entry, askedAt: entry.askedAt, periodS: everyS, weight: weight * entry.weight, isAsking: entry.isAsking };
  }

  // Of the past there is one picture for each moment. That of another moment stays until it comes, if it is no newer.
  function onceS(entry) {
    const moment = layar.past.moment();
    if (entry.moment === moment) return Infinity;
    if (entry.at > moment || moment - entry.at > OLDEST_OF_THEN_S) drop(entry);
    Object.assign(entry, { moment, etag: null, isAsked: false, askedAt: -Infinity });
    return 0;
  }

  function drop(entry) {
    if (entry.url) URL.revokeObjectURL(entry.url);
    Object.assign(entry, { image: null, url: null, at: null });
    layar.emit("camera-picture", entry);
  }

  async function ask(entry) {
    const isProbe = line.isAuto && layar.cameraBudget.isProbeDue(line.judged, clock());
    const size = isProbe ? "medium" : entry.isMissing && entry.size === "tiny" ? "thumb" : entry.size;
    const began = clock();
    if (!line.asking) line.quietAt = began;
    Object.assign(entry, { isAsking: true, askedAt: began });
    line.asking += 1;
    const bytes = await answered(entry, size).catch(() => {
      entry.isFailing = true; // the tile says it; nobody is at the console
      return 0;
    });
    line.asking -= 1;
    Object.assign(entry, { isAsking: false, isAsked: true });
    account(entry, bytes, began, isProbe);
    layar.emit("camera-picture", entry);
  }

  function account(entry, bytes, began, isProbe) {
    const { cameraBudget } = layar;
    const now = clock();
    line.bytes += bytes;
    line.bucket = cameraBudget.spent(line.bucket, bytes);
    if (bytes && !isProbe) entry.cost = bytes;
    const wasThin = pictures.isThin();
    if (isProbe) line.judged = cameraBudget.probed(line.judged, bytes, now - began, now);
    else if (line.isAuto) {
      line.judged = cameraBudget.judged(cameraBudget.heard(line.judged, { at: now, bytes, busyS: now - line.quietAt }), now);
    }
    line.quietAt = now;
    if (pictures.isThin() !== wasThin) layar.emit("camera-line", pictures.isThin());
  }

  layar.on("received", (bytes) => {
    if (!line.bucket) return;
    line.bucket = layar.cameraBudget.spent(line.bucket, bytes);
    const passed = clock() - line.liveAt;
    if (passed > 2 * LIVE_WINDOW_S) Object.assign(line, { liveBytes: line.liveBytes / 2, liveAt: line.liveAt + passed / 2 });
    line.liveBytes += bytes;
  });

  /* -- one picture -- */
  async function answered(entry, size) {
    const stop = new AbortController();
    const deadline = setTimeout(() => stop.abort(), pictures.isThin() ? TIMEOUT_ON_THIN_MS : TIMEOUT_MS);
    try {
      const headers = entry.etag && entry.etagSize === size ? { "If-None-Match": entry.etag } : {};
      const url = layar.past.isAsked() ? layar.past.pictureUrl(entry.key) : `/cameras/${encodeURIComponent(entry.key)}.jpg?size=${size}`;
      const response = await fetch(url, { headers, signal: stop.signal, cache: "no-store", redirect: "manual" });
      const blob = await response.blob(); // an answer nobody reads counts as broken off
      if (response.status === 200) await show(entry, response, blob, size);
      entry.isRefused = response.status === 401 || response.status === 403;
      entry.isFailing = ![200, 304, 404].includes(response.status);
      if (response.status === 200 || response.status === 404) entry.isMissing = response.status === 404;
      if (response.status === 404 && layar.past.isAsked()) drop(entry);
      return weighed(response) + blob.size;
    } finally {
      clearTimeout(deadline);
    }
  }

  function weighed(response) {
    let bytes = STATUS_LINE_BYTES;
    for (const [name, value] of response.headers) bytes += name.length + value.length + 4;
    return bytes;
  }

  async function show(entry, response, blob, size) {
    const url = URL.createObjectURL(blob);
    const image = new Image();
    image.alt = "";
    image.className = "camera-picture";
    image.src = url;
    try {
      await image.decode();
    } catch (error) {
      URL.revokeObjectURL(url); // half a picture: the one before stays
      return;
    }
    const old = entry.url;
    const at = observed(response.headers.get("X-Observed-At"));
    Object.assign(entry, { url, image, at, etag: response.headers.get("ETag"), etagSize: size });
    if (entry.isGone) URL.revokeObjectURL(url);
    else layar.emit("camera-picture", entry);
    if (old) URL.revokeObjectURL(old);
  }

  function observed(said) {
    if (!said) return null;
    const number = Number(said);
    if (Number.isFinite(number) && number > 0) return number;
    const moment = Date.parse(said);
    return Number.isFinite(moment) ? moment / 1000 : null;
  }
})();
