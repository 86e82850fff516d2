/* The foot of the desk: what is not saved yet, one step back, a test before saving, saving, and removing. An untested or
   failed address can be saved, but only by a second, conscious click. */
(function () {
  "use strict";
  const layar = window.layar;
  const { desk } = layar;
  const { t } = desk;
  const TEST_S = 30;
  const TESTED = ["kind", "url", "snapshot_address", "user", "password", "isForgotten"];
  const NAMES = {
    id: t`kode`, name: t`nama`, kind: t`jenis`, url: t`alamat`, snapshot_address: t`alamat gambar diam`, user: t`pengguna`,
    password: t`sandi`, isForgotten: t`sandi`, group: t`tiang atau switch`, owner: t`pemilik`, kelurahan: t`kelurahan`,
    night: t`malam hari`, audience: t`siapa boleh melihat`, period_s: t`jarak waktu`, lon: t`letak`, lat: t`letak`,
    azimuth_deg: t`arah`, fov_deg: t`sudut`, range_m: t`jangkauan`, masks: t`masker`, card: t`kartu tujuan`,
  };
  const held = { trial: null, isTesting: false, isSaving: false, isWarned: false };
  const saving = (desk.saving = {});

  saving.build = function () {
    const { element } = layar;
    const foot = desk.part("foot");
    held.result = element("div", "desk-trial");
    held.result.setAttribute("role", "status");
    held.said = element("div", "desk-unsaved");
    held.undo = desk.button(t`Urungkan`, "is-quiet", () => undo(), { id: "desk-undo", title: t`Satu langkah mundur (Ctrl+Z)` });
    held.revert = desk.button(t`Batal`, "is-quiet", () => desk.leave(() => desk.book.revert()), { id: "desk-revert" });
    held.test = desk.button(t`Uji dulu`, "", () => test(), { id: "desk-test" });
    held.save = desk.button(t`Simpan`, "is-main", () => save(), { id: "desk-save" });
    const line = element("div", "desk-line");
    line.append(held.undo, held.revert, held.test, held.save);
    foot.append(held.result, held.said, line);
    document.addEventListener("keydown", keys);
    window.addEventListener("beforeunload", (event) => {
      if (desk.book.isDirty()) event.preventDefault();
    });
  };

  function keys(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    const isTyping = /^(INPUT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "z" && !isTyping && desk.book.draft()) undo();
    else if (event.key === "s" && desk.book.draft()) save();
    else return;
    event.preventDefault();
  }

  function undo() {
    desk.fields.isUndoing = true;
    desk.book.undo();
    desk.fields.isUndoing = false;
    desk.fields.clear();
  }

  /* -- what is not saved -- */
  layar.on("desk-chosen", () => layar.guard("desk save", () => {
    Object.assign(held, { trial: null, isWarned: false });
    show();
  }));
  layar.on("desk-draft", () => layar.guard("desk save", () => {
    held.isWarned = false;
    if (held.trial && held.trial.print !== print()) held.trial = null;
    show();
  }));

  function show() {
    const draft = desk.book.draft();
    desk.part("foot").hidden = !draft;
    if (!draft) return;
    const names = [...new Set(desk.book.changes().map((name) => NAMES[name]))];
    layar.write(held.said, names.length ? t`Belum disimpan: ${names.join(", ")}` : t`Tidak ada yang berubah.`);
    held.said.dataset.dirty = String(names.length > 0);
    held.undo.disabled = !desk.book.steps();
    held.revert.disabled = !names.length && !desk.book.isNew();
    held.test.disabled = held.isTesting;
    layar.write(held.test, held.isTesting ? t`Sedang menguji …` : t`Uji dulu`);
    held.save.disabled = held.isSaving || !names.length;
    layar.write(held.save, held.isSaving ? t`Menyimpan …` : held.isWarned ? (held.trial ? t`Simpan walau gagal` : t`Simpan tanpa diuji`) : t`Simpan`);
    held.save.classList.toggle("is-warned", held.isWarned);
    result();
  }

  /* -- the test -- */
  const print = () => JSON.stringify(TESTED.map((name) => desk.book.draft()[name]));

  const isAddressNew = () => desk.book.isNew() || desk.book.changes().some((name) => TESTED.includes(name));

  function trialBody() {
    const { id } = desk.book.draft();
    if (!desk.book.isNew() && !desk.book.changes().length) return { id };
    return { ...desk.book.body(), id: id.trim() || "UJI" };
  }

  async function test() {
    if (!desk.fields.areRead()) return;
    const wanted = print();
    Object.assign(held, { isTesting: true, trial: null });
    desk.fields.clear();
    show();
    const answer = await desk.ask("POST", "/api/v1/cameras/test", { body: trialBody(), timeoutS: TEST_S });
    held.isTesting = false;
    if (desk.book.draft() && print() === wanted) {
      held.trial = { print: wanted, ...read(answer) };
      if (!answer.ok && answer.status === 400) desk.fields.complain(answer);
    }
    show();
  }

  // What came, or the sentence why nothing did.
  function read(answer) {
    const said = answer.body || {};
    if (!answer.ok) return { isOk: false, sentence: answer.words };
    const words = said.sentence && layar.say(said.sentence);
    return { isOk: said.ok === true, sentence: words || null, said };
  }

  function result() {
    const { trial } = held;
    held.result.hidden = !trial && !held.isWarned && !held.isTesting;
    held.result.dataset.mood = trial ? (trial.isOk ? "good" : "bad") : held.isTesting ? "calm" : "warn";
    held.result.replaceChildren(...resultParts(trial));
  }

  function resultParts(trial) {
    if (held.isTesting) return [layar.element("p", "", t`Kamera dibuka satu kali, paling lama 12 detik …`)];
    if (!trial) return [layar.element("p", "", t`Alamat ini belum diuji. Klik \u201cUji dulu\u201d, atau klik sekali lagi untuk menyimpan tanpa diuji.`)];
    if (trial.isOk) return [picture(trial.said), facts(trial.said)];
    const again = held.isWarned ? t` Klik sekali lagi untuk tetap menyimpannya.` : "";
    return [layar.element("p", "", t`Uji gagal. ${desk.sentence(trial.sentence || t`kamera tidak memberi gambar`)}${again}`)];
  }

  function picture(said) {
    if (!said.picture) return layar.element("span");
    return desk.make("img", "desk-trialpicture", undefined, { alt: t`Gambar pertama dari uji`, src: said.picture });
  }

  const seconds = (value) => (value === null || value === undefined ? null : t`${layar.words.decimal(value, 1)} dtk`);

  // Three short lines: what came, how it is read and why, what it costs.
  function facts(said) {
    const spacing = said.keyframe_spacing_s ?? null;
    const came = [
      t`datang dalam ${seconds(said.first_picture_s)}`, said.codec, said.width && `${said.width}\u00a0×\u00a0${said.height}`,
      spacing !== null && t`bingkai kunci tiap ${seconds(spacing)}`,
    ];
    const reason = said.rung_reason ? ` (${desk.word("reasons", said.rung_reason)})` : "";
    const lines = [
      t`Gambar ${came.filter(Boolean).join(" · ")}`,
      said.rung && t`Cara baca: ${desk.word("rungs", said.rung)}${reason}`,
      (said.cost_ms ?? null) !== null && t`Beban: ${layar.words.decimal(said.cost_ms, 0)} ms CPU tiap gambar`,
      said.sentence && t`Lalu: ${layar.say(said.sentence)}`,
    ];
    const box = layar.element("div", "desk-trialfacts");
    box.append(...lines.filter(Boolean).map((line) => layar.element("p", "", line)));
    return box;
  }

  /* -- saving -- */
  async function save() {
    if (held.isSaving || !desk.book.isDirty() || !desk.fields.areRead()) return;
    const { name, id } = desk.book.draft();
    if (!name.trim() && !id.trim()) return desk.fields.complain({ field: "name", words: t`Belum diisi.`, fields: [] });
    if (desk.masks.open()) return desk.tell(t`Ada masker yang belum ditutup. Tutup bentuknya, atau tekan Esc.`, "bad");
    if (isAddressNew() && !(held.trial && held.trial.isOk) && !held.isWarned) {
      held.isWarned = true;
      return show();
    }
    held.isSaving = true;
    desk.fields.clear();
    show();
    if (desk.book.isNew() && !id.trim()) desk.book.change({ id: coded(name) });
    const answer = await desk.book.save();
    Object.assign(held, { isSaving: false, isWarned: false });
    if (answer.ok) desk.tell(t`${name || id} tersimpan.`);
    else desk.fields.complain(answer);
    return show();
  }

  // A code made from the name, as an import would make it.
  const coded = (name) => name.toUpperCase().replace(/[^A-Z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 64);

  /* -- removing -- */
  saving.remove = function () {
    const camera = desk.book.chosen();
    if (!camera) return;
    desk.confirm(
      "remove", t`Hapus ${camera.name}?`,
      t`${camera.name} (${camera.id}) hilang dari daftar, peta, dan layar dinding. Sandinya ikut terhapus. Ini tidak dapat diurungkan.`,
      t`Hapus ${camera.name}`,
      async () => {
        const answer = await desk.book.remove(camera.id);
        if (answer.ok) desk.tell(t`${camera.name} dihapus.`);
        return answer.ok ? "" : answer.words;
      },
    );
  };
})();
