/* Before, at and after: the stills kept of an incident, three columns per camera, each with its distance to the moment.
   `layar.strip.show(element, incidentId)` fills any element; on the wall a click on an incident opens it in a drawer.
   Only admins are answered; for everybody else nothing happens. */
(function () {
  "use strict";
  const layar = window.layar;
  const MILESTONES = [
    ["call", { id: "Panggilan", en: "Call" }], ["dispatch", { id: "Penugasan", en: "Dispatch" }],
    ["arrival", { id: "Tiba di lokasi", en: "Arrival" }],
  ];
  const PHASES = [
    ["before", { id: "sebelum", en: "before" }], ["at", { id: "saat itu", en: "at that moment" }],
    ["after", { id: "sesudah", en: "after" }],
  ];
  const TIMEOUT_MS = 8000;
  const CLOSES_S = 120;
  const held = { incident: null, isRefused: false, until: 0 };
  const strip = (layar.strip = {});

  // True once something is shown; false where this viewer may not look, or a newer question took the place.
  strip.show = async function (element, incidentId) {
    element.dataset.incident = incidentId;
    element.replaceChildren(layar.element("p", "stills-word", layar.say("Mengambil gambar …", "Fetching pictures …")));
    const answer = await asked(incidentId).catch(() => "failed");
    if (element.dataset.incident !== incidentId) return false;
    if (answer === "refused") {
      element.replaceChildren();
      return false;
    }
    if (answer === "failed") element.replaceChildren(layar.element("p", "stills-word", layar.say("Server tidak menjawab · coba lagi", "The server does not answer · try again")));
    else element.replaceChildren(...sections(answer));
    return true;
  };

  async function asked(incidentId) {
    const stop = new AbortController();
    const deadline = setTimeout(() => stop.abort(), TIMEOUT_MS);
    try {
      const url = `/api/v1/incidents/${encodeURIComponent(incidentId)}/stills`;
      const response = await fetch(url, { signal: stop.signal, cache: "no-store", redirect: "manual" });
      if (response.status === 401 || response.status === 403 || response.type === "opaqueredirect") return "refused";
      return response.ok ? await response.json() : "failed";
    } finally {
      clearTimeout(deadline);
    }
  }

  /* -- what it looks like -- */
  function sections(stills) {
    if (!stills.length) return [layar.element("p", "stills-word", layar.say("Tidak ada gambar yang disimpan untuk kejadian ini", "No pictures were kept of this incident"))];
    return MILESTONES.map(([milestone, title]) => section(title, stills.filter((one) => one.milestone === milestone)))
      .filter((node) => node !== null);
  }

  function section(title, stills) {
    if (!stills.length) return null;
    const node = layar.element("section", "stills-moment");
    const [{ moment }] = stills;
    const at = moment ? ` · ${layar.words.clock(Date.parse(moment) / 1000)} ${layar.time.label}` : layar.say(" · waktunya tidak diketahui", " · time unknown");
    node.append(layar.element("h3", "eyebrow", layar.say(title) + at));
    const names = Array.from(new Set(stills.map((one) => one.camera))).sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
    for (const camera of names) node.append(row(camera, stills.filter((one) => one.camera === camera)));
    return node;
  }

  function row(camera, stills) {
    const node = layar.element("div", "stills-row");
    node.dataset.camera = camera;
    node.append(layar.element("b", "stills-camera", nameOf(camera)));
    for (const [phase, word] of PHASES) node.append(cell(stills.find((one) => one.phase === phase), phase, word));
    return node;
  }

  function nameOf(key) {
    const camera = (layar.picture.panels().cameras || []).find((one) => one.key === key);
    return camera ? camera.name : key;
  }

  function cell(still, phase, words) {
    const word = layar.say(words);
    const node = layar.element("figure", "still");
    node.dataset.phase = phase;
    const box = layar.element("div", "still-picture");
    node.append(box, layar.element("figcaption", "still-caption", still ? caption(still, word) : word));
    if (!still) {
      box.append(layar.element("span", "", layar.say("tidak ada gambar", "no picture")));
      return node;
    }
    const image = layar.element("img");
    image.alt = `${nameOf(still.camera)}, ${word}`;
    image.addEventListener("error", () => box.replaceChildren(layar.element("span", "", layar.say("gambar sudah dihapus", "picture was deleted"))));
    image.src = still.url;
    box.append(image);
    return node;
  }

  function caption(still, word) {
    const at = layar.words.clock(Date.parse(still.observed_at) / 1000);
    return still.offset_s === null ? `${word} · ${at}` : `${distance(still.offset_s)} · ${at}`;
  }

  // "20 dtk sebelum": how far the picture is from the moment, never rounded onto it.
  function distance(offset) {
    if (Math.abs(offset) < 0.5) return layar.say("tepat saat itu", "at that very moment");
    return `${layar.words.age(Math.max(1, Math.round(Math.abs(offset))))} ${offset < 0 ? layar.say("sebelum", "before") : layar.say("sesudah", "after")}`;
  }

  /* -- the drawer on the wall -- */
  async function open(incident, title) {
    const drawer = layar.slot("wall-stills");
    if (!drawer || held.isRefused) return;
    held.incident = incident;
    held.until = layar.time.monotonic() + CLOSES_S;
    layar.write(layar.slot("wall-stills-title"), `${title} · ${layar.say("sebelum, saat, sesudah", "before, at, after")}`);
    const isShown = await strip.show(layar.slot("wall-stills-strip"), incident);
    if (held.incident !== incident) return;
    held.isRefused = !isShown; // a wall is asked once, and then left in peace
    drawer.hidden = !isShown;
    if (isShown) layar.slot("wall-stills-close").focus({ preventScroll: true });
  }

  function close() {
    held.incident = null;
    const drawer = layar.slot("wall-stills");
    if (drawer) drawer.hidden = true;
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest) return;
    const chosen = event.target.closest("#wall-incidents > li");
    if (chosen) open(chosen.dataset.key, chosen.querySelector(".incident-title").textContent);
    else if (event.target.closest("#wall-stills-close")) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && held.incident !== null) close();
  });
  layar.on("second", () => {
    if (held.incident !== null && layar.time.monotonic() > held.until) close();
  });
})();
