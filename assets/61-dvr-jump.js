/* Ways to a moment: the incidents of the range, one after another or by a click, and bookmarks with their links. */
(function () {
  "use strict";
  const layar = window.layar;
  const dvr = (layar.dvr = layar.dvr || {});
  const { element } = layar;
  const TIMEOUT_MS = 8000;
  const held = { bookmarks: [] };
  const say = (id, en) => layar.say(id, en);
  const may = (what) => layar.slot("dvr").dataset[what] === "true";

  // When it could first be seen, in the sense that is shown.
  dvr.beginOf = (mark) => Math.ceil(layar.past.sense() === "shown" && mark.seen !== null ? Math.max(mark.at, mark.seen) : mark.at) + 1;

  dvr.jumpTo = function (by) {
    const at = layar.past.at();
    const begins = (dvr.marks() || []).map(dvr.beginOf).sort((a, b) => a - b);
    const found = by > 0 ? begins.find((one) => one > at + 1) : begins.filter((one) => one < at - 1).pop();
    if (found !== undefined) layar.past.seek(found);
  };

  dvr.listJumps = function () {
    const box = layar.slot("dvr-sheet-jump");
    const marks = dvr.marks();
    const list = box.querySelector("ul") || box.appendChild(element("ul", "dvr-list"));
    const note = box.querySelector("p") || box.appendChild(element("p", "dvr-empty"));
    layar.keyed(list, marks || [], (mark) => mark.key, () => dvr.row(), (row, mark) => {
      const length = mark.ended ? layar.words.span(Math.max(0, mark.ended - mark.at)) : say("masih terbuka", "still open");
      dvr.fill(row, mark, layar.words.hour(mark.at), `${layar.words.date(mark.at)} · ${length}`);
      row.onclick = () => layar.past.seek(dvr.beginOf(mark));
    });
    layar.write(note, hint(marks));
  };

  function hint(marks) {
    if (!marks) return say("Pilih rentang paling lama 31 hari agar kejadiannya dapat didaftar", "Choose at most 31 days to list the incidents");
    if (!marks.length) return say("Tidak ada kejadian dalam rentang ini", "No incident in this range");
    const left = dvr.leftOut();
    return left ? say(`${left} kejadian ringan lain tidak didaftar`, `${left} lesser incidents are not listed`) : "";
  }

  /* -- bookmarks -- */
  async function ask(path, options = {}) {
    const stop = new AbortController();
    const deadline = setTimeout(() => stop.abort(), TIMEOUT_MS);
    try {
      const response = await fetch(path, { signal: stop.signal, cache: "no-store", redirect: "manual", ...options });
      return response.ok ? await response.json() : null;
    } catch (error) {
      return null;
    } finally {
      clearTimeout(deadline);
    }
  }

  dvr.loadBookmarks = async function () {
    const said = await ask("/api/v1/bookmarks");
    if (said) held.bookmarks = said.bookmarks;
    layar.guard("dvr", dvr.listBookmarks);
    return said ? held.bookmarks : null;
  };
  dvr.bookmarks = () => held.bookmarks;

  dvr.linkOf = (id) => `${window.location.origin}/briefing/replay?bookmark=${encodeURIComponent(id)}`;

  dvr.listBookmarks = function () {
    const box = layar.slot("dvr-sheet-marks");
    if (!box.firstChild) {
      if (may("mayMark")) box.append(form());
      box.append(linkLine(), element("ul", "dvr-list"), element("p", "dvr-empty"));
    }
    const rows = held.bookmarks.map(row);
    box.querySelector("ul").replaceChildren(...rows);
    layar.write(box.querySelector("p.dvr-empty"), rows.length ? "" : say("Belum ada penanda", "No bookmarks yet"));
  };

  function linkLine() {
    const line = element("label", "dvr-link-line");
    const input = element("input");
    Object.assign(input, { id: "dvr-link", readOnly: true });
    input.addEventListener("focus", () => input.select());
    line.append(layar.said("span", "", { id: "Tautan momen ini", en: "Link of this moment" }), input);
    return line;
  }

  function form() {
    const node = element("form", "dvr-form");
    const input = element("input");
    Object.assign(input, { id: "dvr-mark-name", maxLength: 120, required: true, autocomplete: "off" });
    const label = element("label");
    label.append(layar.said("span", "", { id: "Nama penanda", en: "Name of the bookmark" }), input);
    const button = layar.said("button", "dvr-choice is-alone", { id: "Simpan", en: "Keep" });
    button.type = "submit";
    node.append(label, ...(may("mayRemove") ? [forVisitors()] : []), button);
    node.addEventListener("submit", (event) => {
      event.preventDefault();
      add(input, node.querySelector("#dvr-mark-visitors"));
    });
    return node;
  }

  // Two hours from here, reduced as everything visitors see (docs/visitor.md).
  function forVisitors() {
    const line = element("label", "dvr-tick");
    const tick = element("input");
    Object.assign(tick, { id: "dvr-mark-visitors", type: "checkbox" });
    line.append(tick, layar.said("span", "", { id: "Boleh diputar di tur tamu", en: "May be played on the visitors' tour" }));
    return line;
  }

  async function add(input, tick) {
    const said = { name: input.value, at: layar.past.iso(layar.past.at()), sense: layar.past.sense() };
    const body = JSON.stringify(tick && tick.checked ? { ...said, for_visitors: true } : said);
    const headers = { "Content-Type": "application/json" };
    const made = await ask("/api/v1/bookmarks", { method: "POST", headers, body });
    if (made) input.value = "";
    else dvr.toast(say("Penanda tidak tersimpan, coba lagi", "The bookmark was not kept, try again"));
    await dvr.loadBookmarks();
  }

  function row(mark) {
    const node = element("li", "dvr-bookmark");
    const at = layar.past.epoch(mark.at);
    const open = element("button", "dvr-row");
    open.type = "button";
    const text = element("span", "dvr-row-text");
    text.append(element("b", "", mark.name), element("span", "", `${layar.words.date(at)} ${layar.words.hour(at)} · ${mark.by}${mark.for_visitors ? say(" · untuk tamu", " · for visitors") : ""}`));
    open.append(text);
    open.onclick = () => dvr.open(mark);
    node.append(open, deed({ id: "Tautan", en: "Link" }, () => share(mark)));
    if (may("mayRemove")) node.append(deed({ id: "Hapus", en: "Remove" }, () => remove(mark)));
    return node;
  }

  function deed(words, work) {
    const button = layar.said("button", "dvr-choice is-alone", words);
    button.type = "button";
    button.addEventListener("click", work);
    return button;
  }

  function share(mark) {
    const input = layar.slot("dvr-link");
    input.value = dvr.linkOf(mark.id);
    input.focus();
  }

  async function remove(mark) {
    await ask(`/api/v1/bookmarks/${encodeURIComponent(mark.id)}`, { method: "DELETE" });
    await dvr.loadBookmarks();
  }
})();
