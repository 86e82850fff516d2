/* The desk's book: the cameras as the server last told them, which one is chosen, and the draft of what is being changed
   with every step back. Draws nothing. */
(function () {
  "use strict";
  const layar = window.layar;
  const { desk } = layar;
  const EVERY_MS = 3000;
  const MOST_STEPS = 200;
  const FIELDS = [
    "name", "kind", "url", "snapshot_address", "user", "password", "isForgotten", "group", "owner", "kelurahan", "night",
    "audience", "period_s", "lon", "lat", "azimuth_deg", "fov_deg", "range_m", "masks", "card",
  ];
  const NEW_CAMERA = {
    id: "", name: "", kind: "", url: "", snapshot_address: null, user: "", password: "", isForgotten: false, group: null,
    owner: null, kelurahan: null, night: null, audience: "wall", period_s: null, lon: null, lat: null, azimuth_deg: null,
    fov_deg: 60, range_m: 250, masks: [], card: {},
  };
  const held = {
    cameras: [], byId: new Map(), etag: null, isTold: false, isSilent: false, mode: "live", chosen: null, base: null, baseEtag: null, draft: null,
    steps: [], lastKey: null, turn: 0,
  };
  const book = (desk.book = {
    cameras: () => held.cameras,
    isTold: () => held.isTold,
    isSilent: () => held.isSilent,
    mode: () => held.mode,
    get: (id) => held.byId.get(id) || null,
    chosen: () => (held.chosen === null ? null : book.get(held.chosen)),
    draft: () => held.draft,
    isNew: () => held.draft !== null && held.chosen === null,
    steps: () => held.steps.length,
  });

  /* -- what the server says -- */
  book.start = async function () {
    for (;;) {
      if (!document.hidden) await book.load();
      await new Promise((done) => setTimeout(done, EVERY_MS));
    }
  };

  book.load = async function () {
    const headers = held.etag ? { "If-None-Match": held.etag } : {};
    const answer = await desk.ask("GET", "/api/v1/cameras", { headers });
    if (!answer.ok) return answer;
    held.etag = answer.etag;
    held.isTold = true;
    held.isSilent = Boolean(answer.body.is_silent);
    held.mode = answer.body.mode || "live";
    held.cameras = answer.body.cameras || [];
    held.byId = new Map(held.cameras.map((camera) => [camera.id, camera]));
    if (desk.moment(answer.body.now) !== null) layar.time.learn(desk.moment(answer.body.now));
    layar.guard("desk", follow);
    layar.emit("desk-cameras", held.cameras);
    return answer;
  };

  // An untouched form follows what others change; a touched one keeps what was typed.
  function follow() {
    const camera = book.chosen();
    if (held.chosen !== null && !camera) {
      const isTouched = book.isDirty();
      if (!isTouched) return book.choose(null);
      held.chosen = null; // somebody deleted it: what was typed can still be saved as a new one
      return layar.emit("desk-chosen", null);
    }
    if (!camera || book.isDirty()) return undefined;
    const fresh = draftOf(camera);
    if (JSON.stringify(fresh) === JSON.stringify(held.draft)) return Object.assign(held, { base: fresh, baseEtag: camera.etag });
    Object.assign(held, { base: fresh, draft: copy(fresh), baseEtag: camera.etag });
    return layar.emit("desk-draft", { key: null });
  }

  const copy = (value) => JSON.parse(JSON.stringify(value));

  function draftOf(camera) {
    const draft = { ...copy(NEW_CAMERA), id: camera.id };
    for (const name of FIELDS) if (camera[name] !== undefined && camera[name] !== null) draft[name] = copy(camera[name]);
    return { ...draft, url: "", user: "", password: "" };
  }

  /* -- choosing -- */
  book.choose = function (id) {
    const camera = id === null ? null : book.get(id);
    held.turn += 1;
    held.chosen = camera ? camera.id : null;
    held.base = camera ? draftOf(camera) : null;
    held.draft = held.base && copy(held.base);
    Object.assign(held, { steps: [], lastKey: null, baseEtag: camera ? camera.etag : null });
    layar.emit("desk-chosen", camera);
  };

  book.begin = function (said) {
    held.turn += 1;
    Object.assign(held, { chosen: null, base: copy(NEW_CAMERA), steps: [], lastKey: null, baseEtag: null });
    held.draft = { ...copy(NEW_CAMERA), ...said };
    layar.emit("desk-chosen", null);
  };

  /* -- changing -- */
  // `key` names one hand's movement: all that follows with the same key is one step back.
  book.change = function (said, key = null) {
    if (!held.draft) return;
    const before = JSON.stringify(held.draft);
    const after = { ...held.draft, ...said };
    if (JSON.stringify(after) === before) return;
    if (key === null || key !== held.lastKey) held.steps = [...held.steps, before].slice(-MOST_STEPS);
    Object.assign(held, { draft: after, lastKey: key });
    layar.emit("desk-draft", { key, changed: Object.keys(said) });
  };

  book.settle = () => { held.lastKey = null; };

  book.undo = function () {
    const before = held.steps.pop();
    if (before === undefined) return;
    Object.assign(held, { draft: JSON.parse(before), lastKey: null });
    layar.emit("desk-draft", { key: null });
  };

  book.revert = function () {
    if (book.isNew()) return book.choose(null);
    return book.choose(held.chosen);
  };

  book.changes = function () {
    if (!held.draft) return [];
    return ["id", ...FIELDS].filter((name) => JSON.stringify(held.draft[name]) !== JSON.stringify(held.base[name]));
  };

  book.isDirty = () => book.changes().length > 0;

  /* -- sending -- */
  // What the API takes: address, user and password only where they were typed, for what is stored never comes here.
  book.body = function () {
    const { draft, base } = held;
    const body = Object.fromEntries(FIELDS.map((name) => [name, draft[name] === "" ? null : draft[name]]));
    for (const name of ["url", "user", "password"]) if (!draft[name]) delete body[name];
    if (draft.isForgotten && !draft.password) Object.assign(body, { user: "", password: "" });
    delete body.isForgotten;
    if (!draft.kind || (draft.url && draft.kind === base.kind)) delete body.kind;
    if (draft.url && draft.snapshot_address) body.snapshot_url = draft.snapshot_address;
    body.card = Object.fromEntries(Object.entries(draft.card || {}).filter(([, value]) => value));
    return body;
  };

  book.save = async function () {
    const sent = copy(held.draft);
    const { turn } = held;
    const id = sent.id.trim();
    const headers = book.isNew() ? { "If-None-Match": "*" } : held.baseEtag ? { "If-Match": held.baseEtag } : {};
    const answer = await desk.ask("PUT", `/api/v1/cameras/${encodeURIComponent(id)}`, { body: book.body(), headers });
    if (!answer.ok) return answer;
    learn(answer.body);
    if (turn === held.turn) settle(answer.body, sent);
    return answer;
  };

  // The newest word on one camera, before the whole list comes again.
  function learn(camera) {
    held.etag = null;
    held.cameras = [...held.cameras.filter((one) => one.id !== camera.id), camera];
    held.byId.set(camera.id, camera);
    layar.emit("desk-cameras", held.cameras);
  }

  // What was sent is saved; what was typed while it was on its way is not, and stays.
  function settle(camera, sent) {
    const base = draftOf(camera);
    const typed = Object.keys(sent).filter((name) => JSON.stringify(sent[name]) !== JSON.stringify(held.draft[name]));
    const draft = { ...copy(base), ...Object.fromEntries(typed.map((name) => [name, held.draft[name]])) };
    Object.assign(held, { chosen: camera.id, base, draft, baseEtag: camera.etag, steps: [], lastKey: null });
    layar.emit("desk-chosen", camera);
  }

  book.remove = async function (id) {
    const camera = book.get(id);
    const headers = camera && camera.etag ? { "If-Match": camera.etag } : {};
    const answer = await desk.ask("DELETE", `/api/v1/cameras/${encodeURIComponent(id)}`, { headers });
    if (answer.ok || answer.status === 404) {
      if (held.chosen === id) book.choose(null);
      held.etag = null;
      await book.load();
    }
    return answer;
  };
})();
