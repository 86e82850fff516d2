/* A badge opens into the list of what stands there: incidents, the gravest first, or units. Enter or a click; each line
   leads to its place. Where the page has no cards, the map comes nearer until they stand apart. */
(function () {
  "use strict";
  const layar = window.layar;
  const NAME = "list";
  const NEAR_PX = 26;
  const PILE = "responders-pile";
  const MOST_UNITS = 40;
  const CLOSER = 2;
  const CLOSEST_ZOOM = 17;
  const held = { fill: null };
  const list = (layar.list = {});

  layar.onLang(() => layar.tools.has(NAME) && held.fill());

  list.incidents = function (members) {
    const places = members.map(({ geometry }) => geometry.coordinates);
    open({ id: `${members.length} kejadian di satu tempat`, en: `${members.length} incidents in one place` }, places, () => members.map(incident));
  };

  // Units that stand together where a hand pressed: true when there are such.
  list.isUnitsAt = function ({ x, y }) {
    const map = layar.map.get();
    if (!map.getLayer(PILE)) return false;
    const box = [[x - NEAR_PX, y - NEAR_PX], [x + NEAR_PX, y + NEAR_PX]];
    const [pile] = map.queryRenderedFeatures(box, { layers: [PILE] });
    if (pile) units(pile).catch((error) => layar.complain(NAME, error));
    return Boolean(pile);
  };

  async function units(pile) {
    const { cluster_id: id, point_count: count } = pile.properties;
    const found = await layar.map.get().getSource("responders").getClusterLeaves(id, MOST_UNITS, 0);
    const sorted = found.sort((a, b) => a.properties.name.localeCompare(b.properties.name, "id", { numeric: true }));
    open({ id: `${count} unit di satu tempat`, en: `${count} units in one place` }, [pile.geometry.coordinates],
      () => [...sorted.map(unit), ...(count > found.length ? [more(count - found.length)] : [])]);
  }

  function open(title, places, rows) {
    if (!layar.tools.isUsable()) {
      nearer(places);
      return;
    }
    layar.view.touch();
    const body = layar.tools.card(NAME, title);
    held.fill = () => body.replaceChildren(...rows());
    held.fill();
  }

  function nearer([place]) {
    const map = layar.map.get();
    layar.view.lookAt(place, Math.min(CLOSEST_ZOOM, map.getZoom() + CLOSER));
  }

  function line(title, note, age, place, icon) {
    const node = layar.element("button", "map-list-one");
    node.type = "button";
    const words = layar.element("span", "map-list-words");
    words.append(layar.element("b", "", title), layar.element("em", "", note));
    node.append(icon, words, layar.element("span", "map-list-age", age));
    node.addEventListener("click", () => layar.guard(NAME, () => go(place, title)));
    // Enter is a wall's own key; here it presses the button
    node.addEventListener("keydown", (event) => event.key !== "Escape" && event.stopPropagation());
    return node;
  }

  function go([lon, lat], name) {
    layar.tools.draw("tools-pin", [layar.tools.feature("Point", [lon, lat], { name })]);
    layar.tools.go(lon, lat, Math.max(CLOSEST_ZOOM - 1, layar.map.get().getZoom()));
  }

  function incident({ properties: said, geometry }) {
    const icon = layar.element("i", "map-search-icon");
    layar.icon(icon, layar.sources.icon(said.priority, said.icon), 2, "rem");
    const note = [layar.words.priority(said.priority), said.kelurahan, layar.told(said, "status_words")].filter(Boolean).join(" · ");
    return line(layar.told(said, "title"), note, layar.words.since(said.reported_at || said.observed_at), geometry.coordinates, icon);
  }

  const KINDS = { vehicle: { id: "armada", en: "vehicle" }, volunteer: { id: "relawan", en: "volunteer" } };

  function unit({ properties: said, geometry }) {
    const icon = layar.element("i", "map-search-icon");
    layar.icon(icon, `unit-${said.kind in KINDS ? said.kind : "unknown"}`, 1.75, "rem");
    return line(said.name, layar.say(KINDS[said.kind]), layar.words.since(said.observed_at), geometry.coordinates, icon);
  }

  const more = (count) => layar.element("p", "map-tool-help", layar.say(`dan ${count} lagi`, `and ${count} more`));
})();
