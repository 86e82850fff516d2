/* The sheets beside the map: what a camera is, where it stands and looks, and why it may look there. */
(function () {
  "use strict";
  const layar = window.layar;
  const { desk } = layar;
  const { t } = desk;
  const TABS = ["state", "data", "place", "masks", "card"];
  const held = { tab: "state" };
  const tabs = (desk.tabs = { now: () => held.tab });

  /* -- tabs -- */
  tabs.show = function (name) {
    const wanted = name === "state" && desk.book.isNew() ? "data" : name;
    held.tab = wanted;
    for (const one of TABS) {
      const button = desk.part(`tab-${one}`);
      button.setAttribute("aria-selected", String(one === wanted));
      button.tabIndex = one === wanted ? 0 : -1;
      desk.part(`sheet-${one}`).hidden = one !== wanted;
    }
    layar.emit("desk-tab", wanted);
  };

  tabs.build = function () {
    for (const one of TABS) {
      const button = desk.part(`tab-${one}`);
      button.setAttribute("aria-controls", `desk-sheet-${one}`);
      desk.part(`sheet-${one}`).setAttribute("aria-labelledby", `desk-tab-${one}`);
      button.addEventListener("click", () => tabs.show(one));
    }
    desk.part("tabs").addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const open = TABS.filter((one) => !desk.part(`tab-${one}`).disabled);
      const next = open[(open.indexOf(held.tab) + step + open.length) % open.length];
      tabs.show(next);
      desk.part(`tab-${next}`).focus();
    });
    buildData();
    buildPlace();
    buildCard();
  };

  // A camera that is not there yet has no state and no picture to draw on.
  layar.on("desk-chosen", () => {
    const isNew = desk.book.isNew();
    desk.part("tab-state").disabled = isNew;
    if (isNew && held.tab === "state") tabs.show("data");
  });

  function group(title, ...rows) {
    const box = layar.element("fieldset", "desk-group");
    box.append(layar.element("legend", "", title), ...rows.filter(Boolean));
    return box;
  }

  function row(...fields) {
    const box = layar.element("div", "desk-fields");
    box.append(...fields);
    return box;
  }

  /* -- what it is -- */
  const AUDIENCES = [["operator", t`Hanya petugas`], ["wall", t`Petugas dan layar dinding`], ["visitor", t`Juga tamu (disamarkan dan tertunda)`]];
  const NIGHTS = [["", t`Belum diketahui`], ["true", t`Ya, masih terlihat`], ["false", t`Tidak, terlalu gelap`]];
  const TRUTHS = { true: true, false: false };

  function buildData() {
    const { make } = desk.fields;
    const { words } = desk;
    const kinds = [["", t`Kenali sendiri dari alamat`], ...Object.entries(words.kinds || {}).map(([kind, said]) => [kind, layar.say(said)])];
    const who = group(
      t`Nama`,
      row(make("id", { label: t`Kode`, isText: true, placeholder: "CAM-07" }), make("name", { label: t`Nama`, isText: true, placeholder: "Simpang Empat Air Putih" })),
      row(make("kelurahan", { label: t`Kelurahan`, choices: words.kelurahan, hint: " " }), make("owner", { label: t`Pemilik`, placeholder: "Dishub" })),
      make("group", { label: t`Tiang, switch, atau penyedia`, hint: t`Kamera dengan isian sama yang putus bersama dilaporkan sebagai satu gangguan. Beberapa: pisahkan dengan titik koma.` }),
    );
    const way = group(
      t`Sambungan`,
      make("url", { label: t`Alamat`, isText: true, placeholder: "rtsp://10.1.2.3/stream2", hint: " " }),
      row(make("user", { label: t`Nama pengguna`, isText: true }), make("password", { label: t`Sandi`, isText: true, isSecret: true })),
      desk.button(t`Hapus sandi tersimpan`, "is-quiet", () => desk.book.change({ isForgotten: !desk.book.draft().isForgotten }), { id: "desk-forget" }),
      make("kind", { label: t`Jenis`, options: kinds, isText: true }),
      make("snapshot_address", { label: t`Alamat gambar diam`, placeholder: t`tidak ada`, hint: t`Alamat satu gambar JPEG di kamera yang sama. Boleh kosong; dipakai lebih dulu, karena paling ringan.` }),
    );
    const use = group(
      t`Pemakaian`,
      make("audience", { label: t`Siapa yang boleh melihat`, options: AUDIENCES, isText: true }),
      row(
        make("period_s", { label: t`Satu gambar tiap`, isNumber: true, unit: t`detik`, placeholder: t`biasa` }),
        make("night", { label: t`Berguna di malam hari?`, options: NIGHTS, read: (text) => TRUTHS[text] ?? null, write: (value) => (value === null ? "" : String(value)) }),
      ),
    );
    desk.part("sheet-data").append(way, who, use, removal());
  }

  function removal() {
    const box = layar.element("div", "desk-danger");
    box.append(desk.button(t`Hapus kamera ini …`, "is-danger", () => desk.saving.remove(), { id: "desk-remove" }));
    return box;
  }

  // What is known of the address is told without its secrets; typing replaces it.
  layar.on("desk-chosen", (camera) => layar.guard("desk sheets", () => secrets(camera)));
  for (const news of ["desk-cameras", "desk-draft"]) layar.on(news, () => layar.guard("desk sheets", () => desk.isHere && secrets(desk.book.chosen())));

  function secrets(camera) {
    const hint = desk.part("sheet-data").querySelector('[data-field="url"] .desk-fieldhint');
    const area = desk.part("sheet-data").querySelector('[data-field="kelurahan"] .desk-fieldhint');
    const { kelurahan } = desk.book.draft() || {};
    layar.write(area, desk.words.kelurahan[kelurahan] || "");
    layar.write(hint, camera ? t`Sekarang: ${camera.address || t`tidak diketahui`}. Isi hanya bila alamatnya berganti.` : t`Alamat yang membuka aliran kamera; pilih aliran kecil (substream) bila ada.`);
    const isKept = Boolean(camera && camera.has_password);
    desk.part("field-password").placeholder = isKept ? t`tersimpan; isi untuk mengganti` : t`tidak ada`;
    desk.part("field-user").placeholder = isKept ? t`tersimpan` : t`tidak ada`;
    desk.part("forget").hidden = !isKept;
    const isForgotten = Boolean((desk.book.draft() || {}).isForgotten);
    desk.part("forget").setAttribute("aria-pressed", String(isForgotten));
    layar.write(desk.part("forget"), isForgotten ? t`Sandi akan dihapus saat disimpan` : t`Hapus sandi tersimpan`);
    desk.part("field-id").disabled = Boolean(camera);
    desk.part("remove").parentElement.hidden = !camera;
  }

  /* -- where it stands and looks -- */
  function buildPlace() {
    const { make } = desk.fields;
    const number = (label, unit, digits) => ({ label, unit, digits, isNumber: true });
    const keys = layar.element("p", "desk-fieldhint", t`Seret tanda di peta, atau pilih tandanya dan tekan panah: kamera 1 meter, arah dan sudut 1 derajat, jangkauan 5 meter. Shift sepuluh kali lipat.`);
    const unknown = desk.button(t`Arah tidak diketahui`, "is-quiet", () => desk.book.change({ azimuth_deg: null }));
    const centre = desk.button(t`Letakkan di tengah peta`, "", () => {
      const at = desk.map.center();
      if (at) desk.book.change({ lon: Number(at.lon.toFixed(6)), lat: Number(at.lat.toFixed(6)) });
    });
    const find = desk.button(t`Tunjukkan di peta`, "is-quiet", () => desk.map.fly(desk.book.draft()));
    const actions = layar.element("div", "desk-line");
    actions.append(centre, find);
    desk.part("sheet-place").append(
      keys,
      group(t`Letak`, row(make("lon", number(t`Bujur (lon)`, "°", 6)), make("lat", number(t`Lintang (lat)`, "°", 6))), actions),
      group(
        t`Bidang lihat`,
        row(make("azimuth_deg", { ...number(t`Arah dari utara`, "°", 0), placeholder: t`belum diketahui` }), make("fov_deg", number(t`Lebar sudut`, "°", 0))),
        row(make("range_m", number(t`Jangkauan`, t`meter`, 0)), unknown),
      ),
    );
  }

  /* -- why it may look -- */
  const CARD = [
    ["purpose", t`Tujuan`, t`Penanggulangan bencana dan keadaan darurat`],
    ["legal_basis", t`Dasar hukum`, t`UU 27/2022 pasal 17, Perwali …`],
    ["contact", t`Penghubung`, t`Nama dan nomor teknisi atau pemilik`],
    ["notice", t`Papan pemberitahuan`, t`Di mana warga membaca bahwa ada kamera`],
    ["retention", t`Masa simpan`, t`Berapa lama gambar disimpan`],
  ];

  function buildCard() {
    const intro = layar.element("p", "desk-fieldhint", t`Warga berhak tahu mengapa kamera di tempat umum melihat mereka (UU 27/2022 tentang Pelindungan Data Pribadi, pasal 17). Yang kosong ditampilkan sebagai \u201cbelum diisi\u201d.`);
    const fields = CARD.map(([name, label, placeholder]) => {
      const box = desk.fields.make(`card.${name}`, { label, rows: 2 });
      box.querySelector("textarea").placeholder = placeholder;
      return box;
    });
    desk.part("sheet-card").append(intro, ...fields);
  }
})();
