/* The gallery's studio: on this page the real scripts are told what dashboard/gallery.py has made up, instead of what
   the server knows; nothing is asked of the city and nothing goes to it. On every other page this file does nothing. */
(function () {
  "use strict";
  const layar = window.layar;
  if (!/^\/gallery(\/|$)/.test(window.location.pathname)) return;
  const BROKEN_S = 95;
  const OLD_S = 3 * 3600;
  const PICTURE = [480, 270];
  const held = { state: "empty", messages: {}, desks: {}, rooms: {}, began: false, still: "" };
  const gallery = (layar.gallery = { state: () => held.state, STATES: ["empty", "one", "many", "late", "broken"] });

  layar.whenBuilt("gallery", (root) => {
    held.messages = JSON.parse(root.dataset.messages);
    held.desks = JSON.parse(root.dataset.desks);
    drawn().then((blob) => (held.still = URL.createObjectURL(blob)));
  });

  // What the scripts of another page will ask for, by state and path, as dashboard/gallery_rooms.py has it.
  gallery.learn = function () {
    for (const box of document.querySelectorAll(".gallery-answers:not([data-is-read])")) {
      box.dataset.isRead = "true";
      for (const [state, said] of Object.entries(JSON.parse(box.dataset.answers))) held.rooms[state] = { ...held.rooms[state], ...said };
    }
  };
  gallery.still = () => held.still;
  gallery.told = (path) => (held.rooms[held.state] || {})[path];

  // A part that visitors see is told what visitors are told; where nothing is told the last stays.
  gallery.enter = function (state, isVisitor = false) {
    held.state = state;
    const message = isVisitor ? gallery.told("/live") : held.messages[state];
    if (!message && layar.picture.isForVisitors() === isVisitor) return tell();
    layar.picture.forget();
    layar.picture.apply({ ...(message || held.rooms.many["/live"]), from: null });
    return tell();
  };

  function tell() {
    for (const user of ["strip", "wall"]) for (const { key } of layar.picture.panels().cameras || []) aged(layar.cameraPictures.get(user, key));
    layar.emit("connection", layar.live.connection());
    layar.emit("drawn", new Set(layar.picture.layers().concat("incidents", "joins"))); // perhaps no map says so
    layar.emit("second", layar.time.now());
  }

  /* -- what is different here -- */
  const isBroken = () => held.state === "broken";
  const { start } = layar.time;
  layar.time.start = function () {
    if (!held.began) start();
    held.began = true;
  };
  // A frame may be asked for long after the page was built; what its scripts ask for has come with it.
  const { whenBuilt } = layar;
  layar.whenBuilt = (id, start) => whenBuilt(id, (root) => {
    gallery.learn();
    start(root);
  }, 0);
  layar.isCalm = () => true;
  for (const name of ["start", "renew", "asVisitor", "reload"]) layar.live[name] = () => {};
  layar.live.connection = () => (isBroken() ? "lost" : "live");
  layar.live.pictureAt = () => layar.time.now() - (isBroken() ? BROKEN_S : 0);
  const { complain } = layar;
  layar.complain = (what, error) => what === "watch" || complain(what, error); // nobody has to notice that this page stands still
  gallery.startMap = layar.map.start;
  layar.map.start = () => {};
  layar.map.isBroken = isBroken;
  // A picture of the map is taken when it stands still.
  const { getContext } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.getContext = function (kind, more) {
    return getContext.call(this, kind, kind.startsWith("webgl") ? { ...more, preserveDrawingBuffer: true } : more);
  };
  gallery.address = window.history.replaceState.bind(window.history);
  window.history.pushState = window.history.replaceState = () => {}; // the studio's pages have addresses of their own

  const { fetch } = window;
  window.fetch = function (asked, more) {
    const { pathname } = new URL(String(asked.url || asked), window.location.href);
    const said = answer(pathname);
    return said === null ? fetch.call(window, asked, more) : Promise.resolve(said);
  };

  const json = (body, status = 200) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

  // null: the real server is asked, for what is the same in every state (icons, legend, words).
  function answer(path) {
    const known = path.replace(/^(\/api\/v1\/tour\/past)\/.*/, "$1");
    if (gallery.told(known)) return json(gallery.told(known));
    if (isAskedElsewhere(known) && isBroken()) return Promise.reject(new TypeError("the studio's server is down"));
    if (path === "/api/v1/situation") return json({ ...held.messages[held.state], from: null, now: layar.time.now() });
    if (path.startsWith("/api/v1/desk")) return ofDesk(path.slice("/api/v1/desk".length).replace(/^\//, ""));
    if (path.startsWith("/cameras/")) return ofCamera();
    if (path.startsWith("/api/v1/incidents/")) return json(stills());
    return path.startsWith("/api/") || path.startsWith("/live") ? json({}, 404) : null;
  }

  const isAskedElsewhere = (path) => path === "/api/v1/situation" || Object.values(held.rooms).some((answers) => path in answers);

  function ofDesk(room) {
    const said = (held.desks[held.state] || {})[room];
    if (room.includes("/")) return json({ steps: [] });
    return said && !isBroken() ? json({ ...said, state: held.state }) : json({}, 503);
  }

  function stills() {
    if (held.state === "empty") return [];
    const at = layar.time.now() - 600;
    const phases = held.state === "one" ? [["at", 0]] : [["before", -20], ["at", 0], ["after", 25]];
    return phases.map(([phase, offset]) => ({
      camera: "contoh-1", milestone: "call", phase, moment: layar.past.iso(at), observed_at: layar.past.iso(at + offset),
      offset_s: offset, url: held.still,
    }));
  }

  const ofCamera = () => drawn().then((blob) => new Response(blob, { headers: { "X-Observed-At": String(layar.time.now() - pictureAge()) } }));
  // A picture that was fetched in another state is as old as those of this one.
  const aged = (entry) => entry && entry.at !== null && Object.assign(entry, { at: layar.time.now() - pictureAge() });
  const pictureAge = () => (held.state === "late" ? OLD_S : isBroken() ? BROKEN_S : 1);

  function drawn() {
    const [wide, high] = PICTURE;
    const canvas = new OffscreenCanvas(wide, high);
    const pen = canvas.getContext("2d");
    pen.fillStyle = layar.token("--camera-plate");
    pen.fillRect(0, 0, wide, high);
    pen.fillStyle = layar.token("--camera");
    pen.font = "700 56px sans-serif";
    pen.textAlign = "center";
    pen.fillText("CONTOH", wide / 2, high / 2);
    return canvas.convertToBlob({ type: "image/jpeg" });
  }
})();
