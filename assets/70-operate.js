/* The operator's desk: which room and which row are looked at, what the server says of them, and the way to it. Draws
   nothing. A room is data (dashboard/operate.py), so nothing here knows one of them by name, but for the front page. */
(function () {
  "use strict";
  const layar = window.layar;
  const EVERY_MS = 2000;
  const ASK_MS = 12000;
  const FRONT = "now";
  const REFUSED = {
    0: { id: "Server tidak menjawab. Yang Anda ketik tetap ada di sini.", en: "The server does not answer. What you typed stays here." },
    401: { id: "Sesi Anda sudah habis. Masuk lagi di tab lain, lalu ulangi di sini.", en: "Your session is over. Sign in again in another tab." },
    403: { id: "Akun Anda tidak boleh melakukan ini.", en: "Your account may not do this." },
    404: { id: "Ini sudah tidak ada, atau tidak dapat dibatalkan lagi.", en: "It is no longer there, or can no longer be taken back." },
    412: { id: "Sementara itu sudah diubah orang lain. Periksa keadaan yang baru, lalu simpan lagi.", en: "Somebody else has changed it meanwhile. Look at it as it is now, then save again." },
    503: { id: "Server sedang sibuk. Coba lagi sebentar.", en: "The server is busy. Try again in a moment." },
  };
  const held = { room: FRONT, key: null, group: null, search: "", sought: {}, said: null, isHere: false, turn: 0 };
  const ops = (layar.ops = {
    FRONT,
    isHere: () => held.isHere,
    part: (name) => layar.slot(`ops-${name}`),
    room: () => held.room,
    said: () => held.said,
    group: () => held.group,
    isFront: () => held.room === FRONT,
    chosen: () => (held.said && held.said.rows ? held.said.rows.find(({ key }) => key === held.key) || null : null),
    deed: (name) => (held.said && held.said.deeds ? held.said.deeds.find((deed) => deed.name === name) || null : null),
  });

  /* -- elements -- */
  ops.make = function (tag, className, text, said = {}) {
    const node = layar.element(tag, className, text);
    for (const [name, value] of Object.entries(said)) name in node ? (node[name] = value) : node.setAttribute(name, value);
    return node;
  };

  ops.button = function (words, className, then) {
    const node = ops.make("button", `button ${className}`, layar.say(words), { type: "button" });
    node.addEventListener("click", then);
    return node;
  };

  // A shape and a word beside the colour: nobody has to tell two colours apart.
  ops.badge = function (mood, words) {
    const node = layar.element("span", "ops-state");
    node.dataset.mood = mood;
    node.append(layar.element("i", "ops-shape"), layar.element("span", "", layar.say(words)));
    return node;
  };

  // What is rehearsed says so wherever it stands.
  ops.drillMark = () => layar.element("span", "ops-badge is-drill", layar.modeWords("drill")[0]);

  /* -- the server: {ok, status, body, words}; nothing is ever thrown -- */
  ops.ask = async function (path, body) {
    const stop = new AbortController();
    const deadline = setTimeout(() => stop.abort(), ASK_MS);
    const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
    try {
      const response = await fetch(`/api/v1/desk${path}`, { ...sent, signal: stop.signal, cache: "no-store", redirect: "manual" });
      const said = await response.json().catch(() => null);
      const words = response.ok ? null : REFUSED[response.status] || (said && (said.words || said.detail)) || `${response.status}`;
      return { ok: response.ok, status: response.status, body: said || {}, words };
    } catch (error) {
      return { ok: false, status: 0, body: {}, words: REFUSED[0] };
    } finally {
      clearTimeout(deadline);
    }
  };

  ops.load = async function () {
    const turn = (held.turn += 1);
    const room = held.room;
    const sought = new URLSearchParams(held.sought).toString();
    const answer = await ops.ask(room === FRONT ? "" : `/${encodeURIComponent(room)}${sought ? `?${sought}` : ""}`);
    if (turn !== held.turn || room !== held.room) return; // a newer question is under way
    if (!answer.ok) {
      ops.tell(answer.words, "bad", { isKept: true });
      return;
    }
    ops.untell("bad");
    layar.time.learn(answer.body.now);
    const before = ops.chosen();
    held.said = answer.body;
    if (!ops.isFront() && !ops.chosen()) choose();
    layar.emit("ops-said", { before, now: ops.chosen() });
  };

  // The first row that can be seen, where the one chosen is gone.
  function choose() {
    const first = ops.rows()[0];
    held.key = first ? first.key : null;
  }

  /* -- what is looked at -- */
  ops.rows = function () {
    const { rows = [], groups = [] } = held.said || {};
    const group = held.group || (groups.length ? groups[0].key : null);
    return rows.filter((row) => (group === null || row.group === group) && isFound(row));
  };

  function isFound(row) {
    if (!held.search) return true;
    const words = [row.key, row.title, row.sub, row.state, ...row.badges, ...row.lines.map(({ value }) => value)];
    return words.some((one) => layar.say(typeof one === "object" && one && "at" in one ? "" : one).toLowerCase().includes(held.search));
  }

  ops.look = function ({ group = held.group, search = held.search }) {
    Object.assign(held, { group, search: search.toLowerCase() });
    layar.emit("ops-said", { before: ops.chosen(), now: ops.chosen() });
  };

  // Asks the server for those rows only; {}: for all.
  ops.seek = function (sought) {
    Object.assign(held, { sought, key: null });
    return ops.load();
  };

  ops.choose = function (key) {
    if (held.key === key) return;
    held.key = key;
    address(false);
    layar.emit("ops-chosen", ops.chosen());
  };

  ops.enter = function (room, key = null) {
    Object.assign(held, { room, key, group: null, search: "", sought: {}, said: null });
    address(true);
    layar.emit("ops-room", room);
    ops.load();
  };

  function address(isNew) {
    const path = ops.isFront() ? "/operate" : `/operate/${encodeURIComponent(held.room)}`;
    const wanted = held.key === null ? path : `${path}?key=${encodeURIComponent(held.key)}`;
    window.history[isNew ? "pushState" : "replaceState"](null, "", wanted);
  }

  function follow() {
    const room = decodeURIComponent(window.location.pathname.split("/")[2] || "") || FRONT;
    Object.assign(held, { room, key: new URLSearchParams(window.location.search).get("key"), said: null, group: null, search: "", sought: {} });
    layar.emit("ops-room", room);
    ops.load();
  }

  /* -- what was done, and the way back -- */
  // True when it was done.
  ops.send = async function (deed, body) {
    const answer = await ops.ask(`/${encodeURIComponent(held.room)}/${encodeURIComponent(deed.name)}`, body);
    if (answer.ok) {
      if (held.said && answer.body.undo) held.said.undo = { id: answer.body.undo, words: deed.words }; // Z may come before the news
      if (deed.is_new) Object.assign(held, { key: answer.body.key, group: null, search: "" });
      done(deed, answer.body);
    }
    await ops.load();
    return answer;
  };

  const SAVED = { id: "Tersimpan", en: "Saved" };
  const WAITS = { id: "Tersimpan sementara: catatan belum dapat ditulis", en: "Kept aside: the log cannot be written yet" };
  function done(deed, { words, is_kept: isKept, undo }) {
    const said = `${layar.say(deed.words)}: ${layar.say(isKept ? words || SAVED : WAITS).toLowerCase()}`;
    ops.tell(said, isKept ? "good" : "bad", { isUndoable: Boolean(undo) });
  }

  ops.undo = async function () {
    const last = (held.said || {}).undo; // as the server knows it, also after a restart or in another tab
    if (!last) {
      ops.tell({ id: "Tidak ada yang dapat dibatalkan.", en: "There is nothing to take back." }, "bad");
      return;
    }
    const answer = await ops.ask("/undo", { id: last.id });
    const words = answer.ok ? { id: `Dibatalkan: ${layar.say(last.words)}`, en: `Taken back: ${layar.say(last.words)}` } : answer.words;
    ops.tell(words, answer.ok ? "good" : "bad");
    await ops.load();
  };

  let until = null;
  ops.tell = function (words, mood = "good", { isUndoable = false, isKept = false } = {}) {
    const box = ops.part("news");
    clearTimeout(until);
    box.dataset.mood = mood;
    const parts = [layar.element("span", "", layar.say(words))];
    if (isUndoable) parts.push(ops.button({ id: "Batalkan (Z)", en: "Take back (Z)" }, "is-quiet", ops.undo));
    box.replaceChildren(...parts);
    box.hidden = false;
    box.dataset.isKept = String(isKept);
    if (!isKept) until = setTimeout(() => (box.hidden = true), mood === "bad" ? 15000 : 8000);
  };

  ops.untell = function (mood) {
    const box = ops.part("news");
    if (box.dataset.mood === mood && box.dataset.isKept === "true") box.hidden = true;
  };

  /* -- the start -- */
  async function run() {
    for (;;) {
      await new Promise((next) => setTimeout(next, EVERY_MS));
      if (!document.hidden) await ops.load();
    }
  }

  layar.whenBuilt("ops", (page) => {
    held.isHere = true;
    layar.time.zone = page.dataset.zone;
    layar.time.label = page.dataset.label;
    ops.part("news").className = "ops-news";
    ops.part("news").setAttribute("role", "alert");
    ops.part("news").hidden = true;
    layar.time.start();
    layar.map.start({ box: "ops-map", news: "ops-map", least: 0.85 });
    window.addEventListener("popstate", follow);
    follow();
    run();
  });
})();
