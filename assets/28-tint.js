/* What the colour of a kelurahan says: how many incidents are open in it, unless
   - somebody asks for the blind spots of the cameras: the key V, or `/wall?tint=blind_spots` for a screen of its own;
   - there is a surge: then colour and number tell how hard each is pressed, the graver counting more, and of the signs of
     incidents only the critical stay (24-clusters.js). It begins and ends by itself, with `/wall?tint=pressure` it stays.
   The shapes are held once and joined only with what is shown. */
(function () {
  "use strict";
  const layar = window.layar;
  const BLIND = "blind_spots";
  const PRESSURE = "pressure";
  const GROUND = "kelurahan";
  const COLOURS = "kelurahan-pressure";
  const CALM_S = 60; // a surge that pauses for a moment is still one
  const asked = new URLSearchParams(window.location.search).get("tint");
  const held = { isBlind: asked === BLIND, told: "", surgeAt: null, isPressure: asked === PRESSURE, places: null, isFetching: false };
  // Only with something to show: visitors are told nothing of the blind spots, nor of a surge.
  const tint = (layar.tint = {
    isOn: () => held.isBlind && layar.picture.layer(BLIND).size > 0,
    isPressure: () => held.isPressure && !layar.picture.isForVisitors(),
  });

  tint.toggle = function () {
    held.isBlind = !held.isBlind;
    tint.hand();
    tell();
  };

  function tell() {
    const now = `${tint.isOn()} ${tint.isPressure()}`;
    if (now === held.told) return;
    held.told = now;
    layar.emit("tint", tint.isOn());
  }

  tint.hand = function () {
    const map = layar.map.get();
    if (!map || !map.getLayer(BLIND)) return;
    const isGround = layar.layers.isOn(GROUND);
    show(map, BLIND, tint.isOn());
    show(map, COLOURS, isGround && tint.isPressure() && !tint.isOn());
    show(map, PRESSURE, isGround && tint.isPressure());
    if (tint.isOn()) join(BLIND);
    if (tint.isPressure()) number();
  };

  function show(map, name, isShown) {
    if (map.getLayer(name)) map.setLayoutProperty(name, "visibility", isShown ? "visible" : "none");
  }

  function join(name) {
    const shapes = layar.sources.shapes();
    if (!shapes) return;
    const said = layar.picture.layer(name);
    const joined = shapes.features.flatMap((shape) => {
      const news = said.get(shape.properties.code);
      return news ? [{ ...shape, properties: { ...shape.properties, ...news[0].properties } }] : [];
    });
    layar.map.set(name, layar.map.collection(joined));
  }

  /* -- the number of open incidents, where the name of the kelurahan stands -- */
  function number() {
    if (!held.places) {
      fetchPlaces();
      return;
    }
    const said = layar.picture.layer(GROUND);
    const numbers = held.places.flatMap(({ geometry, properties: { code } }) => {
      const news = said.get(code);
      return news && news[0].properties.open ? [{ type: "Feature", geometry, properties: news[0].properties }] : [];
    });
    layar.map.set(PRESSURE, layar.map.collection(numbers));
  }

  function fetchPlaces() {
    if (held.isFetching) return;
    held.isFetching = true;
    fetch("/map/labels.geojson")
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`labels: ${answer.status}`))))
      .then((body) => {
        held.places = body.features.filter(({ properties }) => properties.kind === GROUND);
        number();
      })
      .catch((error) => layar.complain(PRESSURE, error)) // the next news tries again
      .finally(() => (held.isFetching = false));
  }

  /* -- the surge: the server says it among what the room must know -- */
  tint.press = function (isPressure) {
    if (isPressure === held.isPressure) return;
    held.isPressure = isPressure;
    layar.sources.again("incidents");
    tint.hand();
    tell();
  };

  function look(now) {
    const isTold = (layar.picture.panels().degraded || []).some(({ key }) => key === "surge");
    if (isTold) held.surgeAt = now;
    tint.press(asked === PRESSURE || (held.surgeAt !== null && now - held.surgeAt < CALM_S && now >= held.surgeAt));
  }

  layar.on("second", (now) => layar.guard(PRESSURE, () => look(now)));
  layar.on("drawn", (names) => {
    if (names.has(GROUND) && tint.isPressure()) number();
    tell();
  });
  layar.on("shapes", () => layar.guard("tint", tint.hand));
  layar.on("map-data", () => layar.guard("tint", tint.hand));
  layar.on("layers", () => layar.guard("tint", tint.hand));
  layar.key("v", tint.toggle, { id: "yang terlihat kamera, per kelurahan", en: "what cameras see, by kelurahan" }, "wall");
})();
