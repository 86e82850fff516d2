/* What the gallery shows of the health page, the visitors' tour, the desk of cameras and the replay. */
(function () {
  "use strict";
  const layar = window.layar;
  const { gallery } = layar;
  if (!gallery) return;
  const { one } = gallery;
  const BUILT_MS = 10000;
  const SOON_MS = 1500;
  const BEAT_MS = 60;
  const present = { now: layar.time.now, connection: layar.live.connection, pictureAt: layar.live.pictureAt, isAsked: layar.past.isAsked };

  /* -- the health page -- */
  gallery.book("health", {
    words: { id: "Kesehatan sistem", en: "System health" }, root: "health", room: "health",
    begin: async () => {
      await layar.health.ask();
      await layar.health.ask(); // one lost answer is no news yet
    },
    parts: [
      ["whole", { id: "Kalimat untuk semua", en: "The sentence for all" }, one("#health-whole")],
      ["parts", { id: "Bagian-bagian", en: "Parts" }, one("#health-parts")],
      ["foot", { id: "Petunjuk", en: "What to do" }, one(".health-foot")],
    ],
  });

  /* -- the visitors' tour -- */
  const SCENES = [
    ["welcome", { id: "Apa itu 112", en: "What 112 is" }], ["call", { id: "Perjalanan panggilan", en: "The way of a call" }],
    ["volunteers", { id: "Relawan", en: "Volunteers" }], ["cameras", { id: "Kamera", en: "Cameras" }],
    ["past", { id: "Rekaman", en: "A recording" }], ["map", { id: "Kota sekarang", en: "The city now" }],
  ];
  gallery.book("visitor", {
    words: { id: "Tur tamu", en: "Visitors' tour" }, root: "visitor", room: "visitor", isVisitor: true, scale: 0.6,
    begin: async () => {
      await layar.visitor.load();
      await gallery.until(() => document.querySelector(".visitor-dot"), BUILT_MS);
      scene(0);
    },
    leave: () => {
      scene(0); // so that a recording ends
      gallery.guest(false);
    },
    parts: [
      ["words", { id: "Cerita dan kemajuan", en: "Story and progress" }, one(".visitor-words")],
      ["note", { id: "Pemberitahuan", en: "Notices" }, gallery.all("#visitor-note, #visitor-mode")],
      ...SCENES.map(([name, words], number) => [name, words, () => stage(number)]),
      ["guest", { id: "MODE TAMU di layar dinding", en: "GUEST MODE on the wall" }, guest],
      ["way-back", { id: "Keluar dari mode tamu", en: "Leaving guest mode" }, wayBack],
    ],
  });

  function scene(number) {
    const dot = document.querySelectorAll(".visitor-dot")[number];
    if (dot) dot.click();
  }

  async function stage(number) {
    scene(0);
    gallery.enter(gallery.state(), true); // a recording leaves nothing behind
    scene(number);
    const isWaiting = () => document.querySelector(".visitor-camera img[hidden]") || layar.visitor.isWaiting();
    await gallery.rest(BEAT_MS);
    await gallery.until(() => !isWaiting(), gallery.state() === "broken" ? 0 : SOON_MS);
    layar.emit("second", layar.time.now());
    return one("#visitor-stage")();
  }

  function guest(state) {
    gallery.guest(true);
    gallery.enter(state, true);
    const shots = one(".wall-banners")().map(gallery.copy);
    gallery.guest(false);
    return shots;
  }

  function wayBack(state) {
    if (state === "empty" || state === "late") return [];
    layar.visit.form();
    const [form] = document.querySelectorAll("dialog.visit .visit-form");
    if (state === "broken") layar.visit.refuse(form, 0);
    const shot = gallery.copy(form);
    layar.visit.close();
    return [shot];
  }

  layar.visit.isGuarded = () => false; // every picture here is made up
  gallery.guest = function (isOn) {
    layar.visit.isOn = () => isOn;
  };

  /* -- the desk of cameras -- */
  gallery.book("cameras", {
    words: { id: "Meja kamera", en: "Desk of cameras" }, root: "desk", room: "operate_cameras",
    begin: async () => {
      await gallery.until(() => document.querySelector("#desk-head *"), BUILT_MS);
      layar.desk.isHere = true;
      await layar.desk.book.load();
      const [first] = layar.desk.book.cameras();
      layar.desk.book.choose(first ? first.id : null);
      await gallery.until(() => !first || !document.querySelector("#desk-head img[hidden]"), gallery.state() === "broken" ? 0 : SOON_MS);
    },
    leave: () => (layar.desk.isHere = false), // its language changes with the page only
    parts: [
      ["counts", { id: "Keadaan semua kamera", en: "State of all cameras" }, one("#desk-counts")],
      ["news", { id: "Pemberitahuan", en: "Notice" }, one("#desk-news")],
      ["list", { id: "Daftar", en: "List" }, one(".desk-list")],
      ["side", { id: "Kamera yang dipilih", en: "The chosen camera" }, one("#desk-side")],
    ],
  });

  /* -- the replay -- */
  const sheet = (name) => () => {
    document.querySelector(`#gallery-studio .dvr-tab[data-tab="${name}"]`).click();
    return one(".dvr-sheets")();
  };
  // A moment of its own each time: those seen before are kept.
  let moments = 0;
  async function seek() {
    if (!layar.dvr.range()) return;
    layar.past.seek(present.now() - (moments += 61));
    await gallery.until(() => !layar.past.isWaiting() || layar.past.trouble(), BUILT_MS);
  }

  gallery.book("replay", {
    words: { id: "Putar ulang", en: "Replay" }, root: "dvr", room: "briefing_replay",
    enter: () => (layar.past.isAsked = () => true),
    begin: async (state) => {
      if (state !== "broken") await layar.dvr.begin(); // it would begin again later
      await seek();
      layar.picture.again();
    },
    leave: async () => {
      gallery.enter("many");
      await seek(); // so that nothing is asked for once more
      layar.time.now = present.now;
      Object.assign(layar.live, { connection: present.connection, pictureAt: present.pictureAt });
      layar.past.isAsked = present.isAsked;
    },
    parts: [
      ["band", { id: "Pita waktu", en: "Band of the moment" }, one(".dvr-top")],
      ["deck", { id: "Pemutar", en: "Player" }, one(".dvr-deck")],
      ["figures", { id: "Angka saat itu", en: "Figures of then" }, one("#dvr-figures")],
      ["director", { id: "Pilihan sutradara", en: "The director's choice" }, one("#dvr-scene")],
      ["stills", { id: "Kamera saat itu", en: "Cameras of then" }, one("#dvr-stills")],
      ["then", { id: "Saat itu", en: "Then" }, sheet("then")],
      ["jump", { id: "Lompat ke", en: "Jump to" }, sheet("jump")],
      ["marks", { id: "Penanda", en: "Bookmarks" }, sheet("marks")],
    ],
  });
})();
