/* The briefing's hand: the range of days, and the panel that asks for a report, shows how far it is and gives the file. */
(function () {
  "use strict";
  const layar = window.layar;
  const LOOK_MS = 700;
  const KINDS = {
    shown: { id: "Periode di layar", en: "The period shown" },
    shift: { id: "Sif terakhir", en: "Last shift" },
    day: { id: "Kemarin", en: "Yesterday" },
    month: { id: "Bulan lalu (kementerian)", en: "Last month (ministry)" },
    incident: { id: "Satu kejadian", en: "One incident" },
  };
  const FORMATS = { pdf: "PDF", png: "PNG", xlsx: "Excel (XLSX)", geojson: "GeoJSON" };
  const STEPS_EN = {
    mulai: "starting", "membaca catatan": "reading the log", menghitung: "counting", "menyusun berkas": "building the file", selesai: "done",
  };
  const held = { jobs: new Map(), timer: null };

  const set = (id, props) => window.dash_clientside && window.dash_clientside.set_props(id, props);
  const shown = () => document.querySelector("#brief-period [data-since]");
  const localDay = (iso, minutes = 0) => {
    const at = new Date(new Date(iso).getTime() + minutes * 60000);
    return Number.isNaN(at.getTime()) ? "" : iso.length > 10 ? dayIn(iso, at) : iso;
  };
  // The city's day: the offset is written in the moment itself.
  function dayIn(iso, at) {
    const match = /([+-])(\d\d):(\d\d)/.exec(iso.slice(19));
    const offset = match ? (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0;
    return new Date(at.getTime() + offset * 60000).toISOString().slice(0, 10);
  }

  /* -- days by hand -- */
  function startRange(box) {
    const days = (name, words) => layar.dates.field("brief-date", name, words, () => tell());
    const fields = [days("since", { id: "Dari", en: "From" }), days("until", { id: "Sampai", en: "To" })];
    const clear = layar.said("button", "brief-act", { id: "Hapus tanggal", en: "Clear dates" });
    clear.type = "button";
    clear.addEventListener("click", () => hand(null));
    box.append(...fields.map((one) => one.label), clear);
    const tell = () => {
      const [since, until] = fields.map((one) => one.value()).sort();
      if (since) hand({ since, until });
    };
    layar.slot("brief-span").addEventListener("click", (event) => {
      if (document.body.classList.contains("has-hand") && event.target.closest("label")) hand(null);
    });
    const asked = new URLSearchParams(window.location.search);
    if (asked.get("since") && asked.get("until")) whenSettable(() => hand({ since: asked.get("since"), until: asked.get("until") }));
    layar.whenBuilt("brief-period", (period) => {
      new MutationObserver(() => follow(fields)).observe(period, { childList: true, subtree: true });
      follow(fields);
    });
  }

  function whenSettable(work, looks = 0) {
    if (window.dash_clientside && window.dash_clientside.set_props && shown()) work();
    else if (looks < 600) setTimeout(() => whenSettable(work, looks + 1), 100);
  }

  function hand(range) {
    document.body.classList.toggle("has-hand", range !== null);
    set("brief-hand", { data: range });
    const address = new URL(window.location.href);
    for (const name of ["since", "until"]) {
      if (range) address.searchParams.set(name, range[name]);
      else address.searchParams.delete(name);
    }
    window.history.replaceState(null, "", address);
  }

  layar.briefDays = hand; // what was dragged over the first figure
  layar.brief = { set, whenSettable };

  // What the server counts is what the fields say, and where the replay begins.
  function follow(fields) {
    const now = shown();
    if (!now) return;
    const days = [localDay(now.dataset.since), localDay(now.dataset.until, -1)];
    fields.forEach((field, place) => document.activeElement !== field.input && field.set(days[place]));
    const link = layar.slot("brief-replay");
    if (link) link.href = `/briefing/replay?${new URLSearchParams({ since: now.dataset.since, until: now.dataset.until })}`;
  }

  /* -- reports -- */
  function startReports(box) {
    if (box.dataset.may !== "true") return;
    const open = layar.said("button", "brief-act is-main", { id: "Buat laporan (P)", en: "Make a report (P)" });
    open.type = "button";
    open.id = "brief-ask";
    open.addEventListener("click", () => toggle(box));
    const acts = document.querySelector(".brief-acts");
    if (acts) acts.prepend(open);
    box.hidden = true;
    box.append(form(), layar.element("div", "brief-jobs"));
    layar.key("p", () => toggle(box), { id: "buat laporan", en: "make a report" }, "brief-report");
    layar.onLang(() => draw());
  }

  function toggle(box) {
    box.hidden = !box.hidden;
    if (box.hidden) return;
    look();
    box.querySelector("select").focus();
    box.scrollIntoView({ block: "nearest" });
  }

  function form() {
    const node = layar.element("form", "brief-wish");
    const kind = choice("kind", { id: "Laporan", en: "Report" }, KINDS);
    const format = choice("format", { id: "Berkas", en: "File" }, FORMATS);
    const id = layar.element("label", "brief-date");
    const number = layar.element("input");
    number.name = "incident";
    number.maxLength = 120;
    id.append(layar.said("span", "", { id: "Nomor kejadian", en: "Incident number" }), number);
    id.hidden = true;
    const open = layar.element("label", "brief-check");
    const box = layar.element("input");
    box.type = "checkbox";
    box.name = "publishable";
    open.append(box, layar.said("span", "", { id: "untuk umum: hanya jumlah, tanpa data pribadi", en: "for the public: counts only, no personal data" }));
    const send = layar.said("button", "brief-act is-main", { id: "Buat", en: "Make" });
    kind.input.addEventListener("change", () => {
      id.hidden = kind.input.value !== "incident";
      open.hidden = !id.hidden;
    });
    node.append(kind.label, id, format.label, open, send);
    node.addEventListener("submit", (event) => {
      event.preventDefault();
      ask({ kind: kind.input.value, format: format.input.value, publishable: box.checked && !open.hidden, incident: number.value.trim() });
    });
    return node;
  }

  function choice(name, words, options) {
    const label = layar.element("label", "brief-date");
    const input = layar.element("select");
    input.name = name;
    for (const [value, said] of Object.entries(options)) {
      const option = layar.element("option", "", layar.say(said));
      option.value = value;
      layar.onLang(() => layar.write(option, layar.say(said)));
      input.append(option);
    }
    label.append(layar.said("span", "", words), input);
    return { label, input };
  }

  async function ask(wish) {
    const body = { kind: wish.kind, format: wish.format, publishable: wish.publishable, lang: layar.lang() };
    const now = shown();
    if (wish.kind === "shown" && now) {
      body.kind = "period";
      body.at = `${localDay(now.dataset.since)}/${localDay(now.dataset.until, -1)}`;
    }
    if (wish.kind === "incident") body.at = wish.incident;
    const answer = await talk("POST", "/api/v1/reports", body);
    if (answer.id) held.jobs.set(answer.id, answer);
    else held.jobs.set("wrong", { id: "wrong", state: "failed", error: answer.detail || layar.say("laporan tidak dapat diminta", "the report cannot be asked for") });
    if (answer.id) held.jobs.delete("wrong");
    draw();
    again();
  }

  async function talk(method, path, body) {
    try {
      const answer = await fetch(path, {
        method,
        headers: body ? { "Content-Type": "application/json" } : {},
        body: body ? JSON.stringify(body) : undefined,
      });
      return await answer.json();
    } catch (error) {
      return { detail: layar.say("server tidak menjawab; coba lagi", "the server does not answer; try again") };
    }
  }

  async function look() {
    const listed = await talk("GET", "/api/v1/reports");
    for (const report of listed.reports || []) held.jobs.set(report.id, report);
    draw();
    again();
  }

  const isGoing = (job) => job.state === "waiting" || job.state === "making";

  function again() {
    clearTimeout(held.timer);
    const going = Array.from(held.jobs.values()).filter(isGoing);
    if (going.length === 0) return;
    held.timer = setTimeout(async () => {
      for (const job of going) {
        const answer = await talk("GET", `/api/v1/reports/${encodeURIComponent(job.id)}`);
        if (answer.id) held.jobs.set(job.id, answer);
      }
      draw();
      again();
    }, LOOK_MS);
  }

  const order = (a, b) => (b.made_at || b.asked_at || Infinity) - (a.made_at || a.asked_at || Infinity);

  function draw() {
    const box = document.querySelector("#brief-report .brief-jobs");
    if (!box) return;
    const jobs = Array.from(held.jobs.values()).sort((a, b) => isGoing(b) - isGoing(a) || order(a, b)).slice(0, 5);
    layar.keyed(box, jobs, (job) => job.id, makeRow, updateRow);
  }

  function makeRow() {
    const row = layar.element("div", "brief-job");
    row.append(layar.element("span", "brief-job-name"), layar.element("progress"), layar.element("a", "brief-act"));
    row.setAttribute("role", "status");
    return row;
  }

  function updateRow(row, job) {
    const [name, bar, link] = row.children;
    const failed = { id: `Gagal: ${job.error || ""}`, en: `Failed: ${job.error || ""}` };
    row.dataset.state = job.state;
    layar.write(name, job.state === "failed" ? layar.say(failed) : job.state === "done" ? `${job.title} · ${job.name}` : layar.say(job.step, STEPS_EN[job.step] || job.step));
    bar.hidden = !isGoing(job);
    bar.max = 1;
    bar.value = job.done || 0;
    link.hidden = job.state !== "done";
    if (job.state === "done") {
      link.href = job.url;
      link.download = job.name;
      layar.write(link, layar.say("Unduh", "Download"));
    }
  }

  layar.whenBuilt("brief-hand-box", startRange);
  layar.whenBuilt("brief-report", startReports);
})();
