/* The strip of street cameras, the one that best shows the gravest incident first, each with the reason. A picture is shown with its age and never as
   newer than it is; a camera that is lost keeps its last good picture, grey and stamped, and a picture that the server
   does not believe (frozen, covered, turned …) is stamped with what is wrong with it. */
(function () {
  "use strict";
  const layar = window.layar;
  const TILES = 6;
  const EVERY_MS = 2000;
  const FETCH_TIMEOUT_MS = 6000;
  const NO_PICTURE_TURNS = 5; // a camera that never gave a picture is asked for less often
  const UNTOLD = { late_s: 30, lost_s: 120 }; // until the legend has said what goes with the period of the cameras
  const pictures = new Map();

  layar.on("picture", ({ changed }) => {
    if (changed.has("panels")) layar.guard("cameras", strip);
  });
  layar.on("drawn", (names) => {
    if (names.has("incidents")) layar.guard("cameras", strip);
  });
  layar.on("second", () => layar.guard("cameras", ages));

  const listed = () => (layar.picture.panels().cameras || []).slice(0, TILES);

  function strip() {
    const box = layar.slot("wall-cameras");
    if (!box) return;
    const cameras = listed();
    layar.keyed(box, cameras, (camera) => camera.key, make, update);
    for (const key of pictures.keys()) if (!cameras.some((camera) => camera.key === key)) forget(key);
    box.dataset.count = String(cameras.length);
    note();
    ages();
  }

  function make(camera) {
    const { element } = layar;
    const tile = element("figure", "camera");
    const image = element("img", "camera-picture");
    image.alt = "";
    image.hidden = true;
    const none = element("div", "camera-none");
    none.append(element("i", "camera-none-icon"), element("span", "", "menunggu gambar"));
    const age = element("div", "camera-age");
    age.append(element("i", "camera-dot"), element("span"));
    const caption = element("figcaption", "camera-caption");
    caption.append(element("b", "camera-name"), element("span", "camera-near"));
    tile.append(image, none, element("div", "camera-stamp"), age, caption);
    pictures.set(camera.key, { tile, image, faults: [], etag: null, url: null, at: null, asking: false, isAsked: false, waits: 0 });
    refresh(camera.key);
    return tile;
  }

  function forget(key) {
    const picture = pictures.get(key);
    if (picture.url) URL.revokeObjectURL(picture.url);
    pictures.delete(key);
  }

  function update(tile, camera) {
    const caption = tile.lastElementChild;
    layar.write(caption.firstElementChild, camera.name);
    layar.write(caption.lastElementChild, camera.reason);
    tile.dataset.sees = String(Boolean(camera.sees));
    tile.dataset.health = camera.health;
    const picture = pictures.get(camera.key);
    if (!picture) return;
    picture.faults = camera.faults || [];
    if (picture.at === null) picture.told = camera.last_picture_at;
  }

  // What the strip is about, and whether anybody sees it.
  function note() {
    const box = layar.slot("wall-camera-note");
    const { eyes } = layar.picture.panels();
    if (!box) return;
    box.hidden = !eyes;
    if (!eyes) return;
    const incident = layar.picture.layer("incidents").get(eyes.near);
    const what = incident ? incident[0].properties.title : "Kejadian terburuk";
    layar.write(box, `${what}: ${eyes.text}`);
    box.dataset.seen = String(eyes.seen_by > 0);
  }

  /* -- pictures -- */
  setInterval(() => {
    for (const [key, picture] of pictures) {
      if (picture.waits > 0) picture.waits -= 1;
      else refresh(key);
    }
  }, EVERY_MS);

  async function refresh(key) {
    const picture = pictures.get(key);
    if (!picture || picture.asking || document.hidden) return;
    picture.asking = true;
    const stop = new AbortController();
    const deadline = setTimeout(() => stop.abort(), FETCH_TIMEOUT_MS);
    try {
      const headers = picture.etag ? { "If-None-Match": picture.etag } : {};
      const url = `/cameras/${encodeURIComponent(key)}.jpg?size=medium`;
      const response = await fetch(url, { headers, signal: stop.signal, cache: "no-store", redirect: "manual" });
      if (response.status === 200) await show(picture, response);
      else await response.arrayBuffer(); // an answer nobody reads counts as broken off
      picture.waits = response.status === 404 ? NO_PICTURE_TURNS : 0;
    } catch (error) {
      // the age on the tile says it; there is nobody at the console
    } finally {
      clearTimeout(deadline);
      picture.asking = false;
      picture.isAsked = true;
    }
  }

  async function show(picture, response) {
    const at = observed(response.headers.get("X-Observed-At"));
    const etag = response.headers.get("ETag");
    const url = URL.createObjectURL(await response.blob());
    const next = new Image();
    next.src = url;
    try {
      await next.decode();
    } catch (error) {
      URL.revokeObjectURL(url); // half a picture: the one before stays
      return;
    }
    picture.image.src = url;
    picture.image.hidden = false;
    if (picture.url) URL.revokeObjectURL(picture.url);
    Object.assign(picture, { url, at, etag });
    ages();
  }

  function observed(said) {
    if (!said) return null;
    const number = Number(said);
    if (Number.isFinite(number) && number > 0) return number;
    const moment = Date.parse(said);
    return Number.isFinite(moment) ? moment / 1000 : null;
  }

  /* -- ages -- */
  function ages() {
    const now = layar.time.now();
    for (const [, picture] of pictures) age(picture, now);
  }

  function age(picture, now) {
    const { tile } = picture;
    const [, none, stamp, label] = tile.children;
    const at = picture.at ?? picture.told ?? null;
    const old = at === null ? null : Math.max(0, now - at);
    const state = freshness(tile.dataset.health, old, picture.faults);
    tile.dataset.state = picture.url ? state : state === "lost" ? "none-lost" : "none";
    const seen = shown(old, picture.faults, now);
    layar.write(label.lastElementChild, seen === null ? "usia tidak diketahui" : `${layar.words.age(seen)} lalu`);
    layar.write(stamp, state === "lost" ? (seen === null ? "PUTUS" : `PUTUS · gambar ${layar.words.age(seen)} lalu`) : doubts(picture.faults));
    layar.icon(none.firstElementChild, `camera-${state === "lost" ? "lost" : "unknown"}`, 3.5, "rem");
    layar.write(none.lastElementChild, state === "lost" ? "kamera putus" : picture.isAsked ? "belum ada gambar" : "menunggu gambar");
  }

  // What the server says of the camera, and what we see ourselves: the worse of the two holds.
  function freshness(health, old, faults) {
    const limits = layar.sources.ages("cameras") || UNTOLD;
    if (health === "lost" || (old !== null && old > limits.lost_s)) return "lost";
    if (health === "late" || faults.length || (old !== null && old > limits.late_s) || isUnwatched()) return "late";
    return "ok";
  }

  // Nobody fetches, or nobody can tell us: then no picture may pass for a new one, however young it is.
  const isUnwatched = () => layar.live.connection() !== "live" ||
    (layar.picture.panels().degraded || []).some((trouble) => trouble.key === "camera_process");

  // How old what it shows is: a frozen camera sends new pictures of an old moment.
  function shown(old, faults, now) {
    const frozen = faults.find((fault) => fault.kind === "frozen");
    return frozen ? Math.max(old ?? 0, now - frozen.since) : old;
  }

  function doubts(faults) {
    if (!faults.length) return "";
    const since = Math.min(...faults.map((fault) => fault.since));
    return `${faults.map((fault) => fault.text.toUpperCase()).join(" · ")} · sejak ${layar.words.since(since)}`;
  }

  layar.cameras = {
    state: () => Object.fromEntries(Array.from(pictures, ([key, p]) => [key, { state: p.tile.dataset.state, at: p.at }])),
  };
})();
