/* The list of open incidents, worst first; the rest as a count, so that nothing is hidden in silence. */
(function () {
  "use strict";
  const layar = window.layar;
  const { say } = layar;
  const ROWS = 9;
  const OLD_S = 1800;
  const NONE = { id: "Tidak ada kejadian terbuka", en: "No open incident" };
  const UNSHOWN = { id: "Kejadian tidak ditampilkan di layar pengunjung", en: "Incidents are not shown to visitors" };

  layar.on("drawn", (names) => {
    if (names.has("incidents") || names.has("joins")) layar.guard("list", list);
  });
  layar.on("icons", () => layar.guard("list", list));
  layar.on("picture", ({ changed }) => {
    if (changed.has("panels") && layar.picture.isForVisitors()) layar.guard("list", list);
  });
  layar.on("second", ages);

  const all = () => layar.picture.features("incidents").sort(layar.sources.worstFirst);

  function list() {
    const box = layar.slot("wall-incidents");
    if (!box) return;
    const incidents = all();
    const rows = layar.canvas.rows(box) || ROWS;
    const shown = incidents.slice(0, rows);
    layar.keyed(box, shown, (feature) => feature.properties.key, make, update);
    fit(box);
    const rest = incidents.length - shown.length;
    layar.write(layar.slot("wall-incidents-rest"), rest > 0 ? `${more(rest)} · ${counts(incidents.slice(rows))}` : "");
    const isShown = (layar.picture.panels().figures || {}).open !== null;
    layar.write(layar.slot("wall-incidents-count"), isShown ? layar.words.number(incidents.length) : "–");
    layar.write(layar.slot("wall-incidents-none"), say(isShown ? NONE : UNSHOWN));
    layar.slot("wall-incidents-none").hidden = incidents.length > 0 || layar.picture.cursor() === null;
    layar.emit("listed", { incidents, rows });
    ages();
  }

  const more = (rest) => say(`dan ${layar.words.number(rest)} lagi`, `and ${layar.words.number(rest)} more`);

  function counts(incidents) {
    return [1, 2, 3, 4]
      .map((priority) => [incidents.filter((f) => f.properties.priority === priority).length, layar.words.priority(priority)])
      .filter(([count]) => count)
      .map(([count, word]) => `${count} ${word}`)
      .join(", ");
  }

  function make() {
    const { element } = layar;
    const row = element("li", "incident");
    const sign = element("div", "incident-sign");
    sign.append(element("i", "incident-icon"), element("span", "incident-priority"));
    // two lines of their own: a long status below must not take room from the title above
    const [above, below] = [element("div", "incident-line"), element("div", "incident-line")];
    above.append(element("b", "incident-title"), element("b", "incident-age"));
    below.append(element("span", "incident-place"), element("span", "incident-status"));
    const text = element("div", "incident-text");
    text.append(above, below);
    row.append(sign, text);
    return row;
  }

  function update(row, { properties: said }) {
    const [sign, text] = row.children;
    const [above, below] = text.children;
    row.className = `incident incident-${said.priority}`;
    layar.icon(sign.firstElementChild, layar.sources.icon(said.priority, said.icon), 2.625, "rem");
    layar.write(sign.lastElementChild, layar.words.priority(said.priority));
    layar.write(above.firstElementChild, layar.told(said, "title") + times(said.key));
    layar.write(below.firstElementChild, place(said));
    const status = layar.told(said, "status_words");
    below.lastElementChild.dataset.status = status;
    layar.write(below.lastElementChild, [said.agency, status].filter(Boolean).join(" · "));
    row.dataset.reported = said.reported_at || said.observed_at || "";
    row.dataset.observed = said.observed_at || "";
  }

  // Reports that seem to be of one thing are counted at the first of them (layers/joins.py).
  function times(key) {
    const [folded] = layar.picture.layer("joins").get(key) || [];
    return folded ? ` (${folded.properties.reports}×)` : "";
  }

  function place(said) {
    // several of one kind without a place would all read the same
    if (said.place === "none") return `${say("tanpa lokasi", "no place yet")} · ${short(said.key)}`;
    if (!said.kelurahan) return say("di luar kelurahan", "outside any kelurahan");
    return said.place === "kelurahan" ? `${said.kelurahan} ${say("(sekitar)", "(about)")}` : said.kelurahan;
  }

  // Where there is no room for both, what is being done says more than by whom. All are looked at before one is changed.
  function fit(box) {
    const lines = Array.from(box.querySelectorAll(".incident-line:last-child"));
    const cut = lines.filter((line) => Array.from(line.children).some((node) => node.scrollWidth > node.clientWidth + 1));
    for (const line of cut) layar.write(line.lastElementChild, line.lastElementChild.dataset.status);
  }

  layar.incidents = { make, update, fit, more: (rest) => `${more(rest.length)} · ${counts(rest)}` };
  layar.on("laid", () => layar.guard("list", list));

  const short = (key) => (key.length > 9 ? `…${key.slice(-7)}` : key);

  // The age is that of the report; a row nobody has spoken of for long is dimmed, for it may not be true any more.
  function ages() {
    const limits = layar.sources.ages("incidents");
    const now = layar.time.now();
    for (const row of document.querySelectorAll("#wall .incidents > li")) {
      if (!row.dataset.reported) continue;
      const [above] = row.lastElementChild.children;
      layar.write(above.lastElementChild, layar.words.since(Number(row.dataset.reported)));
      const quiet = now - Number(row.dataset.observed);
      row.dataset.stale = quiet > (limits ? limits.late_s : OLD_S) ? "late" : "";
    }
  }
})();
