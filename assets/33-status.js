/* What the screen says about itself: whether it is live, what is not working, and whether all this is real. */
(function () {
  "use strict";
  const layar = window.layar;
  const { say } = layar;
  const TURN_S = 6;
  const MODES = {
    demo: { id: "SIMULASI", en: "SIMULATION" },
    drill: { id: "LATIHAN", en: "EXERCISE" },
  };
  const GRACE_S = 4;

  layar.on("picture", () => layar.guard("mode", () => mode(layar.picture.mode())));
  layar.on("picture", () => layar.guard("audience", audience));
  layar.on("connection", () => layar.guard("connection", connection));
  layar.on("second", () => {
    layar.guard("connection", connection);
    layar.guard("status", status);
    layar.guard("hand", hand);
    layar.guard("map note", mapNote);
  });
  layar.on("map", () => layar.guard("map note", mapNote));

  function mapNote() {
    const note = layar.slot("wall-map-note");
    if (!note) return;
    note.hidden = layar.map.get() !== null || isWithoutMap();
    const isKnown = layar.picture.cursor() !== null;
    const rest = isKnown ? say(" · daftar dan kamera tetap berjalan", " · list and cameras go on") : "";
    layar.write(note, layar.map.isBroken() ? say("Peta tidak dapat digambar di layar ini", "No map can be drawn on this screen") + rest
      : say("Peta disiapkan …", "Preparing the map …"));
  }

  const isWithoutMap = () => document.querySelector("#wall .wall-ground.is-absent") !== null;

  layar.modeWords = (name) => [say(MODES[name] || name), say("bukan kejadian nyata", "not real incidents")];

  function mode(name) {
    const banner = layar.slot("wall-mode");
    const wall = layar.slot("wall");
    if (!banner || !name) return;
    const [title, under] = layar.modeWords(name);
    wall.dataset.mode = name;
    banner.hidden = name === "live";
    layar.write(banner.children[0], title);
    layar.write(banner.children[1], under);
  }

  function audience() {
    const banner = layar.slot("wall-audience");
    if (!banner) return;
    banner.hidden = !layar.picture.isForVisitors();
    layar.write(banner.children[0], layar.visit.title());
    layar.write(banner.children[1], say("kejadian tampil terlambat, per kelurahan · gambar dikaburkan", "incidents come late, by kelurahan · pictures are blurred"));
  }

  const pictureAge = () => (layar.live.pictureAt() === null ? null : layar.time.now() - layar.live.pictureAt());

  function connection() {
    const state = layar.live.connection();
    const banner = layar.slot("wall-connection");
    const wall = layar.slot("wall");
    if (!banner) return;
    const age = pictureAge();
    const isQuiet = state === "live" || (state === "lost" && age !== null && age < GRACE_S);
    wall.dataset.connection = isQuiet ? "live" : state;
    banner.hidden = isQuiet;
    if (isQuiet) return;
    const [said, link] = banner.children;
    layar.write(said, sentence(state, age));
    link.hidden = state !== "logged_out";
  }

  function sentence(state, age) {
    const old = age === null ? say("belum ada gambar", "no picture yet") : `${say("gambar", "picture")} ${layar.words.ago(age)}`;
    if (state === "connecting") return say("Menyambung ke server …", "Connecting to the server …");
    if (state === "logged_out") return `${say("Layar ini perlu dipasangkan lagi", "This screen must be paired again")} · ${old}`;
    return `${say("Sambungan terputus", "Connection lost")} · ${old} · ${say("mencoba lagi", "trying again")}`;
  }

  /* The gravest stays; what else there is takes turns behind it. What is fine says so quietly. */
  function status() {
    const bar = layar.slot("wall-status");
    if (!bar) return;
    const [, text, count] = bar.children;
    credit(bar.children[3]);
    const troubles = [...own(), ...(layar.picture.panels().degraded || [])];
    bar.dataset.state = layar.picture.cursor() === null || layar.picture.isForVisitors() ? "waiting" : troubles.length ? "trouble" : "fine";
    if (!troubles.length) {
      layar.write(text, layar.picture.cursor() === null ? say("Menunggu data pertama", "Waiting for the first data") : fine());
      layar.write(count, "");
      return;
    }
    const [gravest, ...others] = troubles;
    layar.write(text, told(gravest));
    const turn = Math.floor(layar.time.now() / TURN_S) % Math.max(1, others.length);
    layar.write(count, others.length ? `+${others.length} ${say("lainnya", "more")}: ${told(others[turn])}` : "");
  }

  // Whose map and whose data this is: each takes its turn, so that each can be read. No map, nobody to name for it.
  function credit(line) {
    if (!line) return;
    if (line.dataset.map === undefined) line.dataset.map = line.textContent;
    const ofMap = isWithoutMap() ? "" : line.dataset.map;
    const owed = [ofMap, ...(layar.picture.panels().credits || [])].filter(Boolean);
    layar.write(line, owed.length ? owed[Math.floor(layar.time.now() / TURN_S) % owed.length] : "");
  }

  const fine = () => (layar.picture.isForVisitors()
    ? say("Keadaan sistem tidak ditampilkan di sini", "The state of the system is not shown here")
    : say("Semua sumber bekerja", "All sources work"));
  const told = (trouble) => {
    const text = layar.told(trouble);
    return trouble.since ? say(`${text} · sejak ${layar.words.since(trouble.since)}`, `${text} · for ${layar.words.since(trouble.since)}`) : text;
  };

  function own() {
    const troubles = [];
    if (layar.map.isBroken()) troubles.push({ text: say("Peta tidak dapat ditampilkan di layar ini", "No map can be shown on this screen"), since: null });
    if (layar.live.connection() === "lost" && pictureAge() > GRACE_S) {
      troubles.push({ text: say("Server Layar tidak menjawab", "The Layar server does not answer"), since: layar.live.pictureAt() });
    }
    return troubles;
  }

  function hand() {
    const chip = layar.slot("wall-hand");
    if (!chip) return;
    const left = layar.view.lockedFor();
    chip.hidden = left < 1 || layar.scene.tellsOfHand();
    layar.write(chip, say(`Peta digerakkan tangan · kembali dalam ${layar.words.age(left)}`, `Map moved by hand · back in ${layar.words.age(left)}`));
  }
})();
