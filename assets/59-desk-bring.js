/* Many cameras at once: a list dropped on the page, with every refused line named by number, column and reason; one user
   and password for all that are ticked. */
(function () {
  "use strict";
  const layar = window.layar;
  const { desk } = layar;
  const { t } = desk;
  const MOST_BYTES = 10000000;
  const IMPORT_S = 60;
  const COLUMNS = t`id, name, lon, lat, url; boleh juga kind, azimuth, fov, range, owner, kelurahan, group, night, masks, audience, user, password`;

  /* -- a list -- */
  desk.bring = {
    build() {
      desk.part("import").addEventListener("click", () => open());
      for (const news of ["dragover", "drop"]) document.addEventListener(news, dropped);
    },
  };

  // A file dropped anywhere on the page is a list, never a page to go to.
  function dropped(event) {
    if (!desk.isHere || !event.dataTransfer || !Array.from(event.dataTransfer.types).includes("Files")) return;
    event.preventDefault();
    if (event.type === "drop" && event.dataTransfer.files.length) open(event.dataTransfer.files[0]);
  }

  function open(file) {
    const already = desk.part("dialog-import");
    if (already) already.close();
    const send = desk.button(t`Impor`, "is-main", () => bring(state));
    send.disabled = true;
    const box = desk.dialog("import", t`Impor daftar kamera`, [send]);
    const state = { box, send, file: null };
    box.body.append(dropZone(state), way(state));
    state.outcome = layar.element("div", "desk-outcome");
    state.outcome.setAttribute("role", "status");
    box.body.append(state.outcome);
    if (file) take(state, file);
  }

  function dropZone(state) {
    const zone = desk.make("label", "desk-drop");
    const input = desk.make("input", "", undefined, { type: "file", accept: ".csv,.json,.geojson,text/csv,application/geo+json,application/json", id: "desk-import-file" });
    state.name = layar.element("b", "", t`Taruh berkas di sini, atau klik untuk memilih`);
    zone.append(state.name, layar.element("span", "", t`CSV atau GeoJSON, paling besar 10 MB. Kolom: ${COLUMNS}.`), input);
    input.addEventListener("change", () => input.files.length && take(state, input.files[0]));
    return zone;
  }

  function way(state) {
    const box = layar.element("div", "desk-choice");
    for (const [value, words] of [["1", t`Tambahkan ke daftar (kode yang sama diperbarui)`], ["0", t`Ganti seluruh daftar: kamera yang tidak ada di berkas dihapus`]]) {
      const label = layar.element("label");
      label.append(desk.make("input", "", undefined, { type: "radio", name: "desk-import-way", value, checked: value === "1" }), layar.element("span", "", words));
      box.append(label);
    }
    state.way = box;
    return box;
  }

  function take(state, file) {
    state.file = file;
    const isTooLarge = file.size > MOST_BYTES;
    layar.write(state.name, `${file.name} (${Math.ceil(file.size / 1000)} kB)`);
    state.send.disabled = isTooLarge;
    state.outcome.replaceChildren(...(isTooLarge ? [layar.element("p", "is-bad", t`Berkas ini lebih besar dari 10 MB.`)] : []));
  }

  async function bring(state) {
    const isAddition = state.way.querySelector("input:checked").value === "1";
    state.send.disabled = true;
    layar.write(state.send, t`Mengimpor …`);
    const type = /json$/i.test(state.file.name) ? "application/geo+json" : "text/csv";
    const path = `/api/v1/cameras/import?add=${isAddition ? 1 : 0}`;
    const answer = await desk.ask("POST", path, { body: state.file, isRaw: true, timeoutS: IMPORT_S, headers: { "Content-Type": type } });
    state.send.disabled = false;
    layar.write(state.send, answer.ok ? t`Impor lagi` : t`Coba lagi`);
    state.outcome.replaceChildren(...(answer.ok ? outcome(answer.body) : [layar.element("p", "is-bad", answer.words)]));
    if (answer.ok) await desk.book.load();
  }

  function outcome(said) {
    const refused = said.refused || [];
    const count = said.refused_count ?? refused.length;
    const taken = typeof said.taken === "number" ? said.taken : (said.taken || []).length;
    const parts = [layar.element("p", "is-good", t`${taken} kamera diambil.`)];
    if ((said.outside || []).length) parts.push(layar.element("p", "is-warn", t`Di luar kota, jadi tidak di peta: ${named(said.outside)}.`));
    if ((said.undirected || []).length) parts.push(layar.element("p", "", t`Arahnya belum diketahui: ${named(said.undirected)}.`));
    if (count) parts.push(layar.element("p", "is-bad", t`${count} isian ditolak; baris lain tetap diambil. Perbaiki di berkas, lalu impor lagi.`), table(refused));
    return parts;
  }

  const named = (ids) => (ids.length > 8 ? t`${ids.slice(0, 8).join(", ")} dan ${ids.length - 8} lagi` : ids.join(", "));

  function table(refused) {
    const box = layar.element("table", "desk-table");
    const header = layar.element("tr");
    for (const name of [t`Baris`, t`Kolom`, t`Alasan`]) header.append(layar.element("th", "", name));
    box.append(header);
    for (const one of refused) {
      const row = layar.element("tr");
      row.append(layar.element("td", "", one.line ?? one.where ?? ""), layar.element("td", "", one.field), layar.element("td", "", desk.inWords(one.why || one.reason)));
      box.append(row);
    }
    return box;
  }

  /* -- one password for many -- */
  desk.credentials = {
    open(ids) {
      const user = desk.fields.plain("desk-many-user", t`Nama pengguna`);
      const password = desk.fields.plain("desk-many-password", t`Sandi`, { type: "password", autocomplete: "new-password" });
      const give = desk.button(t`Ganti sandi ${ids.length} kamera`, "is-main", async () => {
        give.disabled = true;
        const answer = await desk.ask("POST", "/api/v1/cameras/credentials", { body: { ids, user: user.input.value, password: password.input.value } });
        give.disabled = false;
        if (!answer.ok) return (answer.field === "user" ? user : password).wrong(answer.words);
        box.close();
        desk.tell(t`Sandi ${ids.length} kamera diganti. Kamera mencobanya dalam satu detik.`);
        return desk.book.load();
      });
      const box = desk.dialog("credentials", t`Sandi untuk beberapa kamera`, [give], t`Batal`);
      const names = ids.map((id) => (desk.book.get(id) || { name: id }).name);
      box.body.append(layar.element("p", "", t`Berlaku untuk: ${named(names)}. Sandi yang tersimpan tidak pernah ditampilkan; keduanya kosong menghapusnya.`), user.box, password.box);
    },
  };
})();
