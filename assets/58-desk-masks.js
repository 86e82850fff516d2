/* Masks, drawn on the still: click corner after corner, close the shape at its first corner, move or delete corners,
   and see it as it will be burned in. Corners are fractions of the picture, so they hold in every size. */
(function () {
  "use strict";
  const layar = window.layar;
  const { desk } = layar;
  const { t } = desk;
  const CLOSE_PX = 16;
  const STEP = 0.002;
  const LEAST = 3;
  const held = { still: null, frame: null, svg: null, knobs: null, open: [], chosen: null, drag: null, isPreview: false };
  const masks = (desk.masks = { open: () => held.open.length });

  masks.build = function () {
    const canvas = desk.part("canvas");
    held.frame = layar.element("div", "desk-paper");
    const image = desk.make("img", "", undefined, { alt: t`Gambar kamera untuk menggambar masker`, hidden: true, draggable: false });
    held.svg = desk.shape("svg", "", { viewBox: "0 0 1 1", preserveAspectRatio: "none" });
    held.knobs = layar.element("div", "desk-knobs");
    held.none = layar.element("div", "desk-note panel");
    held.frame.append(image, held.svg, held.knobs);
    canvas.append(held.frame, held.none);
    held.still = desk.still(image, "full");
    held.still.onNew = fit;
    held.frame.addEventListener("pointerdown", (event) => layar.guard("desk masks", () => pressed(event)));
    held.frame.addEventListener("pointermove", (event) => layar.guard("desk masks", () => moved(event)));
    for (const end of ["pointerup", "pointercancel"]) held.frame.addEventListener(end, released);
    document.addEventListener("keydown", (event) => layar.guard("desk masks", () => keyed(event)));
    window.addEventListener("resize", fit);
    buildSheet();
  };

  function buildSheet() {
    const sheet = desk.part("sheet-masks");
    const how = layar.element("ol", "desk-how");
    for (const step of [
      t`Klik di gambar untuk menaruh sudut demi sudut.`,
      t`Klik sudut pertama lagi, atau tekan Enter, untuk menutup bentuknya.`,
      t`Seret sudut untuk memindahkan; pilih sudut lalu tekan Delete untuk menghapusnya.`,
      t`Simpan. Sejak itu tidak ada gambar yang memperlihatkan bagian ini, kepada siapa pun.`,
    ]) how.append(layar.element("li", "", step));
    const preview = desk.button(t`Pratinjau`, "", () => {
      held.isPreview = !held.isPreview;
      preview.setAttribute("aria-pressed", String(held.isPreview));
      draw();
    }, { id: "desk-masks-preview" });
    preview.setAttribute("aria-pressed", "false");
    held.close = desk.button(t`Tutup bentuk`, "", close);
    const line = layar.element("div", "desk-line");
    line.append(preview, held.close);
    held.list = layar.element("ul", "desk-masklist");
    held.wrong = layar.element("div", "desk-wrong");
    const note = layar.element("p", "desk-fieldhint", t`Masker yang sudah tersimpan tampak tertutup juga di gambar ini. Gambar lama yang disimpan sebelum masker dibuat tidak berubah.`);
    sheet.append(how, line, held.list, held.wrong, note);
  }

  /* -- when it is there -- */
  layar.on("desk-tab", () => layar.guard("desk masks", show));
  layar.on("desk-chosen", () => layar.guard("desk masks", () => {
    const { id } = desk.book.chosen() || { id: null };
    if (held.of !== id) Object.assign(held, { of: id, open: [], chosen: null });
    show();
  }));
  layar.on("desk-draft", () => layar.guard("desk masks", draw));
  layar.on("second", () => desk.isHere && layar.guard("desk masks", note));

  function show() {
    const camera = desk.book.chosen();
    const isShown = desk.tabs.now() === "masks" && Boolean(desk.book.draft());
    desk.part("canvas").hidden = !isShown;
    desk.part("hint").hidden = isShown || !desk.book.draft();
    desk.cone.draw();
    held.still.show(isShown && camera ? camera.id : null);
    if (!isShown) return;
    note();
    fit();
    draw();
  }

  function note() {
    if (desk.part("canvas").hidden) return;
    const isThere = !held.still.image.hidden;
    held.none.hidden = isThere;
    held.frame.hidden = !isThere;
    const camera = desk.book.chosen();
    layar.write(held.none, !camera ? t`Simpan kamera dulu: masker digambar di atas gambarnya.` : held.still.isAsked ? t`Belum ada gambar untuk digambari. Masker dapat digambar setelah gambar pertama datang.` : t`Mengambil gambar …`);
  }

  // As large as fits, in the picture's own shape, so that a corner lies on the pixel it was set on.
  function fit() {
    const { width, height } = held.still;
    const canvas = desk.part("canvas");
    if (canvas.hidden || !width) return;
    const k = Math.min((canvas.clientWidth - 32) / width, (canvas.clientHeight - 32) / height);
    held.frame.style.width = `${Math.floor(width * k)}px`;
    held.frame.style.height = `${Math.floor(height * k)}px`;
    note();
  }

  /* -- drawing -- */
  const saved = () => desk.book.draft().masks || [];

  function draw() {
    if (desk.part("canvas").hidden) return;
    const shapes = saved().map((mask, at) => polygon("polygon", mask, at === held.chosen ? "desk-mask is-chosen" : "desk-mask", at));
    if (held.open.length) shapes.push(polygon("polyline", held.open, "desk-mask is-open", -1));
    held.svg.replaceChildren(...shapes);
    held.svg.dataset.preview = String(held.isPreview);
    knobs();
    rows();
    held.close.disabled = held.open.length < LEAST;
  }

  function polygon(tag, mask, look, at) {
    const points = mask.map((corner) => corner.join(",")).join(" ");
    const shape = desk.shape(tag, look, { points, "vector-effect": "non-scaling-stroke" });
    shape.dataset.mask = String(at);
    return shape;
  }

  function knobs() {
    const all = held.isPreview ? [] : [
      ...saved().flatMap((mask, at) => (at === held.chosen ? mask.map((corner, n) => ({ key: `${at}.${n}`, corner, at, n })) : [])),
      ...held.open.map((corner, n) => ({ key: `open.${n}`, corner, at: -1, n })),
    ];
    layar.keyed(held.knobs, all, ({ key }) => key, knob, (node, { corner, at, n }) => {
      node.style.left = `${corner[0] * 100}%`;
      node.style.top = `${corner[1] * 100}%`;
      Object.assign(node.dataset, { at: String(at), n: String(n) });
      node.classList.toggle("is-first", at === -1 && n === 0);
      node.setAttribute("aria-label", t`Sudut ${n + 1}`);
    });
  }

  const knob = () => desk.make("button", "desk-corner", undefined, { type: "button" });

  function rows() {
    layar.keyed(held.list, saved().map((mask, at) => ({ mask, at })), ({ at }) => at, maskRow, (item, { mask, at }) => {
      layar.write(item.firstElementChild, t`Masker ${at + 1} · ${mask.length} sudut`);
      item.firstElementChild.setAttribute("aria-pressed", String(at === held.chosen));
    });
    const text = held.open.length ? t`Bentuk terbuka: ${held.open.length} sudut. Esc membatalkan.` : "";
    layar.write(held.wrong, text);
  }

  function maskRow({ at }) {
    const item = layar.element("li", "desk-line");
    item.append(
      desk.button("", "is-quiet desk-maskname", () => choose(at)),
      desk.button(t`Hapus`, "is-danger", () => without(at)),
    );
    return item;
  }

  function choose(at) {
    held.chosen = at;
    draw();
  }

  /* -- hands -- */
  const cut = (value) => Number(Math.min(1, Math.max(0, value)).toFixed(4));

  function place(event) {
    const box = held.frame.getBoundingClientRect();
    return [cut((event.clientX - box.left) / box.width), cut((event.clientY - box.top) / box.height)];
  }

  function pressed(event) {
    if (event.button !== 0 || held.isPreview) return;
    const corner = event.target.closest(".desk-corner");
    if (corner) return grab(corner, event);
    const at = Number(event.target.dataset ? event.target.dataset.mask ?? -1 : -1);
    if (!held.open.length && at >= 0) return choose(at);
    event.preventDefault();
    if (isNearFirst(event)) return close();
    held.open = [...held.open, place(event)];
    held.chosen = null;
    return draw();
  }

  function isNearFirst(event) {
    if (held.open.length < LEAST) return false;
    const box = held.frame.getBoundingClientRect();
    const [x, y] = held.open[0];
    return Math.hypot(x * box.width + box.left - event.clientX, y * box.height + box.top - event.clientY) < CLOSE_PX;
  }

  function grab(corner, event) {
    const at = Number(corner.dataset.at);
    const n = Number(corner.dataset.n);
    event.preventDefault();
    corner.focus();
    if (at === -1 && n === 0 && held.open.length >= LEAST) return close();
    held.frame.setPointerCapture(event.pointerId);
    held.drag = { at, n, key: `corner ${event.timeStamp}` };
    return undefined;
  }

  function moved(event) {
    if (held.drag) setCorner(held.drag.at, held.drag.n, place(event), held.drag.key);
  }

  function released() {
    held.drag = null;
    desk.book.settle();
  }

  function setCorner(at, n, corner, key) {
    if (at === -1) {
      held.open = held.open.map((one, i) => (i === n ? corner : one));
      return draw();
    }
    return desk.book.change({ masks: saved().map((mask, i) => (i === at ? mask.map((one, j) => (j === n ? corner : one)) : mask)) }, key);
  }

  function close() {
    if (held.open.length < LEAST) return;
    const shape = held.open;
    held.open = [];
    held.chosen = saved().length;
    desk.book.change({ masks: [...saved(), shape] });
    draw();
  }

  function without(at) {
    held.chosen = null;
    desk.book.change({ masks: saved().filter((_, i) => i !== at) });
    draw();
  }

  function withoutCorner(at, n) {
    if (at === -1) {
      held.open = held.open.filter((_, i) => i !== n);
      return draw();
    }
    if (saved()[at].length <= LEAST) return without(at);
    return desk.book.change({ masks: saved().map((mask, i) => (i === at ? mask.filter((_, j) => j !== n) : mask)) });
  }

  function keyed(event) {
    if (!desk.isHere || desk.part("canvas").hidden || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    const corner = event.target.classList.contains("desk-corner") ? event.target : null;
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.key === "Escape" && held.open.length) held.open = [];
    else if (event.key === "Enter" && held.open.length >= LEAST) close();
    else if (event.key === "Delete" || event.key === "Backspace") remove(corner);
    else if (corner && steps[event.key]) slide(corner, steps[event.key], event.shiftKey ? 10 : 1);
    else return;
    event.preventDefault();
    draw();
  }

  function remove(corner) {
    if (corner) withoutCorner(Number(corner.dataset.at), Number(corner.dataset.n));
    else if (held.open.length) held.open = held.open.slice(0, -1);
    else if (held.chosen !== null) without(held.chosen);
  }

  function slide(corner, [x, y], times) {
    const at = Number(corner.dataset.at);
    const n = Number(corner.dataset.n);
    const before = at === -1 ? held.open[n] : saved()[at][n];
    setCorner(at, n, [cut(before[0] + x * STEP * times), cut(before[1] + y * STEP * times)], `slide ${at} ${n}`);
  }
})();
