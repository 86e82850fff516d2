/* Finding a place by its name: the key /, letters, arrows, Enter. The server says what is found (GET /api/v1/search). */
(function () {
  "use strict";
  const layar = window.layar;
  const NAME = "search";
  const WAIT_MS = 140;
  const held = { asked: "", found: [], at: 0, timer: null, box: null };

  layar.key("/", (event) => {
    if (!layar.tools.isUsable()) return;
    event.preventDefault();
    open();
  }, { id: "cari tempat", en: "find a place" }, "wall");

  function open() {
    layar.view.touch();
    const body = layar.tools.card(NAME, { id: "Cari tempat", en: "Find a place" }, () => layar.tools.draw("tools-pin", []));
    const input = layar.element("input", "map-search-input");
    Object.assign(input, { type: "search", maxLength: 80, autocomplete: "off", spellcheck: false });
    input.placeholder = layar.say("kelurahan, fasilitas, kamera, kejadian …", "kelurahan, facility, camera, incident …");
    input.setAttribute("aria-label", layar.say("Cari tempat", "Find a place"));
    held.box = layar.element("ol", "map-search-found");
    input.addEventListener("input", () => soon(input.value));
    input.addEventListener("keydown", pressed);
    body.append(input, held.box);
    show([]);
    input.focus();
  }

  function soon(said) {
    clearTimeout(held.timer);
    layar.view.touch();
    held.timer = setTimeout(() => ask(said.trim()), WAIT_MS);
  }

  async function ask(said) {
    held.asked = said;
    if (!said) return show([]);
    try {
      const answer = await fetch(`/api/v1/search?q=${encodeURIComponent(said)}`);
      if (!answer.ok) throw new Error(`search: ${answer.status}`);
      const { found } = await answer.json();
      if (held.asked === said && layar.tools.has(NAME)) show(found, said);
    } catch (error) {
      layar.complain(NAME, error);
      if (layar.tools.has(NAME)) note(layar.say("Pencarian tidak menjawab", "Search does not answer"));
    }
    return undefined;
  }

  function show(found, said = "") {
    held.found = found;
    held.at = 0;
    held.box.replaceChildren(...found.map(row));
    if (said && !found.length) note(layar.say("Tidak ditemukan", "Nothing found"));
    mark();
  }

  const note = (text) => held.box.replaceChildren(layar.element("li", "map-search-none", text));

  function row(one, place) {
    const item = layar.element("li", "map-search-one");
    const icon = layar.element("i", "map-search-icon");
    if (one.icon) layar.icon(icon, layar.sources.icon(one.priority, one.icon), 1.75, "rem");
    const words = layar.element("span", "map-search-words");
    const note = layar.say(one.note);
    const kind = layar.say(one.kind_words);
    words.append(layar.element("b", "", one.name), layar.element("em", "", note && note !== kind ? `${kind} · ${note}` : kind));
    item.append(icon, words);
    item.addEventListener("click", () => choose(place));
    return item;
  }

  function pressed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") choose(held.at);
    if (!step) return;
    event.preventDefault();
    held.at = Math.max(0, Math.min(held.found.length - 1, held.at + step));
    mark();
  }

  function mark() {
    Array.from(held.box.children).forEach((node, place) => node.classList.toggle("is-chosen", place === held.at && held.found.length > 0));
    const chosen = held.box.children[held.at];
    if (chosen) chosen.scrollIntoView({ block: "nearest" });
  }

  function choose(place) {
    const one = held.found[place];
    if (!one) return;
    layar.tools.close(NAME);
    layar.tools.draw("tools-pin", [layar.tools.feature("Point", [one.lon, one.lat], { name: one.name })]);
    layar.tools.go(one.lon, one.lat, one.zoom);
    layar.emit("place-found", one);
  }

  layar.on("hand", (isThere) => {
    if (!isThere) layar.tools.draw("tools-pin", []);
  });
})();
