/* Which layers the map shows: the key L, sets for common questions, remembered by this screen, or `/wall?preset=banjir`.
   A layer that is off is still told and still counted: only its signs on the map are gone. */
(function () {
  "use strict";
  const layar = window.layar;
  const NAME = "layers";
  const asked = new URLSearchParams(window.location.search);
  const KEPT = `layar-layers-${asked.get("wall") || ""}-${asked.get("screen") || ""}`;
  const EXTRA = { basemap: { id: "Jalan dan bangunan", en: "Streets and buildings" } };
  const held = { off: new Set(), isRead: false, body: null };
  const layers = (layar.layers = { isOn: (name) => !held.off.has(name) });

  layar.key("l", () => {
    if (layar.tools.has(NAME)) layar.tools.close(NAME);
    else if (layar.tools.isUsable()) open();
  }, { id: "lapisan peta", en: "layers of the map" }, "wall");
  layar.on("legend", () => layar.guard(NAME, read));
  layar.on("map-data", () => layar.guard(NAME, apply));
  layar.onLang(() => layar.tools.has(NAME) && fill());

  const presets = () => layar.sources.legend().presets || [];

  // Layers that have signs on the map, as the legend names them.
  function known() {
    const map = layar.map.get();
    const drawn = new Set(map ? map.getStyle().layers.map((layer) => layer.source) : []);
    const named = Object.entries(layar.sources.legend().layers).filter(([name]) => drawn.has(name) && name !== "blind_spots");
    const extra = Object.entries(EXTRA).filter(([name]) => drawn.has(name)).map(([name, title]) => [name, { title }]);
    return [...named, ...extra].map(([name, { title }]) => ({ name, title }));
  }

  function read() {
    if (held.isRead) return;
    held.isRead = true;
    const preset = presets().find((one) => one.key === asked.get("preset"));
    if (preset) choose(preset, false);
    else held.off = new Set((layar.recall(KEPT) || "").split(",").filter(Boolean));
    apply();
  }

  function apply() {
    const map = layar.map.get();
    if (!map || !held.isRead) return;
    for (const layer of map.getStyle().layers) {
      const owner = ownerOf(layer.source);
      if (!owner || (layer.metadata && layer.metadata["is-tint"])) continue; // 28-tint.js shows those
      const wanted = layers.isOn(owner) ? "visible" : "none";
      if ((map.getLayoutProperty(layer.id, "visibility") || "visible") !== wanted) map.setLayoutProperty(layer.id, "visibility", wanted);
    }
    const root = layar.slot("wall");
    for (const name of root ? ["incidents", "responders"] : []) root.classList.toggle(`is-without-${name}`, !layers.isOn(name));
    layar.emit("layers", held.off);
  }

  // Names of the kelurahan and the tint stand for each other; what a layer needs beside its own source goes with it.
  function ownerOf(source) {
    if (!source || source.startsWith("tools-")) return null;
    if (source === "basemap") return source;
    const legend = layar.sources.legend();
    return legend ? [source, source.split("-")[0]].find((name) => legend.layers[name]) || null : null;
  }

  function choose(preset, isKept = true) {
    const wanted = new Set(preset.layers);
    held.off = new Set(preset.layers.length ? [...Object.keys(layar.sources.legend().layers)].filter((name) => !wanted.has(name)) : []);
    if (isKept) keep();
  }

  function keep() {
    layar.keep(KEPT, Array.from(held.off).join(","));
    apply();
    if (layar.tools.has(NAME)) fill();
  }

  function open() {
    layar.view.touch();
    held.body = layar.tools.card(NAME, { id: "Lapisan peta", en: "Layers of the map" });
    fill();
  }

  function fill() {
    const sets = layar.element("div", "map-presets");
    for (const preset of presets()) sets.append(button(layar.say(preset.title), isShown(preset), () => choose(preset)));
    const list = layar.element("div", "map-layers");
    for (const { name, title } of known()) list.append(button(layar.say(title), layers.isOn(name), () => toggle(name)));
    held.body.replaceChildren(sets, list);
  }

  function isShown(preset) {
    const wanted = new Set(preset.layers);
    return known().every(({ name }) => name in EXTRA || layers.isOn(name) === (!wanted.size || wanted.has(name)));
  }

  function toggle(name) {
    if (!held.off.delete(name)) held.off.add(name);
    keep();
  }

  function button(text, isOn, work) {
    const node = layar.element("button", "map-switch", text);
    node.type = "button";
    node.setAttribute("aria-pressed", String(isOn));
    node.addEventListener("click", () => {
      layar.view.touch();
      layar.guard(NAME, work);
    });
    return node;
  }
})();
