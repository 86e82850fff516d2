/* The camera desk's own corner of the page's one name, and its way to the server: every question has an end, every
   answer comes back as an object, and nothing that goes wrong is thrown at whoever asked. */
(function () {
  "use strict";
  const layar = window.layar;
  const t = layar.deskText;
  const ASK_S = 12;
  const AWAY = t`Server tidak menjawab. Semua yang Anda ketik tetap ada di halaman ini.`;
  const REFUSED = {
    401: t`Sesi Anda sudah habis. Masuk lagi di tab lain, lalu ulangi di sini: tidak ada yang hilang.`,
    403: t`Token Anda tidak boleh melakukan ini. Masuk dengan token admin.`,
    409: t`Kamera ini sudah diubah orang lain. Muat yang baru, lalu ulangi perubahan Anda.`,
    412: t`Kamera ini sudah diubah orang lain. Muat yang baru, lalu ulangi perubahan Anda.`,
    428: t`Muat ulang halaman ini: server tidak tahu dari mana perubahan Anda mulai.`,
    413: t`Terlalu besar untuk dikirim.`,
    429: t`Server sedang sibuk dengan permintaan serupa. Coba lagi sebentar.`,
    503: t`Server sedang sibuk. Coba lagi sebentar.`,
  };
  const OURS = { 401: true, 403: true, 428: true };
  const desk = (layar.desk = { words: {}, isHere: false, t });

  desk.part = (name) => document.getElementById(`desk-${name}`);

  desk.word = (group, key) => layar.say((desk.words[group] || {})[key] || key);

  desk.sentence = (text) => (text ? `${text[0].toUpperCase()}${text.slice(1)}`.replace(/[^.!?…]$/, "$&.") : "");

  /* -- elements -- */
  desk.make = function (tag, className, text, said = {}) {
    const node = layar.element(tag, className, text);
    for (const [name, value] of Object.entries(said)) {
      if (name in node && name !== "list") node[name] = value;
      else node.setAttribute(name, value);
    }
    return node;
  };

  desk.button = function (text, className, then, said = {}) {
    const node = desk.make("button", `button ${className}`, text, { type: "button", ...said });
    node.addEventListener("click", then);
    return node;
  };

  desk.shape = function (tag, className, said = {}) {
    const node = document.createElementNS(layar.SVG, tag);
    if (className) node.setAttribute("class", className);
    for (const [name, value] of Object.entries(said)) node.setAttribute(name, value);
    return node;
  };

  // A shape beside the word: nobody has to tell two colours apart.
  desk.badge = function (state, text) {
    const node = layar.element("span", "desk-state");
    node.dataset.state = state;
    node.append(layar.element("i", "desk-shape"), layar.element("span", "", text));
    return node;
  };

  /* -- the server -- */
  // {ok, status, body, etag, words, field, fields}: `words` say what went wrong, `field` what it is about.
  desk.ask = async function (method, path, { body, headers = {}, timeoutS = ASK_S, isRaw = false } = {}) {
    const stop = new AbortController();
    const deadline = setTimeout(() => stop.abort(), timeoutS * 1000);
    const said = { method, headers: { Accept: "application/json", ...headers }, signal: stop.signal, cache: "no-store" };
    if (body !== undefined) {
      said.body = isRaw ? body : JSON.stringify(body);
      if (!isRaw) said.headers["Content-Type"] = "application/json";
    }
    try {
      const response = await fetch(path, { ...said, redirect: "manual" });
      const answer = await answered(response);
      desk.heard(answer.status);
      return answer;
    } catch (error) {
      desk.heard(0);
      return { ok: false, status: 0, body: null, etag: null, words: AWAY, field: null, fields: [] };
    } finally {
      clearTimeout(deadline);
    }
  };

  async function answered(response) {
    const text = await response.text();
    let body = null;
    try {
      body = text ? JSON.parse(text) : null;
    } catch (error) {
      body = null; // a stranger's page in between
    }
    const { ok, status } = response;
    const answer = { ok, status, body, etag: response.headers.get("ETag"), words: "", field: null, fields: [] };
    if (!ok && status !== 304) Object.assign(answer, complaint(status, body));
    return answer;
  }

  function complaint(status, body) {
    const said = body || {};
    const detail = (layar.lang() === "id" && said.detail_id) || desk.inWords(said.detail || "");
    const words = REFUSED[status] && (!detail || status in OURS) ? REFUSED[status] : detail;
    const fields = (said.fields || []).map(({ field, detail: why }) => ({ field, words: desk.inWords(why) }));
    return { words: words || t`Server menolak (${status}).`, field: said.field || null, fields };
  }

  /* -- what the page says above all -- */
  let isAway = false;

  desk.heard = function (status) {
    if (status === 0 || status === 401) {
      isAway = true;
      desk.tell(status === 0 ? t`${AWAY} Mencoba lagi …` : REFUSED[401], "bad", true);
    } else if (isAway) {
      isAway = false;
      desk.tell(t`Server menjawab lagi.`, "good");
    }
  };

  let until = null;
  desk.tell = function (text, mood = "good", stays = false) {
    const box = desk.part("news");
    clearTimeout(until);
    box.hidden = !text;
    box.dataset.mood = mood;
    const parts = [layar.element("span", "", text)];
    if (text === REFUSED[401]) parts.push(desk.make("a", "button", t`Masuk lagi`, { href: "/login?next=/operate/cameras", target: "_blank" }));
    else if (!isAway) parts.push(desk.button(t`Tutup`, "is-quiet", () => desk.tell("")));
    box.replaceChildren(...parts);
    if (text && !stays) until = setTimeout(() => desk.tell(""), mood === "bad" ? 20000 : 6000);
  };

  /* -- time -- */
  // Seconds since 1970 of what the server says, in either of its two ways; null for nothing.
  desk.moment = function (said) {
    if (said === null || said === undefined || said === "") return null;
    const at = typeof said === "number" ? said : Date.parse(said) / 1000;
    return Number.isFinite(at) ? at : null;
  };

  desk.ago = (at) => (at === null ? t`belum pernah` : t`${layar.words.since(at)} lalu`);
})();
