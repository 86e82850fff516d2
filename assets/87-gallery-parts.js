/* What the gallery shows of the wall, the camera wall, the operator's desk and the briefing. */
(function () {
  "use strict";
  const layar = window.layar;
  const { gallery } = layar;
  if (!gallery) return;
  const { element } = layar;
  const { one } = gallery;
  const STILLS_PX = "1100";
  const MOST_TRIES = 10;

  gallery.book("wall", {
    words: { id: "Layar dinding", en: "Wall" }, root: "wall",
    parts: [
      ["figures", { id: "Angka utama", en: "Headline figures" }, one(".figures")],
      ["clock", { id: "Jam dan sif", en: "Clock and shift" }, one(".clock")],
      ["list", { id: "Daftar kejadian", en: "List of incidents" }, one(".wall-list")],
      ["board", { id: "Kartu papan", en: "Cards of the board" }, cards],
      ["scene", { id: "Adegan", en: "Scene" }, one("#wall-scene")],
      ["note", { id: "Kalimat kamera", en: "Sentence of the cameras" }, one("#wall-camera-note")],
      ["strip", { id: "Jalur kamera", en: "Strip of cameras" }, one("#wall-cameras")],
      ["stills", { id: "Gambar yang disimpan", en: "Kept stills" }, stills],
      ["banners", { id: "Spanduk", en: "Banners" }, one(".wall-banners")],
      ["status", { id: "Baris keadaan", en: "Status bar" }, one("#wall-status")],
    ],
  });
  gallery.book("cams", {
    words: { id: "Dinding kamera", en: "Camera wall" }, root: "cams",
    parts: [
      ["bar", { id: "Baris atas", en: "Bar" }, one(".cams-bar")],
      ["tiles", { id: "Petak kamera", en: "Tiles" }, one(".cams-body")],
    ],
  });
  gallery.book("desk", {
    words: { id: "Meja operator", en: "Operator's desk" }, root: "ops",
    parts: [
      ["now", { id: "Sekarang", en: "Now" }, deskNow],
      ["incidents", { id: "Ruang kejadian", en: "Room of incidents" }, deskRoom("incidents")],
      ["units", { id: "Ruang armada", en: "Room of units" }, deskRoom("units")],
      ["form", { id: "Formulir", en: "Form" }, deskForm],
      ["news", { id: "Pemberitahuan", en: "Notice" }, one("#ops-news")],
    ],
  });
  gallery.book("brief", { words: { id: "Ringkasan", en: "Briefing" }, root: null, enter: briefing });

  /* -- parts that must be asked for -- */
  function cards() {
    const places = layar.slot("wall").querySelector(".turns").getBoundingClientRect();
    return layar.board.cards().map((card) => {
      const box = element("section", "board panel");
      layar.board.fill(box, card);
      box.dataset.wide = String(places.width);
      box.dataset.high = String(places.height);
      return box;
    });
  }

  async function stills() {
    const box = element("div", "stills panel");
    await layar.strip.show(box, "CONTOH-1");
    Object.assign(box.dataset, { wide: STILLS_PX, high: "0" });
    return [box];
  }

  // The desk asks by itself, too: until the answer of this state is there. A broken one gives none.
  async function enter(room) {
    layar.ops.enter(room);
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      await layar.ops.load();
      if (gallery.state() === "broken" || (layar.ops.said() || {}).state === gallery.state()) return;
    }
  }

  async function deskNow() {
    await enter(layar.ops.FRONT);
    return one("#ops-now")();
  }

  function deskRoom(name) {
    return async () => {
      await enter(name);
      return ["#ops-list", "#ops-side"].flatMap((selector) => one(selector)());
    };
  }

  async function deskForm() {
    await enter("incidents");
    const deed = ((layar.ops.said() || {}).deeds || []).find(({ is_new: isNew }) => isNew);
    if (!deed) return [];
    layar.ops.form.open(deed.name);
    const shot = gallery.copy(one("#ops-form")()[0]);
    layar.ops.form.close();
    return [shot];
  }

  // Drawn by the server, in a theme, a language and a size of letters.
  function briefing() {
    const scale = Math.max(1, parseFloat(getComputedStyle(document.documentElement).fontSize) / 16);
    const known = [1, 1.25, 1.5, 2, 2.5, 3, 4];
    const nearest = known.reduce((best, value) => (Math.abs(value - scale) < Math.abs(best - scale) ? value : best));
    window.dash_clientside.set_props("gallery-reader", { data: { lang: layar.lang(), theme: layar.theme(), scale: nearest } });
  }
})();
