/* The scene that the director put on this wall: which it is, why, what holds it, and what hands ask of it. The director
   decides (docs/director.md); a hand on the map, Esc and Enter only ask. Bodies are made by the files after this one. */
(function () {
  "use strict";
  const layar = window.layar;
  const { element, words } = layar;
  const TIMEOUT_MS = 5000;
  const HAND_EVERY_S = 20;
  const NOTE_S = 6;
  const SLIM = new Set(["overview", "centre"]);
  const WHY = { id: "Mengapa ini ditampilkan", en: "Why this is shown" };
  const ANSWERS = {
    release: { id: "kunci dilepas", en: "released" },
    acknowledge: { id: "dicatat: diketahui", en: "noted: acknowledged" },
    refused: { id: "layar ini tidak boleh mengatur adegan", en: "this screen may not steer scenes" },
    failed: { id: "server tidak menjawab, coba lagi", en: "the server does not answer, try again" },
  };
  const held = { shown: null, form: "none", note: null, noteUntil: 0, handAt: -Infinity, isRefused: false };
  const bodies = {}; // kind → {make(), update(node, scene), second(node, scene)}
  const scene = (layar.scene = {
    now: () => held.shown,
    form: () => held.form,
    bodies,
    // The wall's own chip tells of the hand, so nothing else need.
    tellsOfHand: () => held.shown !== null && held.shown.held_by === "hand",
  });

  const box = () => layar.slot("wall-scene");
  const root = () => layar.slot("wall");
  const isPast = () => layar.past.isAsked();
  const maySteer = () => !isPast() && !held.isRefused && !layar.picture.isForVisitors();

  layar.on("picture", ({ changed }) => {
    if (changed.has("panels")) layar.guard("scene", show);
  });
  for (const news of ["icons", "laid", "lang"]) layar.on(news, () => layar.guard("scene", show));
  layar.on("second", () => layar.guard("scene", second));

  /* -- what is shown -- */
  function mine() {
    const walls = layar.picture.panels().scenes || {};
    return walls[layar.canvas.wall()] || walls["*"] || null;
  }

  function show() {
    if (!box() || !root()) return;
    const said = mine();
    const before = held.shown;
    held.shown = said;
    box().hidden = !said;
    if (!said) {
      form("none");
      return;
    }
    form(layar.canvas.isClassic() ? (isSlim(said) ? "slim" : "band") : layar.canvas.hasChip() ? "chip" : "card");
    const frame = box().firstElementChild || box().appendChild(framed());
    const body = frame.lastElementChild;
    const name = `${said.id} ${held.form === "chip"}`;
    const isNew = frame.dataset.scene !== name || !body.firstElementChild;
    if (isNew) arrive(frame, body, said, name);
    frame.dataset.kind = root().dataset.scene = said.kind;
    frame.dataset.held = said.held_by || "";
    frame.dataset.priority = said.what ? said.what.priority : "";
    if (bodyOf(said)) bodyOf(said).update(body.firstElementChild, said);
    head(frame, said);
    second();
    if (isNew || !before || before.id !== said.id) layar.emit("scene", said);
  }

  // A scene of which this screen has nothing to tell but its name takes no room.
  const isSlim = (said) => SLIM.has(said.kind) || !bodies[said.kind] || Boolean(bodies[said.kind].isBare && bodies[said.kind].isBare(said));

  const bodyOf = (said) => (held.form === "chip" ? null : bodies[said.kind] || null);

  function arrive(frame, body, said, name) {
    frame.dataset.scene = name;
    body.replaceChildren(bodyOf(said) ? bodyOf(said).make() : element("div"));
    frame.classList.remove("is-new");
    void frame.offsetWidth; // so that the fade begins anew
    frame.classList.add("is-new");
  }

  function form(name) {
    if (held.form === name) return;
    held.form = root().dataset.sceneForm = name;
    layar.emit("scene-form", name);
  }

  /* -- the chip -- */
  function framed() {
    const frame = element("section", "scene panel");
    const line = element("header", "scene-head");
    line.append(element("b", "scene-title"), layar.said("span", "scene-eyebrow eyebrow", WHY), element("span", "scene-why"),
      element("b", "scene-waiting"), element("span", "scene-hold"));
    frame.append(line, element("div", "scene-body"));
    return frame;
  }

  function head(frame, said) {
    const [title, , why, waiting] = frame.firstElementChild.children;
    layar.write(title, said.kind !== "incident" ? layar.say(said.title) : held.form === "chip" ? named(said.what) : "");
    const isToldAlready = said.kind !== "incident" && layar.say(said.why) === layar.say(said.title);
    layar.write(why, isToldAlready ? "" : layar.say(said.why));
    frame.firstElementChild.dataset.bare = String(isToldAlready);
    layar.write(waiting, said.waiting ? layar.say(`+${said.waiting} kritis menunggu`, `+${said.waiting} critical waiting`) : "");
  }

  // Of an incident its card says what and where; a chip has none.
  const named = (what) => (what ? [layar.say(what.title), what.kelurahan].filter(Boolean).join(" · ") : layar.say("Kejadian", "Incident"));

  // A long reason takes the room of the words before it.
  function fit(line, why) {
    line.dataset.tight = "false";
    line.dataset.tight = String(why.scrollWidth > why.clientWidth + 1);
  }

  function second() {
    const frame = box() && box().firstElementChild;
    if (!held.shown || !frame) return;
    const { text, mood } = hold(held.shown);
    const node = frame.firstElementChild.lastElementChild;
    layar.write(node, text);
    node.dataset.mood = mood;
    fit(frame.firstElementChild, frame.querySelector(".scene-why"));
    const kind = bodyOf(held.shown);
    if (kind && kind.second) kind.second(frame.lastElementChild.firstElementChild, held.shown);
  }

  // What keeps the scene on the wall, and which key changes that.
  function hold(said) {
    if (held.note && layar.time.monotonic() < held.noteUntil) return { text: layar.say(held.note), mood: "note" };
    if (said.stuck_since) {
      const age = words.since(said.stuck_since);
      return { text: layar.say(`sutradara berhenti ${age} lalu · adegan terakhir`, `director stopped ${age} ago · last scene`), mood: "late" };
    }
    const key = (name, id, en) => (maySteer() ? ` · ${name} ${layar.say(id, en)}` : "");
    if (said.held_by === "acknowledge") {
      return { text: layar.say("belum diketahui", "not acknowledged yet") + (maySteer() ? layar.say(" · tekan Enter", " · press Enter") : ""), mood: "grave" };
    }
    if (!said.locked_until) return { text: "", mood: "" };
    const left = said.locked_until - layar.time.now();
    // the server says so within a second or two; until then nothing is held any more
    if (left < 1) return { text: layar.say("kunci berakhir", "lock over"), mood: "" };
    const who = said.held_by === "hand" ? layar.say("dikunci tangan", "locked by hand") : layar.say("terkunci", "locked");
    return { text: `${who} · ${words.age(left)}${key("Esc", "lepas", "release")}`, mood: "locked" };
  }

  /* -- what hands ask -- */
  async function ask(deed) {
    const stop = new AbortController();
    const deadline = setTimeout(() => stop.abort(), TIMEOUT_MS);
    try {
      const address = `/api/v1/walls/${encodeURIComponent(layar.canvas.wall())}/${deed}`;
      const response = await fetch(address, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ is_hand: true }),
        signal: stop.signal, redirect: "manual",
      });
      if (response.status === 401 || response.status === 403 || response.type === "opaqueredirect") held.isRefused = true;
      return response.ok ? deed : held.isRefused ? "refused" : "failed";
    } catch (error) {
      return "failed";
    } finally {
      clearTimeout(deadline);
    }
  }

  async function press(deed) {
    const answer = await ask(deed);
    Object.assign(held, { note: ANSWERS[answer], noteUntil: layar.time.monotonic() + NOTE_S });
    second();
  }

  // A hand that goes on moving says so again, long before its lock is over.
  layar.on("hand", (isOn) => {
    if (!isOn || !held.shown || !maySteer() || layar.time.monotonic() - held.handAt < HAND_EVERY_S) return;
    held.handAt = layar.time.monotonic();
    ask("lock");
  });

  // Esc puts away what lies above the wall first.
  const isCovered = () => layar.near.key() !== null ||
    Boolean(document.querySelector("dialog[open], .camera-large:not([hidden]), .map-tool, #wall-stills:not([hidden])"));

  function release() {
    if (!held.shown || !maySteer() || isCovered()) return;
    const isHand = layar.view.lockedFor() > 0;
    layar.view.letGo();
    held.handAt = -Infinity;
    if (isHand || held.shown.locked_until) press("release");
  }

  function acknowledge(event) {
    if (event.target.closest && event.target.closest("button, a, input, [role=button]")) return;
    if (held.shown && held.shown.held_by === "acknowledge" && maySteer()) press("acknowledge");
  }

  layar.key("Escape", release, { id: "lepas kunci adegan", en: "release the scene" }, "wall-scene");
  layar.key("Enter", acknowledge, { id: "kejadian kritis sudah diketahui", en: "take note of a critical incident" }, "wall-scene");
})();
