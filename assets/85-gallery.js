/* The gallery's studio: on this page the real scripts are told what dashboard/gallery.py has made up, instead of what
   the server knows; nothing is asked of the city and nothing goes to it. On every other page this file does nothing. */
(function () {
  "use strict";
  const layar = window.layar;
  if (!/^\/gallery(\/|$)/.test(window.location.pathname)) return;
  const BROKEN_S = 95;
  const OLD_S = 3 * 3600;
  const PICTURE = [480, 270];
  const held = { state: "empty", messages: {}, desks: {}, began: false, still: "" };
  const gallery = (layar.gallery = { state: () => held.state, STATES: ["empty", "one", "many", "late", "broken"] });

  layar.whenBuilt("gallery", (root) => {
    held.messages = JSON.parse(root.dataset.messages);
    held.desks = JSON.parse(root.dataset.desks);
    drawn().then((blob) => (held.still = URL.createObjectURL(blob)));
  });

  gallery.enter = function (state) {
    held.state = state;
    layar.picture.forget();
    layar.picture.apply({ ...held.messages[state], from: null });
    for (const user of ["strip", "wall"]) for (const { key } of layar.picture.panels().cameras || []) aged(layar.cameraPictures.get(user, key));
    layar.emit("connection", layar.live.connection());
    layar.emit("drawn", new Set(layar.picture.layers().concat("incidents", "joins"))); // there is no map that could say so
    layar.emit("second", layar.time.now());
  };

  /* -- what is different here -- */
  const isBroken = () => held.state === "broken";
  const { start } = layar.time;
  layar.time.start = function () {
    if (!held.began) start();
    held.began = true;
  };
  layar.live.start = () => {};
  layar.live.connection = () => (isBroken() ? "lost" : "live");
  layar.live.pictureAt = () => layar.time.now() - (isBroken() ? BROKEN_S : 0);
  layar.map.start = () => {};
  layar.map.isBroken = isBroken;
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
    if (path.startsWith("/api/v1/desk")) return ofDesk(path.slice("/api/v1/desk".length).replace(/^\//, ""));
    if (path.startsWith("/cameras/")) return ofCamera();
    if (path.startsWith("/api/v1/incidents/")) return json(stills());
    if (path === "/api/v1/cameras") return json((held.desks[held.state] || {}).cameras || { cameras: [] });
    return path.startsWith("/api/") || path.startsWith("/live") ? json({}, 404) : null;
  }

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
