/* The chosen camera as it is: its newest picture with its age, its state in a sentence with what to try, how it is read
   and what that costs, and every sign by which its picture is judged; the look it learnt stands below (56-desk-looks.js). */
(function () {
  "use strict";
  const layar = window.layar;
  const { desk } = layar;
  const { t } = desk;
  const EVERY_MS = 2000;
  const NO_PICTURE_TURNS = 2; // a camera that never gave a picture is asked for less often
  const held = { still: null, big: null, last: null };
  const view = (desk.view = {});

  /* -- a picture that renews itself, decoded before it is shown -- */
  desk.still = function (image, size) {
    const still = { image, size, id: null, etag: null, url: null, at: null, isAsked: false, isAsking: false, waits: 0, onNew: null };
    still.show = function (id) {
      if (still.id === id) return;
      Object.assign(still, { id, etag: null, at: null, isAsked: false, waits: 0 });
      image.hidden = true;
      image.removeAttribute("src");
      if (still.url) URL.revokeObjectURL(still.url);
      still.url = null;
      renew(still);
    };
    setInterval(() => {
      if (still.waits > 0) still.waits -= 1;
      else renew(still);
    }, EVERY_MS);
    return still;
  };

  async function renew(still) {
    const { id } = still;
    if (id === null || still.isAsking || document.hidden) return;
    still.isAsking = true;
    const stop = new AbortController();
    const deadline = setTimeout(() => stop.abort(), 8000);
    try {
      const headers = still.etag ? { "If-None-Match": still.etag } : {};
      const response = await fetch(`/cameras/${encodeURIComponent(id)}.jpg?size=${still.size}`, { headers, signal: stop.signal, cache: "no-store", redirect: "manual" });
      if (response.status === 200) await take(still, id, response);
      else await response.arrayBuffer();
      if (still.id === id) still.waits = response.status === 404 ? NO_PICTURE_TURNS : 0;
    } catch (error) {
      // its age says it
    } finally {
      clearTimeout(deadline);
      still.isAsking = false;
      if (still.id === id) still.isAsked = true;
      else renew(still);
    }
  }

  async function take(still, id, response) {
    const at = desk.moment(response.headers.get("X-Observed-At"));
    const url = URL.createObjectURL(await response.blob());
    const next = new Image();
    next.src = url;
    try {
      await next.decode();
    } catch (error) {
      URL.revokeObjectURL(url);
      return;
    }
    if (still.id !== id) return URL.revokeObjectURL(url);
    if (still.url) URL.revokeObjectURL(still.url);
    Object.assign(still, { url, at, etag: response.headers.get("ETag"), width: next.naturalWidth, height: next.naturalHeight });
    still.image.src = url;
    still.image.hidden = false;
    if (still.onNew) layar.guard("desk still", () => still.onNew(still));
  }

  /* -- the head: who it is and how it is -- */
  view.build = function () {
    const { element } = layar;
    const head = desk.part("head");
    const frame = element("div", "desk-thumb");
    const image = desk.make("img", "", undefined, { alt: "", hidden: true });
    frame.append(image, element("span", "desk-nopicture"));
    const words = element("div", "desk-who");
    words.append(element("h2"), element("div", "desk-where"), desk.badge("unknown", ""), element("div", "desk-age"));
    head.append(frame, words);
    held.still = desk.still(image, "medium");
    buildSheet();
  };

  layar.on("desk-chosen", () => layar.guard("desk view", show));
  layar.on("desk-tab", () => layar.guard("desk view", show));
  layar.on("desk-cameras", () => layar.guard("desk view", show));
  layar.on("desk-draft", () => layar.guard("desk view", head));
  layar.on("second", () => desk.isHere && layar.guard("desk view", ages));

  function show() {
    const draft = desk.book.draft();
    const camera = desk.book.chosen();
    desk.part("side").dataset.empty = String(!draft);
    layar.write(desk.part("nobody"), desk.book.cameras().length ? t`Pilih kamera di daftar atau di peta.` : t`Kamera yang Anda tambahkan tampil di sini.`);
    held.still.show(camera ? camera.id : null);
    held.big.show(camera && desk.tabs.now() === "state" ? camera.id : null);
    held.last.show(camera && desk.tabs.now() === "state" && isOld(camera) ? camera.id : null);
    if (!draft) return;
    head();
    if (camera) evidence(camera);
    ages();
  }

  function head() {
    const draft = desk.book.draft();
    if (!draft) return;
    const camera = desk.book.chosen();
    const [, words] = desk.part("head").children;
    const [title, where, badge] = words.children;
    layar.write(title, draft.name || (camera ? camera.name : t`Kamera baru`));
    layar.write(where, camera ? [camera.id, camera.address].filter(Boolean).join(" · ") : t`belum disimpan`);
    const state = camera ? desk.stateOf(camera) : "unknown";
    badge.dataset.state = state;
    layar.write(badge.lastElementChild, camera ? desk.list.words[state] : t`kamera baru`);
  }

  // The newest that anybody has seen: this page, or the camera process.
  function newest(camera) {
    const seen = [held.still.at, held.big.at, desk.pictureAt(camera)].filter((at) => at !== null);
    return seen.length ? Math.max(...seen) : null;
  }

  function ages() {
    const camera = desk.book.chosen();
    const [frame, words] = desk.part("head").children;
    if (!words) return;
    const none = frame.lastElementChild;
    none.hidden = !held.still.image.hidden;
    layar.write(none, !camera ? t`belum ada` : held.still.isAsked ? t`belum ada gambar` : t`mengambil gambar …`);
    const said = !camera ? "" : newest(camera) === null ? t`Belum pernah ada gambar` : t`Gambar ${desk.ago(newest(camera))}`;
    layar.write(words.lastElementChild, said);
    layar.write(held.stamp, said);
    layar.write(held.bigNone, none.textContent);
    held.bigNone.hidden = !held.big.image.hidden;
    held.lastFigure.hidden = held.last.image.hidden;
    if (held.last.at !== null) layar.write(held.lastWords, t`gambar terakhir · ${since(held.last.at)}`);
  }

  const isOld = (camera) => desk.words.ages.includes((camera.status || {}).health);

  /* -- the sheet of evidence -- */
  function buildSheet() {
    const { element } = layar;
    const sheet = desk.part("sheet-state");
    const frame = element("div", "desk-big");
    const image = desk.make("img", "", undefined, { alt: t`Gambar terbaru`, hidden: true });
    held.bigNone = element("span", "desk-nopicture");
    held.stamp = element("span", "desk-stamp");
    frame.append(image, held.bigNone, held.stamp);
    held.big = desk.still(image, "full");
    held.sentence = element("p", "desk-sentence");
    held.facts = element("dl", "desk-facts");
    held.signs = element("div", "desk-signs");
    buildLast();
    sheet.append(frame, held.sentence, held.facts, element("h3", "", t`Apakah gambarnya benar?`), held.signs, held.lastFigure, element("h3", "", t`Wajah kamera yang dipelajari`), ...desk.looks.build());
  }

  // What a camera that is late or lost is measured against.
  function buildLast() {
    held.lastFigure = layar.element("figure", "desk-last");
    const image = desk.make("img", "", undefined, { alt: t`Gambar terakhir`, hidden: true });
    held.lastWords = layar.element("figcaption");
    held.lastFigure.append(image, held.lastWords);
    held.lastFigure.hidden = true;
    held.last = desk.still(image, "medium");
    held.last.onNew = ages;
  }

  const number = (value, digits, unit) => (value === null || value === undefined ? null : `${layar.words.decimal(value, digits)} ${unit}`);

  function evidence(camera) {
    const status = camera.status || {};
    layar.write(held.sentence, sentence(camera, status));
    held.sentence.dataset.state = desk.stateOf(camera);
    const facts = [
      [t`Keadaan sejak`, since(desk.moment(status.since))],
      [t`Cara baca`, status.rung ? desk.word("rungs", status.rung) : null],
      [t`Sebabnya`, status.rung_reason ? desk.word("reasons", status.rung_reason) : null],
      [t`Sandi video`, status.codec],
      [t`Ukuran gambar`, status.width ? `${status.width} × ${status.height}` : null],
      [t`Jarak bingkai kunci`, number(status.keyframe_spacing_s, 1, t`dtk`)],
      [t`Jam kamera`, clock(status.clock_error_s)],
      [t`Gambar diambil tiap`, number(status.period_s, 1, t`dtk`)],
      [t`Mengapa`, status.period_reason ? desk.word("periods", status.period_reason) : null],
      [t`Beban per gambar`, number(status.decode_ms, 0, t`ms CPU`)],
    ];
    held.facts.replaceChildren(...facts.flatMap(([name, value]) => [layar.element("dt", "", name), fact(value)]));
    held.signs.replaceChildren(...signs(status.signs || []));
    desk.looks.show(camera);
  }

  const fact = (value) => layar.element("dd", value ? "" : "is-unknown", value || t`belum diketahui`);

  const since = (at) => (at === null ? null : `${layar.words.hour(at)}, ${layar.words.date(at)} (${desk.ago(at)})`);

  function clock(error) {
    if (error === null || error === undefined) return null;
    if (Math.abs(error) < 1) return t`tepat`;
    return `${layar.words.span(Math.abs(error))} ${error > 0 ? t`lebih cepat` : t`lebih lambat`}`;
  }

  // What the server says comes first; a state without a reason is said in the words of the list.
  function sentence(camera, status) {
    const told = layar.say(status.sentence) || null;
    const wrong = (status.signs || []).filter((sign) => sign.is_fault && !desk.words.ages.includes(sign.kind)).map((sign) => desk.word("signs", sign.kind));
    const doubt = desk.stateOf(camera) === "ok" ? t`Perhatikan` : t`Gambar tidak dapat dipercaya`;
    const words = [told ? desk.sentence(told) : null, wrong.length ? `${doubt}: ${wrong.join(", ")}.` : null].filter(Boolean).join(" ");
    return words || { ok: t`Kamera bekerja, gambarnya baru.`, unknown: t`Kamera baru dibuka, tunggu sebentar.` }[status.health || "unknown"] || desk.sentence(desk.word("health", status.health));
  }

  function signs(list) {
    if (!list.length) return [layar.element("p", "is-unknown", t`Belum ada yang dinilai: tunggu beberapa gambar.`)];
    const table = layar.element("table", "desk-table");
    const header = layar.element("tr");
    for (const name of [t`Tanda`, t`Nilai`, t`Salah bila`, t`Sejak`]) header.append(layar.element("th", "", name));
    table.append(header, ...list.map(sign));
    return [table];
  }

  function sign({ kind, value, threshold, since: begun, is_fault: isFault }) {
    const row = layar.element("tr", isFault ? "is-wrong" : "");
    const name = layar.element("td");
    name.append(desk.badge(isFault ? "lost" : begun ? "late" : "ok", desk.word("signs", kind)));
    const at = desk.moment(begun);
    const said = (figure) => (desk.words.ages.includes(kind) ? t`${layar.words.decimal(figure, 1)} dtk` : layar.words.decimal(figure, 2));
    const cells = [said(value), `${desk.words.below.includes(kind) ? t`di bawah` : t`di atas`} ${said(threshold)}`, at === null ? t`baik` : desk.ago(at)];
    row.append(name, ...cells.map((text) => layar.element("td", "", text)));
    return row;
  }
})();
