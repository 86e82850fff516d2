/* The scenes of the tour on the map: the city now, and the one time of the past that was marked for visitors. While the
   past is shown the page takes no news of the present; then it asks for the present anew. */
(function () {
  "use strict";
  const layar = window.layar;
  const { say, element } = layar;
  const AHEAD = 30;
  const AGAIN_S = 5;
  const LINGER_S = 6;
  const MOST_INCIDENTS = 5;
  const MOST_CARDS = 3;
  const MOST_ROWS = 2;
  const state = { run: 0, isOn: false, base: null, queue: [], next: null, isFetching: false, isOver: false, speed: 1, hasFailed: false };

  function row(className, ...nodes) {
    const node = element("div", className);
    node.append(...nodes.filter(Boolean));
    return node;
  }

  /* -- the past has the picture for itself -- */
  const { apply } = layar.picture;
  layar.picture.apply = (message) => (state.isOn && !message.past ? true : apply(message));
  const present = layar.time.now;
  layar.time.now = () => (state.isOn ? then() : present());

  function then() {
    if (!state.base) return state.from;
    const played = state.base.at + (layar.time.monotonic() - state.base.since) * state.speed;
    return Math.min(played, state.queue.length ? state.queue[0].now : state.base.at + state.speed / 2, state.to);
  }

  // The recording has not begun to play.
  layar.visitor.isWaiting = () => state.isOn && !state.base;

  const empty = () => apply({ from: null, cursor: null, mode: layar.picture.mode(), layers: {}, panels: { audience: "visitor" } });

  function begin({ number, past }) {
    const run = ++state.run;
    Object.assign(state, { isOn: true, base: null, queue: [], next: "", isFetching: false, isOver: false, speed: past.speed, from: past.from, to: past.to, hasFailed: false });
    empty();
    play(run, number);
  }

  function end() {
    if (!state.isOn) return;
    state.run += 1;
    Object.assign(state, { isOn: false, queue: [], next: null, base: null });
    empty();
    layar.picture.forget();
    layar.live.renew();
  }

  async function play(run, number) {
    while (run === state.run) {
      if (state.queue.length < AHEAD && state.next !== null && !state.isFetching) page(run, number);
      const message = state.queue[0];
      if (!message && state.next === null && !state.isFetching) break;
      await pause(message ? wait(message) : 0.1);
      if (run !== state.run) return;
      if (!message || layar.visitor.isHeld() && state.base) continue;
      state.queue.shift();
      state.base = { at: message.now, since: layar.time.monotonic() };
      apply(message);
    }
    state.isOver = run === state.run;
    await pause(LINGER_S);
    if (run === state.run) layar.visitor.done();
  }

  const wait = (message) => (layar.visitor.isHeld() && state.base ? 0.2 : Math.max(0, (message.past.after_s || 0) - (state.base ? layar.time.monotonic() - state.base.since : 0)));
  const pause = (seconds) => new Promise((done) => { setTimeout(done, seconds * 1000); });

  async function page(run, number) {
    state.isFetching = true;
    const said = await layar.visitor.ask(`/api/v1/tour/past/${number}${state.next ? `?cursor=${encodeURIComponent(state.next)}` : ""}`);
    if (run !== state.run) return;
    state.hasFailed = said === null;
    if (said === null) await pause(AGAIN_S);
    else {
      state.next = said.next;
      state.queue.push(...said.messages);
    }
    if (run === state.run) state.isFetching = false;
  }

  /* -- what stands over the map -- */
  layar.visitor.scene("past", {
    hasMap: true,
    make: ({ scene }) => {
      if (scene.past) begin(scene);
      return frame(scene.past ? "" : "is-empty");
    },
    renew: (node, { scene }) => {
      const [title, moment, how] = node.firstElementChild.children;
      const now = layar.time.now();
      layar.write(title, say("REKAMAN · bukan sekarang", "RECORDING · not now"));
      layar.write(moment, scene.past ? `${layar.words.date(now)} · ${layar.words.hour(now)} ${layar.time.label}` : say("Belum ada hari yang ditandai untuk tamu", "No day has been marked for guests yet"));
      layar.write(how, scene.past ? pace() : say("Supervisor menandainya di Putar ulang", "A supervisor marks one in the replay"));
      if (scene.past) common(node);
    },
    leave: end,
  });

  const frame = (more) => row(`visitor-map ${more}`,
    row("visitor-clock", element("b"), element("strong"), element("span")), row("visitor-incidents"), row("visitor-cards"), row("visitor-credit"));

  function pace() {
    if (state.hasFailed) return say("Menunggu server …", "Waiting for the server …");
    if (state.isOver) return say("selesai", "the end");
    return state.base ? say(`dipercepat ${state.speed} kali`, `${state.speed} times as fast`) : say("disiapkan …", "being prepared …");
  }

  layar.visitor.scene("map", {
    hasMap: true,
    make: () => frame(""),
    renew: (node, { tour }) => {
      const [title, moment, how] = node.firstElementChild.children;
      const now = layar.time.now();
      layar.write(title, say("SEKARANG", "NOW"));
      layar.write(moment, `${layar.words.date(now)} · ${layar.words.hour(now)} ${layar.time.label}`);
      layar.write(how, say(`kejadian tampil ${layar.words.age(tour.delay_s)} kemudian`, `incidents are shown ${layar.words.age(tour.delay_s)} later`));
      common(node);
    },
  });

  function common(node) {
    layar.guard("visitor incidents", () => incidents(node.children[1]));
    layar.guard("visitor cards", () => cards(node.children[2]));
    layar.guard("visitor credit", () => layar.write(node.children[3], credit()));
  }

  function incidents(box) {
    const all = layar.picture.features("incidents").slice().sort(layar.sources.worstFirst);
    layar.keyed(box, all.slice(0, MOST_INCIDENTS), (one) => one.properties.key, () => {
      const item = row("visitor-incident", element("i"), row("", element("b"), element("span")));
      return item;
    }, (item, { properties: said }) => {
      layar.icon(item.firstElementChild, layar.sources.icon(said.priority, said.icon), 3.2, "rem");
      const [title, where] = item.lastElementChild.children;
      layar.write(title, layar.told(said, "title"));
      layar.write(where, `${said.kelurahan || say("kota", "city")} · ${layar.words.ago(layar.time.now() - said.reported_at)}`);
    });
    box.dataset.rest = all.length > MOST_INCIDENTS ? say(`dan ${all.length - MOST_INCIDENTS} lagi`, `and ${all.length - MOST_INCIDENTS} more`) : "";
    box.dataset.none = all.length ? "" : say("Tidak ada kejadian yang dibuka untuk umum", "No incident is open to the public");
  }

  // Whose map and whose data this is.
  function credit() {
    const shapes = layar.sources.shapes();
    const ground = new Set((shapes ? shapes.features : []).map(({ properties }) => properties.source).filter(Boolean));
    const legend = layar.sources.legend();
    return [...ground, legend && legend.credit, ...(layar.picture.panels().credits || [])].filter(Boolean).join(" · ");
  }

  const weight = (card) => (card.is_pressing ? 0 : card.key === "water" ? 1 : 2);

  function cards(box) {
    const list = (layar.picture.panels().board || []).slice().sort((a, b) => weight(a) - weight(b)).slice(0, MOST_CARDS);
    layar.keyed(box, list, (card) => card.key, () => row("visitor-card panel"), (node, card) => {
      const told = JSON.stringify(card) + layar.lang();
      if (node.dataset.told === told) return;
      node.dataset.told = told;
      node.replaceChildren(element("div", "visitor-card-title", say(card.title)), ...lead(card), ...card.rows.slice(0, MOST_ROWS).map(line));
    });
  }

  const lead = (card) => (card.lead === null ? [] : [row("visitor-card-lead", element("b", "", say(card.lead)), element("span", "", say(card.lead_label)))]);
  const line = (said) => row("visitor-card-row", element("span", "", say(said.label)), element("b", "", say(said.value)));
})();
