/* What was then, beside the map: figures, open incidents, the board, and the street cameras. */
(function () {
  "use strict";
  const layar = window.layar;
  const dvr = (layar.dvr = layar.dvr || {});
  const { element, words } = layar;
  const TILES = 4;
  const USER = "dvr";
  const NONE = "–";
  const say = (id, en) => layar.say(id, en);
  const here = () => layar.slot("dvr") !== null;
  const incidents = () => layar.picture.features("incidents").sort(layar.sources.worstFirst);
  dvr.titleOf = (said) => layar.say(said.title, said.title_en || said.title);

  layar.on("picture", ({ changed }) => here() && layar.guard("dvr", () => draw(changed)));
  layar.on("lang", () => here() && layar.guard("dvr", () => draw(new Set(["panels", "incidents"]))));
  layar.on("icons", () => here() && layar.guard("dvr", () => draw(new Set(["panels", "incidents"]))));
  layar.on("second", () => here() && layar.guard("dvr", ages));
  layar.on("camera-picture", (entry) => entry.user === USER && layar.guard("dvr", () => renew(entry)));

  function draw(changed) {
    if (changed.has("panels")) for (const part of [figures, dvr.director, board, stills]) layar.guard("dvr", part);
    if (changed.has("panels") || changed.has("incidents")) layar.guard("dvr", then);
  }

  /* -- figures -- */
  function figures() {
    const said = layar.picture.panels().figures;
    const box = layar.slot("dvr-figures");
    if (!said) return;
    const hasResponse = Boolean(said.response_n) && said.response_median_s !== null;
    const rows = [
      [say("Kejadian terbuka", "Open incidents"), said.open, ""],
      [say("Kritis", "Critical"), said.critical, say("prioritas 1", "priority 1")],
      [say("Armada, relawan", "Units"), said.units === null ? null : `${said.units_fresh}/${said.units}`, say("posisi baru", "fresh positions")],
      [say("Panggilan hari itu", "Calls that day"), said.calls_today, `${said.real_today} ${say("nyata", "genuine")}`],
      [say("Tanggap (median)", "Response (median)"), hasResponse ? words.span(said.response_median_s) : null, `n ${said.response_n || 0}`],
      [say("Kamera", "Cameras"), `${said.cameras_ok}/${said.cameras}`, say("sehat", "healthy")],
    ];
    box.replaceChildren(...rows.map(([label, value, note]) => {
      const cell = element("div", "dvr-figure panel");
      cell.append(element("span", "", label), element("b", "", value === null || value === undefined ? NONE : String(value)), element("em", "", note));
      return cell;
    }));
  }

  /* -- open then -- */
  function then() {
    const box = layar.slot("dvr-sheet-then");
    const all = incidents();
    const list = box.querySelector("ul") || box.appendChild(element("ul", "dvr-list"));
    const note = box.querySelector("p") || box.appendChild(element("p", "dvr-empty"));
    layar.keyed(list, all.slice(0, 40), (feature) => feature.properties.key, () => dvr.row(), (row, feature) => {
      const said = feature.properties;
      const since = said.reported_at || said.observed_at;
      dvr.fill(row, said, words.since(since), layar.say(said.status_words, said.status_words_en || said.status_words));
      row.onclick = () => look(feature);
    });
    const trouble = (layar.picture.panels().degraded || []).map((one) => layar.say(one.text, one.text_en));
    const none = all.length ? "" : say("Tidak ada kejadian terbuka pada saat itu", "No incident was open at that moment");
    layar.write(note, [none, trouble.length ? `${say("Perlu diketahui saat itu", "To know of then")}: ${trouble.slice(0, 3).join(" · ")}` : ""].filter(Boolean).join(" · "));
  }

  dvr.row = function () {
    const row = element("li");
    const button = element("button", "dvr-row");
    button.type = "button";
    const text = element("span", "dvr-row-text");
    text.append(element("b"), element("span"));
    button.append(element("i", "dvr-row-icon"), text, element("em"));
    row.append(button);
    return row;
  };

  dvr.fill = function (row, said, aside, under) {
    const [icon, text, end] = row.firstElementChild.children;
    layar.icon(icon, layar.sources.icons() ? layar.sources.icon(said.priority, said.icon) : "", 2.25, "rem");
    layar.write(text.firstElementChild, dvr.titleOf(said));
    const place = said.kelurahan || say("lokasi belum diketahui", "place not known");
    layar.write(text.lastElementChild, [words.priority(said.priority), place, under].filter(Boolean).join(" · "));
    layar.write(end, aside);
  };

  function look(feature) {
    if (feature.geometry) layar.view.lookAt(feature.geometry.coordinates, 14);
  }

  /* -- the board of then, all cards at once -- */
  function board() {
    const box = layar.slot("dvr-sheet-board");
    const cards = layar.picture.panels().board || [];
    box.replaceChildren(...cards.map(card));
    if (!cards.length) box.append(element("p", "dvr-empty", say("Tidak ada yang tercatat pada saat itu", "Nothing was recorded at that moment")));
  }

  function card(said) {
    const node = element("section", "dvr-card");
    node.append(element("h3", "", layar.say(said.title)));
    if (said.lead !== null) node.append(element("p", "dvr-lead", `${layar.say(said.lead)} ${said.lead_label ? layar.say(said.lead_label) : ""}`));
    for (const row of said.rows) {
      const line = element("p", "dvr-line");
      line.append(element("span", "", layar.say(row.label)), element("b", "", layar.say(row.value)));
      node.append(line);
    }
    const age = said.observed_at === null ? say("tanpa data", "no data") : words.since(said.observed_at);
    node.append(element("em", "", `${say("sumber", "source")} ${layar.say(said.source)} · ${age}`));
    return node;
  }

  /* -- street cameras -- */
  const listed = () => (layar.picture.panels().cameras || []).slice(0, TILES);

  function stills() {
    const box = layar.slot("dvr-stills");
    const cameras = listed();
    layar.cameraPictures.want(USER, cameras.map(({ key }) => ({ key, size: "medium" })));
    layar.keyed(box, cameras, (camera) => camera.key, layar.cameraTile.make, layar.cameraTile.say);
    const { eyes } = layar.picture.panels();
    const [near] = eyes ? layar.picture.layer("incidents").get(eyes.near) || [] : [];
    const about = near ? `${dvr.titleOf(near.properties)}: ${layar.say(eyes.text, eyes.text_en)}` : say("Kamera pada saat itu", "Cameras at that moment");
    layar.write(layar.slot("dvr-stills-note"), about);
    ages();
  }

  function renew(entry) {
    const box = layar.slot("dvr-stills");
    const tile = box && Array.from(box.children).find((node) => node.dataset.key === entry.key);
    if (tile) layar.cameraTile.show(tile, entry);
    ages();
  }

  function ages() {
    const told = new Map(listed().map((camera) => [camera.key, camera]));
    const box = layar.slot("dvr-stills");
    for (const tile of box ? box.children : []) {
      const camera = told.get(tile.dataset.key);
      if (camera) layar.cameraTile.age(tile, camera, layar.cameraPictures.get(USER, camera.key), layar.time.now());
    }
  }
})();
