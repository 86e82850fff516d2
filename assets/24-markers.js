/* The gravest open incidents as elements above the map and the units: never covered by an arrow, pushed apart where they
   would cover each other (a stem leads to the true place), with a word beside them where there is room. */
(function () {
  "use strict";
  const layar = window.layar;
  const SIZES = { 1: 54, 2: 48, 3: 42, 4: 40 };
  const GAP_PX = 2;
  const FARTHEST_PX = 74;
  const ROUNDS = 40;
  const LABELLED_AT_MOST = 14;
  const NEW_MS = 700;
  const held = { box: null, markers: new Map(), isFirst: true };
  const markers = (layar.markers = { count: () => held.markers.size });

  /* An icon of the sprite as a background. `size` and the result are in `unit`. */
  layar.icon = function (node, name, size, unit) {
    const icons = layar.sources.icons();
    const place = icons && icons[name];
    if (!place || node.dataset.icon === `${name}${size}`) return;
    node.dataset.icon = `${name}${size}`;
    const k = size / place.width;
    const all = Object.values(icons);
    const wide = Math.max(...all.map((icon) => icon.x + icon.width));
    const high = Math.max(...all.map((icon) => icon.y + icon.height));
    const style = node.style;
    style.width = style.height = `${size}${unit}`;
    style.backgroundImage = 'url("/map/sprite.png")';
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

  function refresh() {
    if (!held.box) return;
    const wanted = new Map(layar.sources.pinned().map((feature) => [feature.properties.key, feature]));
    for (const [key, marker] of held.markers) {
      if (wanted.has(key)) continue;
      marker.node.remove();
      held.markers.delete(key);
    }
    for (const [key, feature] of wanted) {
      const isNew = !held.markers.has(key);
      const marker = held.markers.get(key) || made(key);
      update(marker, feature);
      if (isNew && !held.isFirst) announce(marker);
    }
    if (wanted.size) held.isFirst = false;
    arrange();
  }

  function made(key) {
    const { element } = layar;
    const marker = { node: element("div", "marker"), dx: 0, dy: 0 };
    marker.stem = element("i", "marker-stem");
    marker.icon = element("i", "marker-icon");
    marker.label = element("span", "marker-label");
    marker.title = element("b");
    marker.age = element("em");
    marker.label.append(marker.title, marker.age);
    marker.node.append(marker.stem, marker.icon, marker.label);
    marker.node.dataset.key = key;
    held.box.append(marker.node);
    held.markers.set(key, marker);
    return marker;
  }

  function update(marker, feature) {
    const said = feature.properties;
    marker.at = feature.geometry.coordinates;
    marker.said = said;
    marker.size = SIZES[said.priority] || SIZES[4];
    marker.node.className = `marker marker-${said.priority} ${said.place === "kelurahan" ? "is-rough" : ""}`;
    marker.node.style.zIndex = String(10 - said.priority);
    layar.icon(marker.icon, layar.sources.icon(said.priority, said.icon), marker.size, "px");
    layar.write(marker.title, said.title);
    writeAge(marker);
  }

  function writeAge(marker) {
    layar.write(marker.age, layar.words.since(marker.said.reported_at || marker.said.observed_at));
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

  function arrange() {
    const map = layar.map.get();
    const list = Array.from(held.markers.values()).sort((a, b) => layar.sources.worstFirst(
      { properties: a.said }, { properties: b.said }));
    for (const marker of list) {
      const { x, y } = map.project(marker.at);
      Object.assign(marker, { trueX: x, trueY: y, x, y });
    }
    pushApart(list);
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
    const wanted = (a.size + b.size) * 0.44 + GAP_PX;
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

  /* -- words beside the gravest, where they cover nothing -- */
  function label(list) {
    const taken = list.map((marker) => boxAround(marker.x, marker.y, marker.size * 0.46));
    let written = 0;
    for (const marker of list) {
      const side = marker.said.priority <= 2 && written < LABELLED_AT_MOST ? freeSide(marker, taken) : "";
      marker.label.className = `marker-label ${side ? `is-${side}` : "is-hidden"}`;
      if (side) written += 1;
    }
  }

  function freeSide(marker, taken) {
    const wide = Math.max(70, Math.max(marker.said.title.length * 9.6, 60) + 14);
    const reach = marker.size / 2 + 2;
    const sides = {
      right: [marker.x + reach, marker.y - 26, marker.x + reach + wide, marker.y + 26],
      left: [marker.x - reach - wide, marker.y - 26, marker.x - reach, marker.y + 26],
    };
    for (const [side, box] of Object.entries(sides)) {
      if (!isInside(box) || taken.some((other) => isOver(box, other))) continue;
      taken.push(box);
      return side;
    }
    return "";
  }

  const boxAround = (x, y, r) => [x - r, y - r, x + r, y + r];
  const isOver = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

  function isInside(box) {
    const free = layar.view.free();
    const map = layar.map.get().getContainer();
    return box[0] > 10 && box[2] < map.clientWidth - free.right + 20 && box[1] > 110 &&
      box[3] < map.clientHeight - free.bottom + 20;
  }
})();
