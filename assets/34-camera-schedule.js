/* Which cameras stand on the wall now: pages that take turns, and the alarm that takes the large tile. Pure: what stood
   there before, what is known and the time in; what stands there now out. It never switches twice within eight seconds,
   except by hand. */
(function () {
  "use strict";
  const DWELL_S = 8;
  const ALARM_S = 60;
  const FRESH_S = 120;
  const HELD_S = 900;
  const MOST_TOLD = 100;
  const schedule = (window.layar.cameraSchedule = { dwellS: DWELL_S, alarmS: ALARM_S, heldS: HELD_S });

  /* `known`: {now (s, never set back), cameras: [{key, name, sees}] nearest eyes first, cells, cellsBesideAlarm (the large
     one counted), worst: {key, ageS} or null, rotateS}. The state: {shown: [key], large, incident, page, pages,
     switchedAt, pagedAt, alarmAt, heldAt, told: [incident]}. */
  schedule.next = function (before, known) {
    if (!known.cameras.length) return begun(known, before);
    if (!before || !before.shown.length) return alarmed(begun(known, before), known, true);
    const state = patched(before, known);
    if (known.now - state.switchedAt < DWELL_S) return state;
    const now = known.now;
    const held = state.heldAt !== null && now - state.heldAt >= HELD_S ? { ...state, heldAt: null } : state;
    const alarm = alarmed(held, known, false);
    if (alarm !== held) return alarm;
    if (held.large !== null) return isOver(held, known) ? paged({ ...held, large: null, incident: null, alarmAt: null }, known, held.page) : held;
    if (held.heldAt !== null || now - held.pagedAt < known.rotateS) return held;
    return paged(held, known, held.page + 1, true);
  };

  /* By hand: at once, and an alarm gives way. */
  schedule.turn = function (state, known, step) {
    if (!known.cameras.length) return state;
    return paged({ ...state, large: null, incident: null, alarmAt: null }, known, state.page + step);
  };

  schedule.hold = (state, now) => ({ ...state, heldAt: state.heldAt === null ? now : null, pagedAt: now });

  // Which pictures the next page will need: to be fetched before it is shown.
  schedule.upcoming = function (state, known) {
    const rotates = state.pages > 1 && state.large === null && state.heldAt === null;
    return rotates ? page(known, state.page + 1).shown : [];
  };

  function begun(known, before) {
    const told = before ? before.told : known.worst && known.worst.ageS > FRESH_S ? [known.worst.key] : [];
    const empty = { large: null, incident: null, alarmAt: null, heldAt: null, told };
    return { ...paged(empty, known, 0), switchedAt: known.cameras.length ? known.now : -Infinity };
  }

  // A camera that is listed no more leaves its place; where there is room those not shown take it. Nobody else moves.
  function patched(before, known) {
    const listed = new Set(known.cameras.map((camera) => camera.key));
    const room = before.large === null ? known.cells : known.cellsBesideAlarm;
    const stay = before.shown.filter((key) => listed.has(key)).slice(0, room);
    const large = listed.has(before.large) ? before.large : null;
    if (large === null && before.large !== null) return paged({ ...before, large, incident: null, alarmAt: null }, known, before.page);
    const more = page(known, before.page, large).shown.filter((key) => !stay.includes(key)).slice(0, room - stay.length);
    const { pages } = page(known, before.page, large);
    if (!more.length && stay.length === before.shown.length && pages === before.pages) return before;
    return { ...before, shown: [...stay, ...more], pages, page: before.page % pages };
  }

  function alarmed(state, known, isFirst) {
    const { worst, cameras, now } = known;
    const [best] = cameras;
    if (!worst || !best.sees) return state;
    const isSame = state.incident === worst.key;
    const sees = cameras.some((camera) => camera.key === state.large && camera.sees);
    if (isSame ? sees : state.told.includes(worst.key)) return state;
    const told = isSame ? state.told : [...state.told, worst.key].slice(-MOST_TOLD);
    const alarm = { ...state, large: best.key, incident: worst.key, alarmAt: isSame ? state.alarmAt : now, told };
    const shown = page(known, 0, best.key);
    return { ...alarm, ...shown, page: isFirst ? 0 : state.page, switchedAt: now, pagedAt: now };
  }

  function isOver(state, known) {
    const isWorst = known.worst && known.worst.key === state.incident;
    return !isWorst || known.now - state.alarmAt >= ALARM_S;
  }

  function paged(state, known, number, isTurn = false) {
    const next = page(known, number);
    const { now } = known;
    const isSame = isTurn && state.shown && state.shown.join("\n") === next.shown.join("\n");
    return { ...state, ...next, switchedAt: isSame ? state.switchedAt : now, pagedAt: now };
  }

  /* One page. Those that see the incident stand on every page, the others take turns: nearest first while there is an
     incident, else by name, so that a page is the same page the next time. The last page is filled from the one before. */
  function page(known, number, large = null) {
    const room = large === null ? known.cells : known.cellsBesideAlarm;
    const ordered = known.worst ? known.cameras : [...known.cameras].sort(byName);
    if (ordered.length <= room) return { shown: front(ordered.map(({ key }) => key), large), page: 0, pages: 1 };
    const pinned = ordered.filter((camera) => camera.sees || camera.key === large).slice(0, Math.max(large === null ? 0 : 1, Math.floor(room / 2)));
    const rest = ordered.filter((camera) => !pinned.includes(camera));
    const each = room - pinned.length;
    const pages = Math.ceil(rest.length / each);
    const turn = ((number % pages) + pages) % pages;
    const start = Math.min(turn * each, rest.length - each);
    const shown = [...pinned, ...rest.slice(start, start + each)].map(({ key }) => key);
    return { shown: front(shown, large), page: turn, pages };
  }

  const front = (keys, large) => (large === null ? keys : [large, ...keys.filter((key) => key !== large)].slice(0, keys.length));

  const byName = (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.key < b.key ? -1 : 1);
})();
