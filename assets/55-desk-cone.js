/* The chosen camera on the desk's map: where it stands, where it looks, how wide and how far; each dragged by its own
   handle or nudged with the arrow keys. Everything goes into the draft, so every movement has a step back. */
(function () {
  "use strict";
  const layar = window.layar;
  const { desk } = layar;
  const { t } = desk;
  const LEAST_PX = 46; // handles never lie on each other, however far the map is zoomed out
  const BEYOND_PX = 46;
  const LEAST_FOV = 5;
  const LEAST_RANGE_M = 10;
  const MOST_RANGE_M = 20000;
  const HANDLES = {
    place: t`Letak kamera. Seret, atau panah: 1 meter, Shift: 10 meter`,
    azimuth: t`Arah kamera. Seret, atau panah kiri dan kanan: 1 derajat, Shift: 10`,
    left: t`Lebar sudut. Seret, atau panah: 1 derajat, Shift: 10`,
    right: t`Lebar sudut. Seret, atau panah: 1 derajat, Shift: 10`,
    range: t`Jangkauan. Seret, atau panah atas dan bawah: 5 meter, Shift: 50`,
  };
  const held = { svg: null, shape: null, ray: null, handles: {}, dragging: null };
  const cone = (desk.cone = {});

  cone.build = function () {
    const overlay = desk.part("overlay");
    held.svg = desk.shape("svg");
    held.shape = desk.shape("polygon", "desk-conefill");
    held.ray = desk.shape("line", "desk-coneray");
    held.svg.append(held.shape, held.ray);
    overlay.append(held.svg);
    for (const [name, words] of Object.entries(HANDLES)) overlay.append(handle(name, words));
    overlay.hidden = true;
  };

  function handle(name, words) {
    const knob = desk.make("button", `desk-knob is-${name}`, undefined, { type: "button", title: words });
    knob.setAttribute("aria-label", words);
    knob.append(layar.element("i"));
    knob.addEventListener("pointerdown", (event) => layar.guard("desk cone", () => grab(name, knob, event)));
    knob.addEventListener("pointermove", (event) => layar.guard("desk cone", () => drag(event)));
    for (const end of ["pointerup", "pointercancel"]) knob.addEventListener(end, release);
    knob.addEventListener("keydown", (event) => layar.guard("desk cone", () => nudge(name, event)));
    held.handles[name] = knob;
    return knob;
  }

  /* -- drawing -- */
  layar.on("desk-map", (glass) => {
    for (const news of ["move", "resize"]) glass.on(news, soon);
    soon();
  });
  layar.on("desk-draft", soon);
  layar.on("desk-chosen", soon);

  let isDue = false;
  function soon() {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      layar.guard("desk cone", draw);
    });
  }
  cone.draw = soon;

  // The map's box is scaled as a whole, the overlay is not.
  const scale = () => layar.map.scale();
  function onScreen({ lon, lat }) {
    const at = layar.map.get().project([lon, lat]);
    return { x: at.x * scale(), y: at.y * scale() };
  }

  function draw() {
    const draft = desk.book.draft();
    const overlay = desk.part("overlay");
    const isShown = Boolean(draft && layar.map.get() && Number.isFinite(draft.lon) && Number.isFinite(draft.lat));
    overlay.hidden = !isShown || !desk.part("canvas").hidden;
    if (!isShown) return;
    const at = onScreen(draft);
    const isKnown = draft.azimuth_deg !== null;
    const corners = isKnown ? desk.map.cone(draft).map(onScreen) : circle(draft).map(onScreen);
    held.shape.setAttribute("points", corners.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" "));
    overlay.dataset.known = String(isKnown);
    setHandles(draft, at);
  }

  const circle = (draft) => Array.from({ length: 48 }, (_, i) => desk.map.offset(draft, i * 7.5, draft.range_m));

  function setHandles(draft, at) {
    const azimuth = draft.azimuth_deg ?? 0;
    const ray = length(at, onScreen(desk.map.offset(draft, azimuth, draft.range_m)));
    const far = Math.max(LEAST_PX * 1.6, ray);
    const towards = (degrees, px) => ({ x: at.x + px * Math.sin((degrees * Math.PI) / 180), y: at.y - px * Math.cos((degrees * Math.PI) / 180) });
    const tip = towards(azimuth, far + BEYOND_PX);
    put("place", at);
    put("range", towards(azimuth, far));
    put("azimuth", tip);
    const side = Math.min(draft.fov_deg / 2, 179);
    put("left", towards(azimuth - side, Math.max(LEAST_PX, far * 0.72)), draft.azimuth_deg !== null);
    put("right", towards(azimuth + side, Math.max(LEAST_PX, far * 0.72)), draft.azimuth_deg !== null);
    held.handles.azimuth.firstElementChild.style.transform = `rotate(${azimuth}deg)`;
    for (const [name, value] of Object.entries({ x1: at.x, y1: at.y, x2: tip.x, y2: tip.y })) held.ray.setAttribute(name, value.toFixed(1));
  }

  const length = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

  function put(name, { x, y }, isShown = true) {
    const knob = held.handles[name];
    knob.hidden = !isShown;
    knob.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`;
  }

  /* -- dragging -- */
  function grab(name, knob, event) {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    knob.setPointerCapture(event.pointerId);
    knob.focus();
    const box = knob.getBoundingClientRect();
    const off = { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
    held.dragging = { name, off, key: `drag ${name} ${event.timeStamp}` };
  }

  function drag(event) {
    if (!held.dragging) return;
    const { name, off, key } = held.dragging;
    const frame = desk.part("overlay").getBoundingClientRect();
    const at = [(event.clientX - off.x - frame.left) / scale(), (event.clientY - off.y - frame.top) / scale()];
    const { lng, lat } = layar.map.get().unproject(at);
    desk.book.change(moved(name, { lon: lng, lat }, desk.book.draft()), key);
  }

  function release() {
    held.dragging = null;
    desk.book.settle();
  }

  const whole = (degrees) => ((Math.round(degrees) % 360) + 360) % 360;
  const within = (value, low, high) => Math.min(high, Math.max(low, value));
  const place = ({ lon, lat }) => ({ lon: Number(lon.toFixed(6)), lat: Number(lat.toFixed(6)) });

  function moved(name, to, draft) {
    if (name === "place") return place(to);
    const { azimuth, metres } = desk.map.between(draft, to);
    if (name === "azimuth") return { azimuth_deg: whole(azimuth) };
    if (name === "range") return { range_m: within(Math.round(metres), LEAST_RANGE_M, MOST_RANGE_M) };
    const turned = Math.abs(((azimuth - draft.azimuth_deg + 540) % 360) - 180);
    return { fov_deg: within(Math.round(turned * 2), LEAST_FOV, 360) };
  }

  /* -- the keyboard -- */
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

  function nudge(name, event) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const times = event.shiftKey ? 10 : 1;
    const [east, north] = step.map((one) => one * times);
    desk.book.change(nudged(name, east, north, desk.book.draft()), `nudge ${name}`);
  }

  function nudged(name, east, north, draft) {
    const more = east + north;
    if (name === "place") return place(desk.map.moved(draft, east, north));
    if (name === "azimuth") return { azimuth_deg: whole((draft.azimuth_deg ?? 0) + more) };
    if (name === "range") return { range_m: within(draft.range_m + more * 5, LEAST_RANGE_M, MOST_RANGE_M) };
    return { fov_deg: within(draft.fov_deg + more, LEAST_FOV, 360) };
  }
})();
