/* The scenes of the tour that need no map: what 112 is, the way of a call, volunteers, cameras. */
(function () {
  "use strict";
  const layar = window.layar;
  const { say, element } = layar;
  const PICTURES_EVERY_S = 5;
  const MOST_PICTURES = 4;
  const OUTLINE = 1000;
  const STEPS = [
    { id: "diterima", en: "received" }, { id: "diteruskan ke dinas", en: "passed to the service" },
    { id: "menuju lokasi", en: "on the way" }, { id: "di lokasi", en: "on the scene" }, { id: "selesai", en: "done" },
  ];

  function text(tag, className, words) {
    return element(tag, className, say(words));
  }

  function row(className, ...nodes) {
    const node = element("div", className);
    node.append(...nodes.filter(Boolean));
    return node;
  }

  const fact = (figure, words) => row("visitor-fact", element("b", "", figure), text("span", "", words));

  /* -- the city as a drawing: its kelurahan, and nothing that lives -- */
  function drawing() {
    const box = element("div", "visitor-city");
    const shapes = layar.sources.shapes();
    if (shapes) box.append(outline(shapes.features));
    return box;
  }

  function outline(features) {
    const rings = features.flatMap(({ geometry: { type, coordinates } }) => (type === "Polygon" ? [coordinates] : coordinates)).flat();
    const lons = rings.flat().map(([lon]) => lon);
    const lats = rings.flat().map(([, lat]) => lat);
    const [west, east, south, north] = [least(lons), most(lons), least(lats), most(lats)];
    const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
    const k = OUTLINE / Math.max((east - west) * squeeze, north - south);
    const svg = document.createElementNS(layar.SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${((east - west) * squeeze * k).toFixed(1)} ${((north - south) * k).toFixed(1)}`);
    const path = document.createElementNS(layar.SVG, "path");
    const at = ([lon, lat]) => `${((lon - west) * squeeze * k).toFixed(1)} ${((north - lat) * k).toFixed(1)}`;
    path.setAttribute("d", rings.map((ring) => `M${ring.map(at).join("L")}Z`).join(""));
    svg.append(path);
    return svg;
  }

  const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = (values) => values.reduce((a, b) => Math.max(a, b), -Infinity);

  // The shapes may come after the scene began.
  function withCity(node) {
    const box = node.querySelector(".visitor-city");
    if (box && !box.firstElementChild) box.replaceWith(drawing());
  }

  /* -- what 112 is -- */
  layar.visitor.scene("welcome", {
    make: ({ figures }) => row("visitor-welcome",
      drawing(),
      element("div", "visitor-number", "112"),
      row("visitor-facts",
        fact(say("gratis", "free"), { id: "dari telepon apa pun", en: "from any telephone" }),
        fact(say("24 jam", "24 hours"), { id: "setiap hari", en: "every day" }),
        fact(layar.words.number(figures.kelurahan), { id: `kelurahan di ${figures.city}`, en: `neighbourhoods of ${figures.city}` })),
      row("visitor-agencies", ...figures.agencies.map((name) => element("span", "", name)))),
    renew: withCity,
  });

  /* -- the way of a call -- */
  layar.visitor.scene("call", { make: ({ figures: { calls } }) => call(calls), renew: (node, { figures: { calls } }) => {
    const told = JSON.stringify(calls);
    if (node.dataset.told !== told) node.replaceChildren(...call(calls).childNodes);
    node.dataset.told = told;
  } });

  function call(calls) {
    const steps = row("visitor-steps", ...STEPS.map((words, place) => row("visitor-step", element("b", "", String(place + 1)), text("span", "", words))));
    if (!calls) return row("visitor-call", text("div", "visitor-none", { id: "Belum ada hitungan panggilan hari ini", en: "No calls have been counted today yet" }), steps);
    const span = (at) => `${layar.words.hour(at)} ${layar.time.label}`;
    return row("visitor-call",
      row("visitor-funnel",
        bar("came", calls.came, 1, { id: "telepon masuk", en: "calls came in" }),
        bar("answered", calls.answered, calls.answered / calls.came, { id: "dijawab", en: "were answered" }),
        bar("real", calls.real, calls.real / calls.came, { id: "kejadian sungguhan", en: "were real emergencies" })),
      others(calls),
      steps,
      element("div", "visitor-source", say(`Hari ini sampai ${span(calls.until)} · jumlah seluruh kota`, `Today until ${span(calls.until)} · sums of the whole city`)));
  }

  function bar(name, count, share, words) {
    const line = element("i");
    line.style.setProperty("--part", `${(100 * Math.max(0.01, Math.min(1, share))).toFixed(1)}%`);
    const node = row("visitor-bar", row("visitor-bar-words", element("b", "", layar.words.number(count)), text("span", "", words)), line);
    node.dataset.bar = name;
    return node;
  }

  function others({ others: kinds, untyped }) {
    const all = kinds.map(({ words, count }) => `${layar.words.number(count)} ${say(words)}`);
    if (untyped) all.push(say(`${layar.words.number(untyped)} belum dicatat jenisnya`, `${layar.words.number(untyped)} not sorted yet`));
    return all.length ? row("visitor-others", text("span", "", { id: "Selebihnya:", en: "The rest:" }), ...all.map((one) => element("span", "visitor-other", one))) : null;
  }

  /* -- volunteers -- */
  layar.visitor.scene("volunteers", {
    make: ({ figures }) => row("visitor-volunteers",
      drawing(),
      row("visitor-counts",
        figures.volunteers === null ? null : fact(layar.words.number(figures.volunteers), { id: "relawan terdaftar", en: "registered volunteers" }),
        fact(layar.words.number(figures.kelurahan), { id: `kelurahan dalam ${figures.kecamatan} kecamatan`, en: `neighbourhoods in ${figures.kecamatan} districts` })),
      row("visitor-deeds",
        deed("1", { id: "Kabar masuk", en: "Word arrives" }, { id: "pusat 112 memberi tahu relawan yang paling dekat", en: "the 112 center tells the nearest volunteers" }),
        deed("2", { id: "Tiba lebih dulu", en: "First on the scene" }, { id: "pertolongan pertama, jalan dibuka, tempat ditunjukkan", en: "first aid, a clear road, the way shown" }),
        deed("3", { id: "Serah terima", en: "Handing over" }, { id: "petugas dinas datang dan mengambil alih", en: "the service arrives and takes over" }))),
    renew: withCity,
  });

  const deed = (number, title, words) => row("visitor-deed", element("b", "", number), row("", text("strong", "", title), text("span", "", words)));

  /* -- cameras -- */
  const shown = { urls: new Map(), askedAt: -Infinity, isAsking: false };
  layar.visitor.scene("cameras", {
    make: () => row("visitor-cameras"),
    renew: (node, { tour }) => layar.guard("visitor cameras", () => cameras(node, tour)),
    leave: forget,
  });

  function cameras(node, tour) {
    const list = (layar.picture.panels().cameras || []).filter((camera) => camera.health !== "lost").slice(0, MOST_PICTURES);
    node.dataset.count = String(list.length);
    const none = node.querySelector(".visitor-none");
    if (!list.length) {
      if (!none) node.replaceChildren(text("div", "visitor-none", { id: "Saat ini tidak ada kamera yang dibuka untuk tamu", en: "No camera is open to guests just now" }));
      return;
    }
    if (none) none.remove();
    layar.keyed(node, list, (camera) => camera.key, tile, (box, camera) => say_(box, camera, tour));
    fetchAll(node, list);
  }

  function tile() {
    const box = element("figure", "visitor-camera");
    const image = element("img", "");
    image.alt = "";
    image.hidden = true;
    box.append(image, text("div", "visitor-camera-none", { id: "menunggu gambar", en: "waiting for a picture" }),
      row("visitor-camera-words", element("b"), element("span")));
    return box;
  }

  function say_(box, camera, tour) {
    const [name, age] = box.lastElementChild.children;
    layar.write(name, camera.name);
    const at = Number(box.dataset.at);
    layar.write(age, at ? layar.words.ago(layar.time.now() - at) : say(`ditunda ${layar.words.age(tour.picture_delay_s)}`, `${layar.words.age(tour.picture_delay_s)} late`));
  }

  async function fetchAll(node, list) {
    if (shown.isAsking || layar.time.monotonic() - shown.askedAt < PICTURES_EVERY_S) return;
    Object.assign(shown, { isAsking: true, askedAt: layar.time.monotonic() });
    for (const { key } of list) await fetchOne(node, key).catch(() => undefined);
    shown.isAsking = false;
  }

  async function fetchOne(node, key) {
    const response = await fetch(`/cameras/${encodeURIComponent(key)}.jpg?as=visitor`, { cache: "no-store", redirect: "manual" });
    const box = Array.from(node.children).find((one) => one.dataset.key === key);
    const blob = await response.blob();
    if (!response.ok || !box || !box.isConnected) return;
    const url = URL.createObjectURL(blob);
    const image = box.querySelector("img");
    if (shown.urls.has(key)) URL.revokeObjectURL(shown.urls.get(key));
    shown.urls.set(key, url);
    image.src = url;
    image.hidden = false;
    box.dataset.at = String(Date.parse(response.headers.get("X-Observed-At")) / 1000 || "");
  }

  function forget() {
    for (const url of shown.urls.values()) URL.revokeObjectURL(url);
    shown.urls.clear();
    shown.askedAt = -Infinity;
  }
})();
