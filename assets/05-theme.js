/* Night or day: the colours of assets/00-tokens.css by the name on the page, and the same colours on the map, which is
   never given another style for it: that would take everything off it. Asked for by the key T, by `?theme=day`, or for
   all screens by `[screens] theme`; `auto` goes by the city's own clock. */
(function () {
  "use strict";
  const layar = window.layar;
  const THEMES = ["night", "day"];
  const KEPT = "layar-theme";
  const DAWN = "06.00";
  const DUSK = "18.00"; // within half an hour of the sun all year, this near to the equator
  const root = document.documentElement;
  const held = { wanted: first(), shown: null, onMap: "night", styles: new Map() };

  function first() {
    const asked = new URLSearchParams(window.location.search).get("theme");
    const known = [...THEMES, "auto"];
    return [asked, layar.recall(KEPT), root.dataset.screensTheme].find((one) => known.includes(one)) || "night";
  }

  const byClock = () => {
    const hour = layar.words.hour(layar.time.now());
    return hour >= DAWN && hour < DUSK ? "day" : "night";
  };

  layar.theme = () => held.shown;

  // `listener(theme)` whenever another one is shown: for what is painted by scripts.
  layar.onTheme = (listener) => layar.on("theme", listener);

  layar.setTheme = function (theme) {
    held.wanted = theme;
    layar.keep(KEPT, theme);
    show();
  };

  function show() {
    const theme = held.wanted === "auto" ? byClock() : held.wanted;
    if (theme === held.shown) return;
    const isFirst = held.shown === null;
    held.shown = theme;
    root.dataset.theme = theme;
    layar.guard("theme", onMap);
    if (!isFirst) layar.emit("theme", theme);
  }
  show();
  layar.on("second", () => {
    show();
    layar.guard("theme", onMap);
  });
  layar.on("map-data", () => layar.guard("theme", onMap));

  layar.key("t", () => layar.setTheme(held.shown === "night" ? "day" : "night"), { id: "tampilan siang atau malam", en: "day or night colours" });

  /* -- the map -- */
  async function styleOf(theme) {
    if (!held.styles.has(theme)) {
      const answer = await fetch(theme === "day" ? "/map/style.json?theme=day" : "/map/style.json");
      if (!answer.ok) throw new Error(`map style: ${answer.status}`);
      held.styles.set(theme, await answer.json());
    }
    return held.styles.get(theme);
  }

  function onMap() {
    const map = layar.map && layar.map.get();
    const theme = held.shown;
    if (!map || held.onMap === theme) return;
    const before = held.onMap;
    held.onMap = theme;
    styleOf(theme).then((style) => held.onMap === theme && paint(map, style)).catch((error) => {
      layar.complain("theme", error);
      held.onMap = before; // the next second, or the next news of the map, tries again
    });
  }

  function paint(map, style) {
    if (!style.layers.some(({ id }) => map.getLayer(id))) {
      held.onMap = null; // its layers are still to come: the next second tries again
      return;
    }
    for (const { id, paint: said } of style.layers) {
      if (!map.getLayer(id)) continue;
      for (const [name, value] of Object.entries(said || {})) {
        if (JSON.stringify(map.getPaintProperty(id, name)) !== JSON.stringify(value)) map.setPaintProperty(id, name, value);
      }
    }
  }
})();
