/* The words on the map in the reader's language: where a thing says its label twice, the English one when it is asked for. */
(function () {
  "use strict";
  const layar = window.layar;
  const FIELDS = ["label", "title"];
  const held = { lang: "id", plain: new Map() };

  function show() {
    const map = layar.map.get();
    if (!map || layar.lang() === held.lang) return;
    held.lang = layar.lang();
    for (const { id, layout } of map.getStyle().layers) {
      const said = held.plain.get(id) || (layout && layout["text-field"]);
      if (!Array.isArray(said) || said[0] !== "get" || !FIELDS.includes(said[1])) continue;
      held.plain.set(id, said);
      map.setLayoutProperty(id, "text-field", held.lang === "en" ? ["coalesce", ["get", `${said[1]}_en`], said] : said);
    }
  }

  layar.on("map-restored", () => (held.lang = "id"));
  layar.on("map-data", () => layar.guard("map words", show));
  layar.onLang(() => layar.guard("map words", show));
})();
