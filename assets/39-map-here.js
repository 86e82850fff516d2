/* What is here: a click on the map asks the server for the few things a room wants to know of a place, and draws how far a
   vehicle gets from there in some minutes (GET /api/v1/here). */
(function () {
  "use strict";
  const layar = window.layar;
  const NAME = "here";
  const UNIT_PX = 20;
  const held = { asked: 0, said: null, chosen: null };

  layar.on("map", (map) => map.on("click", ({ lngLat, point }) => {
    if (layar.tools.isUsable() && !layar.measure.isOn() && !layar.list.isUnitsAt(point)) choose(point, lngLat);
  }));
  layar.onLang(() => held.said && layar.tools.has(NAME) && show(held.said));

  // A sign is asked for where it truly is: who can come there, or how far a unit gets.
  function choose(point, lngLat) {
    const incident = layar.markers.at(point);
    const unit = incident ? null : unitAt(point);
    const [lon, lat] = incident ? incident.at : unit ? [unit.lon, unit.lat] : lngLat.toArray();
    held.chosen = incident ? { title: () => layar.told(incident.said, "title"), at: incident.said.reported_at || incident.said.observed_at }
      : unit && { title: () => unit.name, at: unit.observedAt };
    ask(lon, lat);
  }

  function unitAt({ x, y }) {
    const map = layar.map.get();
    const far = (unit) => {
      const place = map.project([unit.lon, unit.lat]);
      return Math.hypot(place.x - x, place.y - y);
    };
    const near = Array.from(layar.picture.layer("responders").values(), (unit) => ({ unit, px: far(unit) })).filter(({ px }) => px <= UNIT_PX);
    return near.sort((a, b) => a.px - b.px).map(({ unit }) => unit)[0] || null;
  }

  async function ask(lon, lat) {
    const number = (held.asked += 1);
    try {
      const answer = await fetch(`/api/v1/here?lon=${lon.toFixed(6)}&lat=${lat.toFixed(6)}`);
      if (number !== held.asked) return;
      if (answer.status === 400) layar.tools.close(NAME); // outside of the city there is nothing to say
      else if (!answer.ok) throw new Error(`here: ${answer.status}`);
      else show(await answer.json());
    } catch (error) {
      layar.complain(NAME, error);
    }
  }

  function show(said) {
    held.said = said;
    const body = layar.tools.card(NAME, { id: "Apa yang ada di sini", en: "What is here" }, clear);
    body.append(...parts(said));
    layar.tools.draw("tools-here", [layar.tools.feature("Point", [said.lon, said.lat]), ...rings(said)]);
  }

  function clear() {
    held.said = null;
    layar.tools.draw("tools-here", []);
  }

  // Solid: surely within these minutes, also by a detour; dashed: where everything goes well.
  function rings({ lon, lat, rings: bands }) {
    const ring = (metres, words, kind) => layar.tools.feature("LineString", layar.tools.ring(lon, lat, metres), { words, kind });
    const minutes = layar.say("mnt", "min");
    const sure = bands.map((band) => ring(band.sure_m, `${band.minutes} ${minutes}`, "sure"));
    const best = bands.slice(0, 1).map((band) => ring(band.best_m, layar.say(`paling cepat ${band.minutes} mnt`, `at best ${band.minutes} min`), "best"));
    return [...sure, ...best];
  }

  function parts(said) {
    const { place } = said;
    const title = place ? place.kelurahan : layar.say("Di luar batas kota", "Outside the city");
    const under = place ? `Kec. ${place.kecamatan}` : "";
    const head = [layar.element("div", "map-here-place", title), layar.element("div", "map-here-under", under)];
    const chosen = held.chosen ? [layar.element("div", "map-here-chosen", `${held.chosen.title()} · ${layar.words.since(held.chosen.at)}`)] : [];
    const found = [...chosen, ...head, ...warnings(said), ...help(said), ...near(said), ...seen(said)];
    if (said.incidents.length) found.push(heading("Kejadian dalam 500 m", "Incidents within 500 m"), ...said.incidents.map(incident));
    return found;
  }

  const heading = (id, en) => layar.element("h3", "map-here-heading", layar.say(id, en));

  function row(label, value, note = "") {
    const line = layar.element("div", "map-tool-row");
    const name = layar.element("span", "", label);
    if (note) name.append(layar.element("em", "", note));
    line.append(name, layar.element("b", "", value));
    return line;
  }

  const far = (one) => layar.words.distance(one.distance_m);

  function warnings({ flooded, alerts, lifelines }) {
    const flood = flooded.map((one) => ["flood", layar.say(`Tergenang: ${one.depth}`, `Under water: ${one.depth}`)]);
    const alert = alerts.filter((one) => one.title || one.headline).map((one) => ["alert", one.title || one.headline]);
    const cut = lifelines.filter((one) => one.state !== "normal" && one.label).map((one) => ["cut", one.label]);
    return [...flood, ...alert, ...cut].slice(0, 3).map(([kind, text]) => layar.element("p", `map-here-warning is-${kind}`, text));
  }

  function help({ responder, volunteers_here: volunteers, why_nobody: why }) {
    const found = [heading("Bisa datang", "Could come")];
    if (responder) {
      const minutes = (seconds) => Math.max(1, Math.ceil(seconds / 60));
      const band = `${minutes(responder.soonest_s)}–${minutes(responder.latest_s)} ${layar.say("mnt", "min")}`;
      found.push(row(responder.name, band, far(responder)));
    } else found.push(layar.element("p", "map-tool-help", layar.say(why)));
    if (volunteers) found.push(row(layar.say("relawan di kelurahan ini", "volunteers in this kelurahan"), String(volunteers)));
    return found;
  }

  function near({ facilities, water }) {
    const rows = facilities.map((one) => row(one.name, far(one), layar.say(one.kind_words) + (one.usable === false ? layar.say(" · tidak dapat dipakai", " · not usable") : "")));
    if (water) rows.push(row(water.name || water.key, far(water), layar.say("pos duga air", "water gauge")));
    return rows.length ? [heading("Terdekat", "Nearest"), ...rows] : [];
  }

  function seen({ cameras, cameras_seeing: count }) {
    const none = layar.say("tidak ada kamera yang melihat tempat ini", "no camera sees this place");
    const rows = cameras.map((one) => row(one.name, far(one)));
    return [heading(`Kamera yang melihat (${count})`, `Cameras that see it (${count})`), ...(rows.length ? rows : [layar.element("p", "map-tool-help", none)])];
  }

  const incident = (one) => row(layar.say(one.title, one.title_en), layar.words.since(one.reported_at || one.observed_at), far(one));
})();
