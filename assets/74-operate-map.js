/* The desk's map, beside rooms that have one: their rows where they lie, a click chooses one, or says the place of a form. */
(function () {
  "use strict";
  const layar = window.layar;
  const { ops } = layar;
  const NEAR_PX = 30;
  const SETTLED_MS = 400;
  const CLOSE_ZOOM = 14.5;
  const held = { flownTo: null, mark: null };
  const POINT = "Point";

  layar.on("ops-room", () => layar.guard("ops map", () => {
    held.flownTo = null;
    ops.part("stage").hidden = true;
    set([]);
  }));
  for (const news of ["ops-said", "ops-chosen", "ops-place", "ops-form"]) layar.on(news, () => layar.guard("ops map", show));
  layar.on("map-data", () => ops.isHere() && layar.guard("ops map", show));
  layar.on("ops-map", (glass) => layar.guard("ops map", () => {
    glass.on("click", (event) => layar.guard("ops map", () => clicked(event)));
    show();
  }));

  const set = (rows) => layar.map.set("incidents", layar.map.collection(rows.map(feature)));

  function feature(row) {
    const properties = { key: row.key, ...(row.marker || { priority: 4, icon: "lain" }) };
    return { type: "Feature", properties, geometry: { type: POINT, coordinates: row.place } };
  }

  function show() {
    const said = ops.said();
    if (!said || ops.isFront()) return;
    const wasHidden = ops.part("stage").hidden;
    ops.part("stage").hidden = !said.has_map;
    layar.slot("ops").dataset.map = String(Boolean(said.has_map));
    if (!said.has_map) return;
    if (wasHidden && layar.map.get()) unfold();
    set(ops.rows().filter(({ place }) => place));
    hint();
    look();
  }

  // Plotly lays its map out anew once it can be seen, and stops what moves there.
  function unfold() {
    layar.map.get().resize();
    setTimeout(() => layar.guard("ops map", () => {
      held.flownTo = null;
      look();
    }), SETTLED_MS);
  }

  // The chosen row, and the place of the form that is open, are marked above the map.
  function look() {
    const glass = layar.map.get();
    if (!glass) return;
    const field = ops.form.placeField();
    const chosen = ops.chosen();
    const at = (field && field.at()) || (chosen && !field && chosen.place) || null;
    ring(glass, at, Boolean(field));
    const wanted = at ? at.join() : null;
    if (wanted === held.flownTo) return;
    held.flownTo = wanted;
    if (at && !field) glass.easeTo({ center: at, zoom: Math.max(glass.getZoom(), CLOSE_ZOOM), duration: layar.isCalm() ? 0 : 600 });
  }

  function ring(glass, at, isField) {
    if (!held.mark) {
      held.mark = layar.element("div", "ops-ring");
      glass.getCanvasContainer().appendChild(held.mark);
      glass.on("move", () => layar.guard("ops ring", put));
    }
    held.mark.at = at;
    held.mark.dataset.isField = String(isField);
    put();
  }

  function put() {
    const { mark } = held;
    mark.hidden = !mark.at;
    if (!mark.at) return;
    const { x, y } = layar.map.get().project(mark.at);
    mark.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
  }

  function hint() {
    const box = ops.part("hint");
    box.hidden = !ops.form.placeField();
    layar.write(box, layar.say("Klik di peta: di mana kejadiannya?", "Click on the map: where is it?"));
  }

  function clicked({ lngLat, point }) {
    const field = ops.form.placeField();
    if (field) {
      field.put([Number(lngLat.lng.toFixed(6)), Number(lngLat.lat.toFixed(6))]);
      return;
    }
    const glass = layar.map.get();
    const far = (row) => {
      const { x, y } = glass.project(row.place);
      return Math.hypot(x - point.x, y - point.y);
    };
    const nearest = ops.rows().filter(({ place }) => place).sort((a, b) => far(a) - far(b))[0];
    if (nearest && far(nearest) <= NEAR_PX) ops.leave(() => ops.choose(nearest.key));
  }
})();
