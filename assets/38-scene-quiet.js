/* The quiet scenes: what a calm wall shows in turn. Each says only what the server told; one that has nothing to say takes
   no room on a wall where the map is all around. */
(function () {
  "use strict";
  const layar = window.layar;
  const { element, say, words } = layar;
  const { bodies } = layar.scene;
  const USER = "scene";
  const STRIP = 6;
  const MOST_TILES = 4;
  const MOST_ROWS = 6;

  /* -- the whole city, and its centre: how many are open, the gravest first -- */
  const overview = {
    make: () => element("ul", "scene-counts"),
    update(list) {
      const known = layar.picture.features("incidents").map((feature) => feature.properties.priority);
      const { figures } = layar.picture.panels();
      const isShown = figures && figures.open !== null;
      const rows = [1, 2, 3, 4].map((priority) => ({ key: priority, count: isShown ? known.filter((one) => one === priority).length : null }));
      layar.keyed(list, rows, (row) => row.key, () => cell("scene-count"), (node, row) => {
        node.dataset.priority = String(row.key);
        layar.write(node.firstElementChild, row.count === null ? "–" : words.number(row.count));
        layar.write(node.lastElementChild, words.priority(row.key));
      });
    },
  };
  bodies.overview = overview;
  bodies.centre = overview;

  function cell(className) {
    const node = element("li", className);
    node.append(element("b"), element("span"));
    return node;
  }

  /* -- where most goes on -- */
  bodies.pressure = {
    make: () => element("ul", "scene-areas"),
    isBare: (said) => !(said.areas || []).length,
    update(list, said) {
      const areas = said.areas || [];
      const most = Math.max(1, ...areas.map((area) => area.weight));
      layar.keyed(list, areas, (area) => area.code, makeArea, (node, area) => {
        const [line, bar] = node.children;
        const [name, critical, open] = line.children;
        layar.write(name, area.name);
        layar.write(critical, area.critical ? `${words.number(area.critical)} ${words.priority(1)}` : "");
        layar.write(open, words.number(area.open));
        bar.style.setProperty("--part", `${((100 * area.weight) / most).toFixed(1)}%`);
      });
    },
  };

  function makeArea() {
    const node = element("li", "scene-area");
    const line = element("div", "scene-line");
    line.append(element("span"), element("em"), element("b"));
    const bar = element("div", "scene-bar");
    bar.append(element("i"));
    node.append(line, bar);
    return node;
  }

  /* -- calls, lifelines, weather and water: the cards of the board, large -- */
  const CARDS = { funnel: ["calls"], lifelines: ["lifelines"], weather: ["sky", "water"] };
  const cardsOf = (kind) => layar.board.cards().filter((card) => CARDS[kind].includes(card.key));

  for (const kind of Object.keys(CARDS)) {
    bodies[kind] = {
      make: () => element("div", "scene-cards"),
      isBare: () => cardsOf(kind).length === 0,
      update: (box) => layar.keyed(box, cardsOf(kind), (card) => card.key, makeCard, fillCard),
      second: (box) => cardsOf(kind).forEach((card) => foot(box, card)),
    };
  }

  function makeCard() {
    const node = element("article", "scene-card");
    const lead = element("div", "scene-lead");
    lead.append(element("span", "scene-label"), element("b"), element("span"), element("em"));
    node.append(lead, element("ul", "scene-rows"));
    return node;
  }

  function fillCard(node, card) {
    const [lead, list] = node.children;
    node.dataset.lead = String(card.lead !== null);
    layar.write(lead.children[0], layar.say(card.title));
    layar.write(lead.children[1], card.lead === null ? "" : layar.say(card.lead));
    layar.write(lead.children[2], card.lead_label === null ? "" : layar.say(card.lead_label));
    layar.keyed(list, card.rows.slice(0, MOST_ROWS), (row) => layar.say(row.label), () => makeRow(), (item, row) => {
      item.dataset.mood = row.mood || "";
      layar.write(item.children[0], layar.say(row.label));
      layar.write(item.children[1], layar.say(row.value));
      layar.write(item.children[2], row.note ? layar.say(row.note) : "");
    });
  }

  function makeRow() {
    const item = element("li", "scene-row");
    item.append(element("span"), element("b"), element("em"));
    return item;
  }

  // Its source and age; a card of which nothing new came says so instead of looking fresh.
  function foot(box, card) {
    const node = Array.from(box.children).find((one) => one.dataset.key === card.key);
    if (!node) return;
    const age = card.observed_at === null ? null : layar.time.now() - card.observed_at;
    const isLost = age === null || Boolean(card.ages && age > card.ages.lost_s);
    node.dataset.age = isLost ? "lost" : "fresh";
    const line = age === null ? "" : ` · ${words.ago(age)}`;
    layar.write(node.firstElementChild.children[3], `${isLost ? say("TIDAK ADA DATA BARU · ", "NO NEW DATA · ") : ""}${layar.say(card.source)}${line}`);
  }

  /* -- more cameras than the strip has -- */
  const more = () => {
    const all = layar.picture.panels().cameras || [];
    const strip = all.slice(0, STRIP);
    return (layar.canvas.isClassic() ? all.slice(strip.length) : all).slice(0, MOST_TILES);
  };
  bodies.cameras = {
    make: () => element("div", "scene-cameras"),
    isBare: () => more().length === 0,
    update(box) {
      const cameras = more();
      layar.cameraPictures.want(USER, cameras.map(({ key }) => ({ key, size: "medium" })));
      layar.keyed(box, cameras, (camera) => camera.key, layar.cameraTile.make, layar.cameraTile.say);
      for (const camera of cameras) {
        layar.cameraPictures.tell(USER, camera.key, { health: camera.health, lastPictureAt: camera.last_picture_at });
        const entry = layar.cameraPictures.get(USER, camera.key);
        const tile = tileOf(camera.key);
        if (entry && tile) layar.cameraTile.show(tile, entry);
      }
    },
    second(box) {
      const told = new Map(more().map((camera) => [camera.key, camera]));
      for (const tile of box.children) {
        const camera = told.get(tile.dataset.key);
        if (camera) layar.cameraTile.age(tile, camera, layar.cameraPictures.get(USER, camera.key), layar.time.now());
      }
    },
  };

  const tileOf = (key) => Array.from(document.querySelectorAll(".scene-cameras > *")).find((node) => node.dataset.key === key);

  layar.on("camera-picture", (entry) => {
    const tile = entry.user === USER && tileOf(entry.key);
    if (!tile) return;
    layar.guard("scene cameras", () => layar.cameraTile.show(tile, entry));
    bodies.cameras.second(tile.parentElement);
  });
  layar.on("scene", ({ kind }) => {
    if (kind !== "cameras") layar.cameraPictures.want(USER, []);
  });
})();
