/* The blind spots of the cameras as a tint of the kelurahan, instead of their pressure. Off until somebody asks: by the
   key V, or for a screen of its own by `/wall?tint=blind_spots`. The shapes are held once and joined only while it is on. */
(function () {
  "use strict";
  const layar = window.layar;
  const NAME = "blind_spots";
  const held = { isOn: new URLSearchParams(window.location.search).get("tint") === NAME, wasOn: false };
  // Only with something to show: visitors are told nothing of it.
  const tint = (layar.tint = { isOn: () => held.isOn && layar.picture.layer(NAME).size > 0 });

  tint.toggle = function () {
    held.isOn = !held.isOn;
    tint.hand();
    tell();
  };

  function tell() {
    if (tint.isOn() === held.wasOn) return;
    held.wasOn = tint.isOn();
    layar.emit("tint", held.wasOn);
  }

  tint.hand = function () {
    const map = layar.map.get();
    const shapes = layar.sources.shapes();
    if (!map || !map.getLayer(NAME)) return;
    map.setLayoutProperty(NAME, "visibility", tint.isOn() ? "visible" : "none");
    if (!tint.isOn() || !shapes) return;
    const said = layar.picture.layer(NAME);
    const joined = shapes.features.flatMap((shape) => {
      const news = said.get(shape.properties.code);
      return news ? [{ ...shape, properties: { ...shape.properties, ...news[0].properties } }] : [];
    });
    layar.map.set(NAME, layar.map.collection(joined));
  };

  layar.on("drawn", tell);
  layar.on("shapes", () => layar.guard("tint", tint.hand));
  layar.key("v", tint.toggle, { id: "yang terlihat kamera, per kelurahan", en: "what cameras see, by kelurahan" }, "wall");
})();
