/* The list of cameras: found by a word, filtered by state, each with its state as shape, word and colour and the age of
   its newest picture; some can be ticked to be given a password together. */
(function () {
  "use strict";
  const layar = window.layar;
  const { desk } = layar;
  const { t } = desk;
  const STATES = ["all", "ok", "doubt", "late", "lost", "unknown"];
  const FILTERS = { all: t`Semua`, ok: t`Baik`, doubt: t`Diragukan`, late: t`Lama`, lost: t`Putus`, unknown: t`Belum ada` };
  const WORDS = { ok: t`baik`, doubt: t`diragukan`, late: t`gambar lama`, lost: t`putus`, unknown: t`belum ada gambar` };
  const held = { search: "", state: "all", picked: new Set(), input: null };
  const list = (desk.list = { words: WORDS, picked: () => Array.from(held.picked) });

  // A fresh picture that is not believed is told apart from a good one.
  desk.stateOf = function (camera) {
    const status = camera.status || {};
    const health = status.health || "unknown";
    const isDoubted = (status.signs || []).some((sign) => sign.is_fault && !desk.words.notes.includes(sign.kind));
    return health === "ok" && isDoubted ? "doubt" : health;
  };

  // Its newest picture: by the camera process, or by what this page itself was given.
  desk.pictureAt = (camera) => desk.moment((camera.status || {}).last_picture_at);

  list.build = function () {
    const input = desk.make("input", "desk-input", undefined, {
      type: "search", id: "desk-search-input", placeholder: t`Cari nama, kode, kelurahan …`, autocomplete: "off",
    });
    input.setAttribute("aria-label", t`Cari kamera`);
    input.addEventListener("input", () => {
      held.search = input.value.trim().toLowerCase();
      show();
    });
    desk.part("search").append(input);
    for (const state of STATES) desk.part("filters").append(filter(state));
    const box = desk.part("rows");
    box.addEventListener("click", clicked);
    box.addEventListener("keydown", walked);
    buildEmpty();
    buildPicked();
  };

  function filter(state) {
    const button = desk.button("", "desk-filter", () => {
      held.state = state;
      show();
    });
    button.dataset.state = state;
    if (state !== "all") button.append(layar.element("i", "desk-shape"));
    button.append(layar.element("span", "", FILTERS[state]), layar.element("b"));
    return button;
  }

  function buildEmpty() {
    const box = desk.part("empty");
    const ways = layar.element("div", "desk-ways");
    ways.append(
      desk.button(t`Tambah satu kamera`, "is-main", () => desk.part("add").click()),
      desk.button(t`Impor daftar (CSV, GeoJSON)`, "", () => desk.part("import").click()),
      desk.button(t`Cari di jaringan (ONVIF)`, "", () => desk.part("discover").click()),
    );
    box.append(layar.element("b", "", t`Belum ada kamera.`), layar.element("p", "", t`Tambah satu, impor daftar, atau cari di jaringan.`), ways);
  }

  function buildPicked() {
    const box = desk.part("picked");
    const none = () => {
      held.picked.clear();
      show();
    };
    box.append(
      layar.element("b"),
      desk.button(t`Ganti sandi`, "", () => desk.credentials.open(list.picked())),
      desk.button(t`Lepas pilihan`, "is-quiet", none),
    );
  }

  /* -- showing -- */
  layar.on("desk-cameras", () => layar.guard("desk list", show));
  layar.on("desk-chosen", () => layar.guard("desk list", mark));
  layar.on("second", () => desk.isHere && layar.guard("desk ages", ages));

  const areaOf = (camera) => desk.word("kelurahan", camera.kelurahan);

  function isFound(camera) {
    if (held.state !== "all" && desk.stateOf(camera) !== held.state) return false;
    const words = [camera.id, camera.name, areaOf(camera), camera.owner, camera.group, camera.address];
    return !held.search || words.some((word) => word && String(word).toLowerCase().includes(held.search));
  }

  // By name and never by state: a row must not jump away from under the hand.
  const byName = (a, b) => a.name.localeCompare(b.name, "id", { numeric: true });

  function show() {
    const cameras = desk.book.cameras();
    for (const id of held.picked) if (!desk.book.get(id)) held.picked.delete(id);
    const found = cameras.filter(isFound).sort(byName);
    const isEmpty = desk.book.isTold() && !cameras.length;
    desk.part("empty").hidden = !isEmpty;
    desk.part("rows").hidden = isEmpty;
    layar.keyed(desk.part("rows"), found, (camera) => camera.id, row, update);
    desk.part("rows").dataset.noneWords = t`Tidak ada kamera yang cocok.`;
    desk.part("rows").dataset.none = String(!found.length && !isEmpty && desk.book.isTold());
    counts(cameras);
    const { picked } = held;
    desk.part("picked").hidden = !picked.size;
    layar.write(desk.part("picked").firstElementChild, t`${picked.size} dipilih`);
    mark();
    ages();
  }

  function row(camera) {
    const { element } = layar;
    const item = element("li", "desk-row");
    const tick = desk.make("input", "desk-tick", undefined, { type: "checkbox" });
    tick.setAttribute("aria-label", t`Pilih ${camera.name}`);
    const choose = desk.make("button", "desk-choose", undefined, { type: "button" });
    const line = element("span", "desk-rowline");
    line.append(desk.badge("unknown", ""), element("span", "desk-rowage"));
    choose.append(element("b", "desk-rowname"), element("span", "desk-rowplace"), line);
    item.append(tick, choose);
    return item;
  }

  function update(item, camera) {
    const [tick, choose] = item.children;
    const [name, place, line] = choose.children;
    const state = desk.stateOf(camera);
    tick.checked = held.picked.has(camera.id);
    layar.write(name, camera.name);
    layar.write(place, [camera.id, areaOf(camera) || camera.owner].filter(Boolean).join(" · "));
    line.firstElementChild.dataset.state = state;
    layar.write(line.firstElementChild.lastElementChild, WORDS[state]);
  }

  function mark() {
    const chosen = desk.book.chosen();
    for (const item of desk.part("rows").children) {
      const isChosen = Boolean(chosen) && item.dataset.key === chosen.id;
      item.classList.toggle("is-chosen", isChosen);
      item.children[1].setAttribute("aria-current", String(isChosen));
    }
  }

  function ages() {
    for (const item of desk.part("rows").children) {
      const camera = desk.book.get(item.dataset.key);
      if (camera) layar.write(item.querySelector(".desk-rowage"), desk.ago(desk.pictureAt(camera)));
    }
  }

  function counts(cameras) {
    const number = Object.fromEntries(STATES.map((state) => [state, 0]));
    for (const camera of cameras) number[desk.stateOf(camera)] += 1;
    number.all = cameras.length;
    for (const button of desk.part("filters").children) {
      const { state } = button.dataset;
      layar.write(button.lastElementChild, number[state]);
      button.setAttribute("aria-pressed", String(state === held.state));
      button.hidden = state !== "all" && state !== held.state && !number[state];
    }
    const said = STATES.slice(1).filter((state) => number[state]).map((state) => desk.badge(state, `${number[state]} ${WORDS[state]}`));
    if (desk.book.isSilent()) said.unshift(desk.badge("late", t`Proses kamera diam: keadaan sekarang tidak diketahui`));
    desk.part("counts").replaceChildren(layar.element("b", "", t`${number.all} kamera`), ...said);
  }

  /* -- hands -- */
  function clicked(event) {
    const item = event.target.closest(".desk-row");
    if (!item) return;
    if (event.target.classList.contains("desk-tick")) {
      if (event.target.checked) held.picked.add(item.dataset.key);
      else held.picked.delete(item.dataset.key);
      show();
    } else if (event.target.closest(".desk-choose")) {
      desk.leave(() => desk.book.choose(item.dataset.key));
    }
  }

  function walked(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.classList.contains("desk-choose")) return;
    const items = Array.from(desk.part("rows").children);
    const next = items[items.indexOf(event.target.closest(".desk-row")) + step];
    if (!next) return;
    event.preventDefault();
    next.children[1].focus();
  }
})();
