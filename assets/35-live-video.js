/* Live video on any element: `layar.liveVideo.show(element, cameraId)` and `.stop(element)`. Where there is none, stills
   come instead, one a second, and the chip says why. One connection for all tiles of the page; docs/decisions/0007. */
(function () {
  "use strict";
  const layar = window.layar;
  const WORDS = 0, BEGINNING = 1, PIECE = 2; // as dashboard/live_video_wire.py
  const HEAD = 7;
  const LAST_TILE = 65535;
  const SILENT_MS = 8000;
  const LINGER_MS = 2000;
  const LONGEST_WAIT_MS = 30000;
  const FORBIDDEN_WAIT_MS = 60000;
  const LATE_S = 3;
  const MOST_FAILURES = 3;
  const STILL_EVERY_S = 1;
  const REFUSED = { id: "video langsung tidak untuk layar ini: gambar diam cepat", en: "live video is not for this screen: fast stills" };
  const AWAY = { id: "video langsung belum tersedia: gambar diam cepat", en: "live video is not available yet: fast stills" };
  const UNPLAYABLE = { id: "peramban tidak dapat memutar video: gambar diam cepat", en: "the browser cannot play the video: fast stills" };

  const tiles = new Map(); // number → tile
  const line = { stop: null, screen: null, failures: 0, heardAt: 0, timer: null, isTelling: false, isDirty: false, forbiddenUntil: 0 };
  let newest = 0;

  const byElement = (element) => Array.from(tiles.values()).find((tile) => tile.element === element);
  const tileOf = (number) => tiles.get(number) || null;

  /* -- what a page calls -- */
  layar.liveVideo = {
    show(element, camera) {
      const shown = byElement(element);
      if (shown && shown.camera === camera) return;
      if (shown) drop(shown);
      const tile = make(element, camera);
      want(tile);
      if (performance.now() < line.forbiddenUntil) instead(tile, REFUSED, "refused");
      else if (line.timer) instead(tile, AWAY, "lost");
      else say(tile, "opening", { id: "menyambung video …", en: "connecting video …" });
      if (!tile.isWanted) return;
      connect();
      tell();
    },
    stop(element) {
      const shown = byElement(element);
      if (!shown) return;
      drop(shown);
      tell();
      if (!tiles.size) setTimeout(() => { if (!tiles.size) hangUp(); }, LINGER_MS);
    },
    // For tests and for the curious: what each tile shows.
    state: () => Array.from(tiles.values(), ({ camera, state, video }) => ({ camera, state, at: video.currentTime })),
  };

  function make(element, camera) {
    const box = layar.element("div", "live-video");
    const video = document.createElement("video");
    video.muted = video.playsInline = true;
    video.disablePictureInPicture = true;
    const chip = layar.element("div", "live-chip");
    const words = layar.element("span");
    words.append(layar.element("span"), layar.element("span", "live-instead"));
    chip.append(layar.element("i", "live-dot"), words);
    box.append(video, chip);
    element.append(box);
    const tile = { number: 0, element, camera, box, video, chip, state: "", failures: 0, words: "", still: null };
    tile.player = layar.livePlayer.make(video, () => failed(tile));
    return tile;
  }

  // A new number each time: what is still on its way for the old one is not for this one.
  function want(tile) {
    tiles.delete(tile.number);
    do newest = (newest % LAST_TILE) + 1; while (tiles.has(newest));
    tile.number = newest;
    tile.isWanted = true;
    tiles.set(tile.number, tile);
  }

  function drop(tile) {
    tiles.delete(tile.number);
    stills(tile, false);
    tile.player.end();
    tile.box.remove();
    delete tile.element.dataset.live;
  }

  function failed(tile) {
    tile.failures += 1;
    if (tile.failures >= MOST_FAILURES) instead(tile, UNPLAYABLE, "refused");
    else {
      say(tile, "opening", { id: "video diulang …", en: "video starts again …" });
      want(tile);
    }
    tell();
  }

  /* -- what a tile shows -- */
  function say(tile, state, words) {
    if (tile.state !== state) {
      tile.state = state;
      tile.box.dataset.state = state;
      tile.element.dataset.live = state; // so that what stands beside can give way
    }
    stills(tile, state === "lost" || state === "refused");
    tile.said = words;
    const [why, instead = ""] = layar.say(words).split(/(?=(?::| ·) (?:gambar diam|fast stills|still picture))/);
    const [first, second] = tile.chip.lastElementChild.children;
    layar.write(first, why);
    layar.write(second, instead);
  }

  const both = ({ text, text_en: en }, rest = { id: "", en: "" }) => ({ id: text + rest.id, en: (en || text) + rest.en });

  layar.onLang(() => {
    for (const tile of tiles.values()) if (tile.said) say(tile, tile.state, tile.said);
  });

  function instead(tile, words, state) {
    if (state === "refused") tile.isWanted = false;
    keepLast(tile);
    tile.player.end();
    say(tile, state, words);
  }

  // What was seen last stays, grey, until a still takes its place.
  function keepLast(tile) {
    const { video, box } = tile;
    if (!video.videoWidth || video.readyState < 2 || tile.element.closest(".camera")) return;
    const last = layar.element("canvas", "live-last");
    last.width = video.videoWidth;
    last.height = video.videoHeight;
    last.getContext("2d").drawImage(video, 0, 0);
    forgetLast(tile);
    box.prepend(last);
  }

  function forgetLast(tile) {
    tile.box.querySelectorAll(".live-last").forEach((last) => last.remove());
  }

  // Inside a camera's tile its stills stand below already; elsewhere they are asked for here.
  function stills(tile, areWanted) {
    if (tile.element.closest(".camera") || areWanted === Boolean(tile.still)) return;
    if (!areWanted) {
      layar.cameraPictures.want(tile.still, []);
      tile.still = null;
      tile.box.querySelectorAll(".camera-picture").forEach((image) => image.remove());
      return;
    }
    tile.still = `live ${tile.number}`;
    layar.cameraPictures.want(tile.still, [{ key: tile.camera, size: "full", everyS: STILL_EVERY_S, weight: 4 }]);
  }

  layar.on("camera-picture", (entry) => {
    const tile = Array.from(tiles.values()).find((one) => one.still === entry.user);
    if (!tile || !entry.image || entry.image.parentNode === tile.box) return;
    tile.box.querySelectorAll(".camera-picture").forEach((image) => image.remove());
    forgetLast(tile);
    tile.box.prepend(entry.image);
  });

  setInterval(() => layar.guard("live video", look), 500);

  function look() {
    for (const tile of tiles.values()) {
      const age = tile.state === "playing" || tile.state === "late" ? tile.player.age(layar.time.now()) : null;
      if (age === null) continue;
      const seen = layar.words.decimal(Math.max(0, age), 1);
      if (age > LATE_S) say(tile, "late", `${layar.say("TERTUNDA", "DELAYED")} · ${seen} ${layar.say("dtk", "s")}`);
      else say(tile, "playing", `${layar.say("LANGSUNG", "LIVE")} · ${seen} ${layar.say("dtk", "s")}`);
    }
    if (line.stop && performance.now() - line.heardAt > SILENT_MS) line.stop.abort();
  }

  /* -- the one connection -- */
  async function connect() {
    if (line.stop || line.timer) return;
    const stop = (line.stop = new AbortController());
    line.heardAt = performance.now();
    try {
      const response = await fetch("/video", { signal: stop.signal, cache: "no-store", redirect: "manual" });
      if (response.status === 200) await listen(response.body.getReader());
      else refused(response.status);
    } catch (error) {
      // hung up, by us or by the other end: below we try again
    }
    ended();
  }

  function refused(status) {
    if (status !== 401 && status !== 403) return;
    line.forbiddenUntil = performance.now() + FORBIDDEN_WAIT_MS;
    for (const tile of tiles.values()) instead(tile, REFUSED, "refused");
  }

  function ended() {
    line.stop = line.screen = null;
    if (!Array.from(tiles.values()).some((tile) => tile.isWanted)) return;
    for (const tile of tiles.values()) if (tile.isWanted && tile.state !== "lost") instead(tile, AWAY, "lost");
    line.failures += 1;
    const backOff = Math.min(LONGEST_WAIT_MS, 500 * 2 ** Math.min(line.failures, 10)) * (0.7 + 0.6 * Math.random());
    line.timer = setTimeout(() => {
      line.timer = null;
      for (const tile of Array.from(tiles.values())) if (tile.isWanted) want(tile);
      if (Array.from(tiles.values()).some((tile) => tile.isWanted)) connect();
    }, backOff);
  }

  function hangUp() {
    clearTimeout(line.timer);
    line.timer = null;
    if (line.stop) line.stop.abort();
  }

  async function listen(reader) {
    let rest = new Uint8Array(0);
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      line.heardAt = performance.now();
      rest = joined(rest, value);
      let at = 0;
      while (rest.length - at >= HEAD) {
        const head = new DataView(rest.buffer, rest.byteOffset + at, HEAD);
        const end = at + HEAD + head.getUint32(3);
        if (end > rest.length) break;
        const [kind, number, payload] = [head.getUint8(0), head.getUint16(1), rest.slice(at + HEAD, end)];
        layar.guard("live video", () => hear(kind, number, payload));
        at = end;
      }
      rest = rest.slice(at);
    }
  }

  function joined(one, other) {
    if (!one.length) return other;
    const both = new Uint8Array(one.length + other.length);
    both.set(one);
    both.set(other, one.length);
    return both;
  }

  function hear(kind, number, payload) {
    const tile = tileOf(number);
    if (kind === WORDS) heardWords(JSON.parse(new TextDecoder().decode(payload)));
    else if (tile && kind === BEGINNING) tile.player.begin(tile.codec, payload);
    else if (tile && kind === PIECE) {
      line.failures = 0;
      tile.player.piece(new DataView(payload.buffer, payload.byteOffset).getFloat64(0), payload.subarray(8));
    }
  }

  function heardWords(said) {
    layar.time.learn(said.now);
    if (said.screen) {
      line.screen = said.screen;
      tell();
    }
    const tile = tileOf(said.tile);
    if (!tile) return;
    if (said.state === "playing") plays(tile, said.codec);
    else if (said.state === "opening") say(tile, "opening", { id: "menyambung video …", en: "connecting video …" });
    else if (said.state) instead(tile, both(said, said.state === "lost" ? { id: " · gambar diam", en: " · still picture" } : { id: "", en: "" }), said.state);
  }

  function plays(tile, codec) {
    tile.codec = codec;
    if (layar.livePlayer.plays(codec)) {
      forgetLast(tile);
      say(tile, "playing", { id: "LANGSUNG", en: "LIVE" });
    } else {
      instead(tile, UNPLAYABLE, "refused");
      tell();
    }
  }

  // Says which cameras stand on which tiles; one word at a time, the newest last.
  async function tell() {
    line.isDirty = true;
    if (line.isTelling || !line.screen) return;
    line.isTelling = true;
    while (line.isDirty && line.screen) {
      line.isDirty = false;
      await told(line.screen).catch(() => {
        if (line.stop) line.stop.abort();
      });
    }
    line.isTelling = false;
  }

  async function told(screen) {
    const wanted = Array.from(tiles.values()).filter((tile) => tile.isWanted);
    const body = JSON.stringify({ tiles: Object.fromEntries(wanted.map(({ number, camera }) => [number, camera])) });
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(`/video/${screen}/tiles`, { method: "POST", headers, body, redirect: "manual" });
    if (response.status !== 200) throw new Error(`tiles: ${response.status}`);
    for (const [number, answer] of Object.entries((await response.json()).tiles)) {
      const tile = tileOf(Number(number));
      if (tile && answer.state === "refused") instead(tile, both(answer), "refused");
    }
  }
})();
