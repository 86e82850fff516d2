/* What stands in one place as one badge: how many, the sign of the gravest, and what they are in words. A hand opens it
   into a list (39-map-list.js). Few incidents close together are no cluster: 24-markers.js pushes those apart. */
(function () {
  "use strict";
  const layar = window.layar;
  const NEAR_PX = 44;
  const LEAST = 4;
  const HEADS_AT_MOST = 60;
  const NAMED = 2;
  const ZOOM_STEP = 0.02;
  const held = { heads: [], zoom: null };
  const clusters = (layar.clusters = { heads: () => held.heads });

  /* `places` [{x, y}] in the order of how grave they are → groups of their numbers: the gravest takes all that are near it
     where they are many enough, else it stands alone. */
  clusters.grouped = function (places, near = NEAR_PX, least = LEAST) {
    const cellOf = ({ x, y }) => [Math.floor(x / near), Math.floor(y / near)];
    const cells = new Map();
    places.forEach((place, number) => {
      const name = cellOf(place).join();
      cells.set(name, [...(cells.get(name) || []), number]);
    });
    const taken = new Set();
    const groups = [];
    places.forEach((place, number) => {
      if (taken.has(number)) return;
      const some = around(cellOf(place), cells).filter((other) => !taken.has(other) && other !== number &&
        Math.hypot(places[other].x - place.x, places[other].y - place.y) <= near).sort((a, b) => a - b);
      const group = some.length + 1 < least ? [number] : [number, ...some];
      for (const one of group) taken.add(one);
      groups.push(group);
    });
    return groups;
  };

  function around([x, y], cells) {
    const steps = [-1, 0, 1];
    return steps.flatMap((dx) => steps.flatMap((dy) => cells.get(`${x + dx},${y + dy}`) || []));
  }

  /* The open incidents, worst first, with what the map must know of each: those that the page draws itself (`pinned`) and
     those that have no glow of their own (`grouped`). Under a surge the colours of the kelurahan tell of all but the critical. */
  clusters.pin = function (features) {
    const map = layar.map.get();
    const shown = layar.tint.isPressure() ? features.filter(({ properties }) => properties.priority === 1) : features;
    held.zoom = map.getZoom();
    const groups = clusters.grouped(shown.map(({ geometry }) => map.project(geometry.coordinates)));
    held.heads = groups.slice(0, HEADS_AT_MOST).map((group) => headOf(group.map((number) => shown[number])));
    const of = new Map(held.heads.flatMap(({ members }) => members.map(({ properties }) => [properties.key, members.length])));
    return shown.map((feature) => {
      const size = of.get(feature.properties.key) || 0;
      return { ...feature, properties: { ...feature.properties, pinned: size > 0, grouped: size > 1 } };
    });
  };

  // A group is drawn where the gravest of it is, and keeps its badge as long as that is the gravest.
  const headOf = (members) => ({ key: `${members.length > 1 ? "group " : ""}${members[0].properties.key}`, feature: members[0], members });

  // "Kebakaran 3 · Banjir 2 · 4 lainnya"
  clusters.words = function (members) {
    const counts = new Map();
    for (const { properties } of members) {
      const title = layar.told(properties, "title");
      counts.set(title, (counts.get(title) || 0) + 1);
    }
    const named = Array.from(counts).slice(0, counts.size === NAMED + 1 ? NAMED + 1 : NAMED);
    const rest = members.length - named.reduce((sum, [, count]) => sum + count, 0);
    const words = named.map(([title, count]) => (count > 1 ? `${title} ${count}` : title));
    return [...words, ...(rest ? [`${rest} ${layar.say("lainnya", "more")}`] : [])].join(" · ");
  };

  clusters.title = function (members) {
    const critical = members.filter(({ properties }) => properties.priority === 1).length;
    const all = `${members.length} ${layar.say("kejadian", "incidents")}`;
    return critical ? `${all} · ${critical} ${layar.words.priority(1)}` : all;
  };

  // What is near one another changes with the zoom alone.
  layar.on("map", (map) => map.on("moveend", () => {
    if (held.zoom !== null && Math.abs(map.getZoom() - held.zoom) > ZOOM_STEP) layar.sources.again("incidents");
  }));
})();
