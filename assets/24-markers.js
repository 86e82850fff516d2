/* The gravest open incidents as elements above the map and the units: never covered by an arrow, pushed apart where they
   would cover each other (a stem leads to the true place), with a word beside them where there is room. */
(function () {
  "use strict";
  const layar = window.layar;
  const SIZES = { 1: 54, 2: 48, 3: 42, 4: 40 };
  const GAP_PX = 2;
  const FARTHEST_PX = 74;
  const ROUNDS = 40;
  const LEADERS_PX = [70, 110, 150];
  const TURNS = Array.from({ length: 12 }, (_, i) => (i * Math.PI) / 6);
  const TITLE_FONT = '600 19px "Layar Text"';
  const AGE_FONT = '600 17px "Layar Text"';
  const NEW_MS = 700;
  const held = { box: null, markers: new Map(), isFirst: true, pen: null, plates: null };
  const markers = (layar.markers = { count: () => held.markers.size });

  // Where signs stand that can be seen, in the map's own pixels.
  markers.boxes = () => Array.from(held.markers.values()).filter(({ x }) => x !== undefined)
    .map((marker) => ({ ...layar.map.get().project(marker.at), marker }))
    .filter(({ x, y }) => layar.view.sees(x, y))
    .map(({ x, y, marker }) => boxAround(x + marker.dx, y + marker.dy, marker.size / 2));

  // The incident whose sign is drawn at a place of the map's box; null where none is, or a badge of many.
  markers.at = function ({ x, y }) {
    const isHit = (marker) => !marker.count && Math.hypot(marker.x - x, marker.y - y) <= marker.size / 2;
    const hit = Array.from(held.markers.values()).find(isHit);
    return hit ? { at: hit.at, said: hit.said } : null;
  };

  /* An icon of the sprite as a background. `size` and the result are in `unit`. */
  layar.icon = function (node, name, size, unit) {
    const icons = layar.sources.icons();
    const place = icons && icons[name];
    const looks = `${name}${size}${layar.theme()}`;
    if (!place || node.dataset.icon === looks) return;
    node.dataset.icon = looks;
    const k = size / place.width;
    const all = Object.values(icons);
    const wide = Math.max(...all.map((icon) => icon.x + icon.width));
    const high = Math.max(...all.map((icon) => icon.y + icon.height));
    const style = node.style;
    style.width = style.height = `${size}${unit}`;
    style.backgroundImage = layar.theme() === "day" ? 'url("/map/sprite.png?theme=day")' : 'url("/map/sprite.png")';
    style.backgroundSize = `${wide * k}${unit} ${high * k}${unit}`;
    style.backgroundPosition = `${-place.x * k}${unit} ${-place.y * k}${unit}`;
  };

  layar.on("map", (map) => {
    held.box = layar.element("div", "markers");
    map.getCanvasContainer().appendChild(held.box);
    map.on("move", place);
    map.on("moveend", arrange);
    map.on("resize", arrange);
  });
  layar.on("drawn", (names) => {
    if (names.has("incidents")) layar.guard("markers", refresh);
  });
  layar.on("second", () => held.markers.forEach(writeAge));
  layar.on("edges", () => layar.guard("markers", () => held.box && !layar.map.get().isMoving() && label(inOrder())));
  layar.on("map-data", () => (held.plates = null));

  function refresh() {
    if (!held.box) return;
    const wanted = new Map(layar.clusters.heads().map((head) => [head.key, head]));
    for (const [key, marker] of held.markers) {
      if (wanted.has(key)) continue;
      marker.node.remove();
      held.markers.delete(key);
    }
    for (const [key, head] of wanted) {
      const isNew = !held.markers.has(key);
      const marker = held.markers.get(key) || made(key, head.members.length > 1);
      update(marker, head);
      if (isNew && !held.isFirst) announce(marker);
    }
    if (wanted.size) held.isFirst = false;
    arrange();
  }

  function made(key, isGroup) {
    const { element } = layar;
    const marker = { node: element(isGroup ? "button" : "div", "marker"), dx: 0, dy: 0 };
    marker.stem = element("i", "marker-stem");
    marker.leader = element("i", "marker-stem");
    marker.icon = element("i", "marker-icon");
    marker.label = element("span", "marker-label");
    marker.title = element("b");
    marker.age = element("em");
    marker.label.append(marker.title, marker.age);
    marker.node.append(marker.stem, marker.leader, marker.icon, marker.label);
    if (isGroup) openable(marker);
    marker.node.dataset.key = key;
    held.box.append(marker.node);
    held.markers.set(key, marker);
    return marker;
  }

  // The map must not take the click for its own, nor the wall the key.
  function openable(marker) {
    marker.count = layar.element("i", "marker-count");
    marker.node.type = "button";
    marker.node.append(marker.count);
    const stop = (event) => event.stopPropagation();
    marker.node.addEventListener("click", (event) => {
      stop(event);
      layar.guard("list", () => layar.list.incidents(marker.members));
    });
    marker.node.addEventListener("keydown", (event) => (event.key === "Enter" || event.key === " ") && stop(event));
  }

  function update(marker, { feature, members }) {
    const said = feature.properties;
    marker.members = members;
    marker.at = feature.geometry.coordinates;
    marker.said = said;
    marker.size = SIZES[said.priority] || SIZES[4];
    marker.node.className = `marker marker-${said.priority} ${said.place === "kelurahan" ? "is-rough" : ""} ${marker.count ? "is-group" : ""}`;
    marker.node.style.zIndex = String(10 - said.priority);
    layar.icon(marker.icon, layar.sources.icon(said.priority, said.icon), marker.size, "px");
    layar.write(marker.title, marker.count ? layar.clusters.title(members) : layar.told(said, "title"));
    if (marker.count) layar.write(marker.count, members.length);
    if (marker.count) layar.write(marker.age, layar.clusters.words(members));
    writeAge(marker);
  }

  function writeAge(marker) {
    if (!marker.count) layar.write(marker.age, layar.words.since(marker.said.reported_at || marker.said.observed_at));
  }

  // One pulse of 600 ms, then the halo stands still.
  function announce(marker) {
    marker.node.classList.add("is-new");
    setTimeout(() => marker.node.classList.remove("is-new"), NEW_MS);
  }

  /* -- where they stand -- */
  function place() {
    const map = layar.map.get();
    for (const marker of held.markers.values()) {
      const { x, y } = map.project(marker.at);
      marker.node.style.transform = `translate(${(x + marker.dx).toFixed(1)}px, ${(y + marker.dy).toFixed(1)}px)`;
    }
  }

  const inOrder = () => Array.from(held.markers.values()).sort((a, b) => layar.sources.worstFirst({ properties: a.said }, { properties: b.said }));

  function arrange() {
    const map = layar.map.get();
    const list = inOrder();
    for (const marker of list) {
      const { x, y } = map.project(marker.at);
      Object.assign(marker, { trueX: x, trueY: y, x, y });
    }
    pushApart(list);
    for (const marker of list) [marker.x, marker.y] = layar.view.besideGap(marker.x, marker.y, marker.size / 2);
    for (const marker of list) settle(marker);
    place();
    label(list);
  }

  function pushApart(list) {
    for (let round = 0; round < ROUNDS; round++) {
      let isMoved = false;
      for (let i = 0; i < list.length; i++) {
        for (let j = i + 1; j < list.length; j++) isMoved = push(list[i], list[j], i, j) || isMoved;
      }
      if (!isMoved) return;
    }
  }

  // The graver of two gives way less, so it stays nearer to its place.
  function push(a, b, i, j) {
    let dx = b.x - a.x;
    let dy = b.y - a.y;
    let far = Math.hypot(dx, dy);
    const wanted = (a.size + b.size + (a.count || b.count ? 14 : 0)) * 0.44 + GAP_PX;
    if (far >= wanted - 0.5) return false;
    if (far < 0.01) {
      const turn = (i * 7 + j * 13) % 6;
      [dx, dy, far] = [Math.cos(turn), Math.sin(turn), 1];
    }
    const share = a.said.priority < b.said.priority ? 0.3 : 0.5;
    const by = (wanted - far) / far;
    a.x -= dx * by * share;
    a.y -= dy * by * share;
    b.x += dx * by * (1 - share);
    b.y += dy * by * (1 - share);
    return true;
  }

  function settle(marker) {
    let dx = marker.x - marker.trueX;
    let dy = marker.y - marker.trueY;
    const off = Math.hypot(dx, dy);
    if (off > FARTHEST_PX) {
      dx *= FARTHEST_PX / off;
      dy *= FARTHEST_PX / off;
    }
    const isNear = Math.hypot(dx, dy) < 6;
    marker.dx = isNear ? 0 : dx;
    marker.dy = isNear ? 0 : dy;
    marker.x = marker.trueX + marker.dx;
    marker.y = marker.trueY + marker.dy;
    marker.stem.style.width = `${isNear ? 0 : Math.hypot(dx, dy)}px`;
    marker.stem.style.transform = `rotate(${Math.atan2(-dy, -dx)}rad)`;
  }

  /* -- words beside them: the worst choose first, and a critical one is never without -- */
  function label(list) {
    const counts = list.filter(({ count }) => count).map(({ x, y }) => [x + 13, y - 40, x + 48, y - 4]);
    const taken = [...list.map((marker) => boxAround(marker.x, marker.y, marker.size * 0.46)), ...counts, ...layar.edges.boxes()];
    for (const marker of list) {
      const { priority } = marker.said;
      const isSeen = layar.view.sees(marker.trueX, marker.trueY);
      const full = [Math.max(wide(marker.title.textContent, TITLE_FONT), wide(marker.age.textContent, AGE_FONT)) + 18, 50];
      const short = [wide(marker.age.textContent, AGE_FONT) + 12, 24];
      const must = isSeen && priority === 1;
      const wanted = priority > 2 && !marker.count ? [short] : [full, short];
      const size = isSeen ? wanted.find((one) => spot(marker, one, taken, false)) || (must ? full : null) : null;
      write(marker, size && spot(marker, size, taken, must), size === short, size);
      if (marker.box) taken.push(marker.box);
    }
    keepFree(list);
  }

  // The map must not write names of places where words stand above it.
  function keepFree(list) {
    const map = layar.map.get();
    const plates = list.filter(({ box }) => box).map(({ box: [left, top, right, bottom], title, age, node }) => ({
      type: "Feature", geometry: { type: "Point", coordinates: map.unproject([(left + right) / 2, (top + bottom) / 2]).toArray() },
      properties: { words: bottom - top > 30 ? `${title.textContent}\n${age.textContent}` : age.textContent, key: node.dataset.key },
    }));
    const said = JSON.stringify(plates.map(({ geometry, properties }) => [properties.words.length, geometry.coordinates.map((degree) => degree.toFixed(4))]));
    if (said === held.plates) return;
    held.plates = said;
    layar.map.set("plates", layar.map.collection(plates));
  }

  const wide = (text, font) => {
    held.pen = held.pen || document.createElement("canvas").getContext("2d");
    held.pen.font = font;
    return held.pen.measureText(text).width;
  };

  // The left upper corner of the words, relative to the marker.
  function spot(marker, [w, h], taken, must) {
    let best = null;
    for (const [x, y] of corners(marker.size / 2 + 3, w, h, must)) {
      const box = [marker.x + x, marker.y + y, marker.x + x + w, marker.y + y + h];
      if (!layar.view.holds(box)) continue;
      const covered = taken.reduce((sum, other) => sum + overlap(box, other), 0);
      if (covered === 0) return [x, y];
      if (!best || covered < best.covered) best = { covered, at: [x, y] };
    }
    return must && best ? best.at : null;
  }

  function corners(r, w, h, must) {
    const near = [[r, -h / 2], [-r - w, -h / 2], [-w / 2, r], [-w / 2, -r - h], [r * 0.7, r * 0.5], [r * 0.7, -r * 0.5 - h],
      [-r * 0.7 - w, r * 0.5], [-r * 0.7 - w, -r * 0.5 - h]];
    if (!must) return near;
    const far = LEADERS_PX.flatMap((px) => TURNS.map((turn) => [Math.cos(turn) * (px + w / 2) - w / 2, Math.sin(turn) * px - h / 2]));
    return near.concat(far);
  }

  function write(marker, at, isShort, size) {
    marker.label.className = `marker-label ${at ? "" : "is-hidden"} ${isShort ? "is-short" : ""}`;
    marker.box = at ? [marker.x + at[0], marker.y + at[1], marker.x + at[0] + size[0], marker.y + at[1] + size[1]] : null;
    marker.leader.style.width = "0";
    if (!at) return;
    marker.label.style.left = `${at[0].toFixed(1)}px`;
    marker.label.style.top = `${at[1].toFixed(1)}px`;
    // to the point of the words nearest to the marker
    const [x, y] = [0, 1].map((axis) => Math.max(at[axis], Math.min(0, at[axis] + size[axis])));
    const far = Math.hypot(x, y);
    if (far < marker.size / 2 + 8) return;
    marker.leader.style.width = `${far}px`;
    marker.leader.style.transform = `rotate(${Math.atan2(y, x)}rad)`;
  }

  const boxAround = (x, y, r) => [x - r, y - r, x + r, y + r];
  const overlap = (a, b) => Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
})();
