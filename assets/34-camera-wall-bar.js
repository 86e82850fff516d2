/* The words around the camera wall: how many cameras, what the order is about, which page, whether the line is thin, and
   what is wrong. Nothing on it is older than it says. */
(function () {
  "use strict";
  const layar = window.layar;
  const GRACE_S = 4;
  const HELP_S = 5;
  const held = { movedAt: -Infinity };

  layar.on("camera-wall", (told) => layar.guard("camera bar", () => bar(told)));
  layar.on("second", (now) => {
    if (layar.slot("cams-time")) layar.guard("camera bar", () => second(now));
  });
  layar.on("connection", () => layar.guard("camera bar", connection));
  layar.whenBuilt("cams", () => {
    for (const name of ["mousemove", "mousedown", "keydown"]) {
      document.addEventListener(name, () => {
        held.movedAt = layar.time.monotonic();
        layar.guard("keys", keys);
      });
    }
  });

  function bar({ state, known }) {
    layar.write(layar.slot("cams-count"), counted(known.cameras));
    note(known);
    layar.write(layar.slot("cams-turn"), turn(state, known));
    layar.slot("cams-turn").dataset.held = String(state.heldAt !== null);
    none(known);
    mode();
  }

  function counted(cameras) {
    const { group, kelurahan } = layar.cameraWall.filter();
    const of = (health) => cameras.filter((camera) => camera.health === health).length;
    const doubted = cameras.filter((camera) => camera.health === "ok" && (camera.faults || []).length).length;
    const what = [group, kelurahan].filter(Boolean).join(" · ");
    const parts = [`${cameras.length} kamera`, [of("lost"), "putus"], [doubted, "diragukan"], [of("late"), "lama"], [of("unknown"), "belum ada gambar"]]
      .filter((part) => typeof part === "string" || part[0])
      .map((part) => (typeof part === "string" ? part : part.join(" ")));
    return (what ? [what, ...parts] : parts).join(" · ");
  }

  function note({ worst, cameras }) {
    const line = layar.slot("cams-note");
    const said = graver();
    if (said) {
      layar.write(line, said.words);
      line.dataset.seen = String(said.isFine);
      return;
    }
    const seen = worst && worst.seenBy ? `${worst.seenBy} kamera melihat` : "tidak terlihat kamera";
    layar.write(line, worst && cameras.length ? `${[worst.title, worst.place].filter(Boolean).join(" · ")}: ${seen}` : "");
    line.dataset.seen = String(Boolean(worst && worst.seenBy > 0));
  }

  // What is to be known before any incident: that nobody fetches pictures, or that visitors are shown less.
  function graver() {
    const { degraded, audience } = layar.picture.panels();
    const stopped = (degraded || []).find(({ key }) => key === "camera_process");
    if (stopped) return { words: `${stopped.text} · sejak ${layar.words.since(stopped.since)}`, isFine: false };
    return audience === "visitor" ? { words: "TAMPILAN PENGUNJUNG · gambar dikaburkan dan terlambat", isFine: true } : null;
  }

  function turn(state, known) {
    const page = state.pages > 1 ? `${state.page + 1}/${state.pages}` : "";
    if (state.heldAt !== null) {
      const left = state.heldAt + layar.cameraSchedule.heldS - known.now;
      return `DITAHAN ${page} · lanjut ${layar.words.age(left)} lagi`.replace("  ", " ");
    }
    if (state.large !== null || !page) return "";
    return `${page} · ganti ${layar.words.age(Math.max(0, state.pagedAt + known.rotateS - known.now))} lagi`;
  }

  function none(known) {
    const box = layar.slot("cams-none");
    box.hidden = known.cameras.length > 0;
    if (box.hidden) return;
    const total = (layar.picture.panels().cameras || []).length;
    if (layar.picture.cursor() === null) layar.write(box, "Menunggu data pertama …");
    else if (total) layar.write(box, `Tidak ada kamera yang cocok dengan saringan ini.\nBuka /camera-wall tanpa saringan untuk melihat ${total} kamera.`);
    else noneYet(box);
  }

  // Who may open the desk is led there.
  function noneYet(box) {
    const { desk } = layar.slot("cams").dataset;
    layar.write(box, "Belum ada kamera.\nTambahkan di /operate/cameras, atau dengan: layar cameras import daftar.csv");
    if (!desk || box.querySelector("a")) return;
    const link = layar.element("a", "", desk);
    link.href = desk;
    box.replaceChildren("Belum ada kamera.\nTambahkan di ", link, ", atau dengan: layar cameras import daftar.csv");
  }

  function mode() {
    const name = layar.picture.mode();
    const banner = layar.slot("cams-mode");
    if (!name) return;
    layar.slot("cams").dataset.mode = name;
    banner.hidden = name === "live";
    const [title, under] = layar.modeWords(name);
    layar.write(banner.children[0], title);
    layar.write(banner.children[1], under);
  }

  function second(now) {
    layar.write(layar.slot("cams-time"), layar.words.clock(now));
    layar.write(layar.slot("cams-zone"), layar.time.label);
    const thin = layar.slot("cams-thin");
    thin.hidden = !layar.cameraPictures.isThin();
    if (!thin.hidden) layar.write(thin, `TAUTAN HEMAT · gambar tiap ${layar.words.age(layar.cameraPictures.roundS())}`);
    connection();
    keys();
  }

  function connection() {
    const banner = layar.slot("cams-connection");
    if (!banner) return;
    const said = layar.live.connection();
    const at = layar.live.pictureAt();
    const isQuiet = said === "live" || (said === "lost" && at !== null && layar.time.now() - at < GRACE_S);
    layar.slot("cams").dataset.connection = isQuiet ? "live" : said;
    banner.hidden = isQuiet;
    if (isQuiet) return;
    layar.write(banner.firstElementChild, sentence(said, at));
    banner.lastElementChild.hidden = said !== "logged_out";
  }

  function sentence(said, at) {
    const since = at === null ? "" : ` sejak ${layar.words.clock(at)} · ${layar.words.since(at)}`;
    if (said === "connecting") return "Menyambung ke server …";
    if (said === "logged_out") return `Layar ini perlu dipasangkan lagi${since}`;
    return at === null ? "Belum ada kabar dari server · mencoba lagi" : `Tidak ada kabar dari server${since} · mencoba lagi`;
  }

  // The keys are told to whoever moves a hand, and to nobody else.
  function keys() {
    const box = layar.slot("cams-keys");
    const isMoved = layar.time.monotonic() - held.movedAt < HELP_S;
    box.hidden = !isMoved;
    layar.slot("cams").dataset.hand = String(isMoved);
    layar.write(box, "1–5 jumlah petak · 0 otomatis · ← → halaman · spasi tahan · klik perbesar · L langsung");
  }
})();
