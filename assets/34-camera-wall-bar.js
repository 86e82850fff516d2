/* The words around the camera wall: how many cameras, what the order is about, which page, whether the line is thin, and
   what is wrong. Nothing on it is older than it says. */
(function () {
  "use strict";
  const layar = window.layar;
  const { say } = layar;
  const GRACE_S = 4;
  const HELP_S = 5;
  const NONE_YET = {
    id: ["Belum ada kamera.\nTambahkan di ", ", atau dengan: layar cameras import daftar.csv"],
    en: ["No cameras yet.\nAdd some at ", ", or by: layar cameras import list.csv"],
  };
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
    const parts = [`${cameras.length} ${say("kamera", "cameras")}`, [of("lost"), say("putus", "lost")], [doubted, say("diragukan", "doubted")],
      [of("late"), say("lama", "old")], [of("unknown"), say("belum ada gambar", "no picture yet")]]
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
    const seen = worst && worst.seenBy ? say(`${worst.seenBy} kamera melihat`, `${worst.seenBy} cameras see it`) : say("tidak terlihat kamera", "no camera sees it");
    layar.write(line, worst && cameras.length ? `${[worst.title, worst.place].filter(Boolean).join(" · ")}: ${seen}` : "");
    line.dataset.seen = String(Boolean(worst && worst.seenBy > 0));
  }

  // What is to be known before any incident: that nobody fetches pictures, or that visitors are shown less.
  function graver() {
    const { degraded, audience } = layar.picture.panels();
    const stopped = (degraded || []).find(({ key }) => key === "camera_process");
    if (stopped) return { words: `${layar.told(stopped)} · ${say("sejak", "for")} ${layar.words.since(stopped.since)}`, isFine: false };
    return audience === "visitor" ? { words: `${layar.visit.title()} · ${say("gambar dikaburkan dan terlambat", "pictures are blurred and late")}`, isFine: true } : null;
  }

  function turn(state, known) {
    const page = state.pages > 1 ? `${state.page + 1}/${state.pages}` : "";
    if (state.heldAt !== null) {
      const left = state.heldAt + layar.cameraSchedule.heldS - known.now;
      const rest = layar.words.age(left);
      return say(`DITAHAN ${page} · lanjut ${rest} lagi`, `HELD ${page} · goes on in ${rest}`).replace("  ", " ");
    }
    if (state.large !== null || !page) return "";
    const rest = layar.words.age(Math.max(0, state.pagedAt + known.rotateS - known.now));
    return `${page} · ${say(`ganti ${rest} lagi`, `next in ${rest}`)}`;
  }

  function none(known) {
    const box = layar.slot("cams-none");
    box.hidden = known.cameras.length > 0;
    if (box.hidden) return;
    const total = (layar.picture.panels().cameras || []).length;
    if (layar.picture.cursor() === null) layar.write(box, say("Menunggu data pertama …", "Waiting for the first data …"));
    else if (total) layar.write(box, say(`Tidak ada kamera yang cocok dengan saringan ini.\nBuka /camera-wall tanpa saringan untuk melihat ${total} kamera.`,
      `No camera fits this filter.\nOpen /camera-wall without a filter to see ${total} cameras.`));
    else noneYet(box);
  }

  // Who may open the desk is led there.
  function noneYet(box) {
    const { desk } = layar.slot("cams").dataset;
    const [before, after] = say(NONE_YET);
    layar.write(box, `${before}/operate/cameras${after}`);
    if (!desk || box.querySelector("a")) return;
    const link = layar.element("a", "", desk);
    link.href = desk;
    box.replaceChildren(before, link, after);
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
    if (!thin.hidden) layar.write(thin, `${say("TAUTAN HEMAT · gambar tiap", "THIN LINK · a picture every")} ${layar.words.age(layar.cameraPictures.roundS())}`);
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
    const since = at === null ? "" : ` ${say("sejak", "since")} ${layar.words.clock(at)} · ${layar.words.since(at)}`;
    if (said === "connecting") return say("Menyambung ke server …", "Connecting to the server …");
    if (said === "logged_out") return say("Layar ini perlu dipasangkan lagi", "This screen must be paired again") + since;
    const none = at === null ? say("Belum ada kabar dari server", "No word from the server yet") : say("Tidak ada kabar dari server", "No word from the server") + since;
    return `${none} · ${say("mencoba lagi", "trying again")}`;
  }

  // The keys are told to whoever moves a hand, and to nobody else.
  function keys() {
    const box = layar.slot("cams-keys");
    const isMoved = layar.time.monotonic() - held.movedAt < HELP_S;
    box.hidden = !isMoved;
    layar.slot("cams").dataset.hand = String(isMoved);
    layar.write(box, say("1–5 jumlah petak · 0 otomatis · ← → halaman · spasi tahan · klik perbesar · L langsung · ? semua tombol",
      "1–5 tiles · 0 automatic · ← → page · space holds · click enlarges · L live · ? all keys"));
  }
})();
