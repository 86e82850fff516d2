/* How the chosen camera looked by day and by night when all was well: asked for again from time to time, for it learns
   by itself; and the way to let it learn anew. */
(function () {
  "use strict";
  const layar = window.layar;
  const { desk } = layar;
  const { t } = desk;
  const EVERY_MS = 10000;
  const LEARNT_TURNS = 2; // what is learnt seldom changes
  const DEADLINE_MS = 8000;
  const LIGHTS = { day: t`siang`, night: t`malam` };
  const looks = (desk.looks = {});
  const held = { key: null, id: null, shown: [], teach: null };

  looks.build = function () {
    const box = layar.element("div", "desk-looks");
    held.shown = Object.keys(LIGHTS).map(look);
    box.append(...held.shown.map(({ figure }) => figure));
    held.teach = desk.button(t`Pelajari lagi`, "", () => teach(desk.book.chosen()), { id: "desk-teach" });
    const line = layar.element("div", "desk-line");
    line.append(held.teach, layar.element("span", "desk-fieldhint", t`Setelah kamera diarahkan ulang, digeser, atau dibersihkan.`));
    setInterval(() => layar.guard("desk looks", turn), EVERY_MS);
    return [box, line];
  };

  // Another camera, or the same under other masks: what was shown may show what these hide.
  looks.show = function (camera) {
    const key = JSON.stringify([camera.id, camera.masks]);
    if (held.key === key || desk.tabs.now() !== "state") return;
    Object.assign(held, { key, id: camera.id });
    for (const one of held.shown) {
      clear(one, t`memeriksa …`);
      renew(one);
    }
  };

  function look(light) {
    const figure = layar.element("figure", "desk-look");
    const image = desk.make("img", "", undefined, { alt: t`Wajah ${LIGHTS[light]}`, hidden: true });
    const none = layar.element("span", "desk-nopicture");
    figure.append(image, none, layar.element("figcaption", "", LIGHTS[light]));
    return { light, figure, image, none, url: null, etag: null, waits: 0, asked: null };
  }

  function clear(one, words) {
    if (one.url) URL.revokeObjectURL(one.url);
    Object.assign(one, { url: null, etag: null, waits: 0 });
    one.image.hidden = true;
    one.image.removeAttribute("src");
    layar.write(one.none, words);
    one.none.hidden = false;
  }

  function turn() {
    const camera = desk.book.chosen();
    if (!camera || camera.id !== held.id || desk.tabs.now() !== "state" || document.hidden) return;
    for (const one of held.shown) {
      if (one.waits > 0) one.waits -= 1;
      else renew(one);
    }
  }

  async function renew(one) {
    if (one.asked) one.asked.abort();
    const stop = (one.asked = new AbortController());
    const deadline = setTimeout(() => stop.abort(), DEADLINE_MS);
    try {
      const headers = one.etag ? { "If-None-Match": one.etag } : {};
      const path = `/cameras/${encodeURIComponent(held.id)}/reference.jpg?light=${one.light}`;
      const response = await fetch(path, { headers, signal: stop.signal, cache: "no-store", redirect: "manual" });
      const body = await response.blob();
      if (one.asked === stop) take(one, response, body);
    } catch (error) {
      if (one.asked === stop && !one.url) layar.write(one.none, t`server tidak menjawab`);
    } finally {
      clearTimeout(deadline);
      if (one.asked === stop) one.asked = null;
    }
  }

  function take(one, response, body) {
    if (response.status === 404) return clear(one, t`belum dipelajari`);
    if (response.status !== 200) return undefined;
    clear(one, "");
    Object.assign(one, { url: URL.createObjectURL(body), etag: response.headers.get("ETag"), waits: LEARNT_TURNS });
    one.image.src = one.url;
    one.image.hidden = false;
    one.none.hidden = true;
    return undefined;
  }

  function teach(camera) {
    if (!camera) return;
    desk.confirm(
      "teach", t`${camera.name} belajar lagi?`,
      t`${camera.name} (${camera.id}) melupakan wajahnya yang lama, siang dan malam. Sampai wajah baru dipelajari (beberapa menit gambar yang terang dan diam), layar tidak tahu bila kamera ini tergeser, buram, atau menghadap ke tempat lain. Pastikan sekarang arahnya sudah benar.`,
      t`Pelajari lagi`,
      async () => {
        const answer = await desk.ask("POST", `/api/v1/cameras/${encodeURIComponent(camera.id)}/teach`, { body: {} });
        if (!answer.ok) return answer.words;
        for (const one of held.shown) renew(one);
        desk.tell(answer.body.forgotten ? t`${camera.name} melupakan wajah lamanya dan belajar lagi.` : t`${camera.name} memang belum belajar; ia belajar sendiri, siang dan malam.`);
        return "";
      },
      "is-main",
    );
  }
})();
