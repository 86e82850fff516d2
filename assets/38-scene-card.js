/* The scene of an incident: what, where, its clock beside the target, who comes, who sees it, how far it is. */
(function () {
  "use strict";
  const layar = window.layar;
  const { element, say, words } = layar;
  const MOST_ROWS = 4;

  layar.scene.bodies.incident = { make, update, second };

  function make() {
    const node = element("div", "scene-incident");
    const what = element("div", "scene-what");
    const text = element("div", "scene-text");
    text.append(element("b", "scene-name"), element("div", "scene-place"), element("div", "scene-status"));
    what.append(element("i", "scene-icon"), text);
    const clock = element("div", "scene-clock");
    const bar = element("div", "scene-bar");
    bar.append(element("i"));
    clock.append(element("div", "scene-label"), element("b", "scene-time"), bar, element("div", "scene-target"));
    const who = element("div", "scene-who");
    who.append(element("div", "scene-label"), element("ul", "scene-units"), element("div", "scene-nobody"), element("div", "scene-eyes"));
    node.append(what, clock, who, element("ol", "scene-steps"));
    return node;
  }

  function update(node, said) {
    const [what, , who, steps] = node.children;
    tellWhat(what, said.what || null);
    tellWho(who, said);
    layar.keyed(steps, said.steps || [], (step) => step.status, makeStep, sayStep);
    const done = Array.from(steps.children).filter((step) => step.dataset.done === "true");
    for (const step of steps.children) step.dataset.newest = String(step === done[done.length - 1]);
    fit(who, true);
  }

  // As many of those who come as have room, whole; where not one has, not even the words above them.
  function fit(box, isNew) {
    const [label, list, nobody] = box.children;
    const size = `${box.clientWidth} ${box.clientHeight} ${document.documentElement.style.fontSize}`;
    if (!isNew && box.dataset.size === size) return;
    const rows = Array.from(list.children);
    const isOver = () => [box, list].some((node) => node.scrollHeight > node.clientHeight + 1);
    for (const node of [label, nobody, ...rows]) node.hidden = false;
    let left = rows.length;
    while (left > 0 && isOver()) rows[--left].hidden = true;
    label.hidden = nobody.hidden = rows.length ? left === 0 : isOver();
    box.dataset.size = `${box.clientWidth} ${box.clientHeight} ${document.documentElement.style.fontSize}`;
  }

  function tellWhat(box, what) {
    const [icon, text] = box.children;
    const [name, place, status] = text.children;
    box.dataset.priority = what ? String(what.priority) : "";
    if (what && layar.sources.icons()) layar.icon(icon, layar.sources.icon(what.priority, what.icon), 4, "em");
    layar.write(name, what ? layar.say(what.title) : say("Kejadian", "Incident"));
    layar.write(place, what ? placed(what) : say("rincian tidak lagi tersedia", "no longer in the picture"));
    const parts = what ? [layar.say(what.status), what.agency] : [];
    status.replaceChildren(...(what ? [element("b", "scene-priority", words.priority(what.priority))] : []),
      element("span", "", parts.filter(Boolean).join(" · ")));
  }

  function placed(what) {
    if (what.lon === null || what.lon === undefined) return what.kelurahan || say("lokasi belum diketahui", "place not known yet");
    const area = what.kelurahan || say("di luar kelurahan", "outside any kelurahan");
    return what.is_exact ? area : `${area} ${say("(sekitar)", "(about)")}`;
  }

  /* -- the clock: from the report to the first on the scene, against what the city wants -- */
  function second(node, said) {
    const [label, time, bar, target] = node.children[1].children;
    const { clock } = said;
    fit(node.children[2], false);
    node.children[1].dataset.mood = "";
    if (!clock) {
      layar.write(label, say("Waktu laporan", "Reported"));
      layar.write(time, "–");
      layar.write(target, say("waktu laporan tidak diketahui", "time of the report not known"));
      bar.hidden = true;
      return;
    }
    const spent = Math.max(0, (clock.reached_at ?? layar.time.now()) - clock.since);
    layar.write(label, clock.reached_at ? say("Tiba setelah", "Reached after") : say("Menunggu pertolongan", "Waiting for help"));
    layar.write(time, words.span(Math.floor(spent)));
    bar.hidden = !clock.target_s;
    bar.style.setProperty("--part", `${Math.min(100, (100 * spent) / (clock.target_s || 1)).toFixed(1)}%`);
    layar.write(target, against(clock, spent));
    node.children[1].dataset.mood = !clock.target_s ? "" : spent > clock.target_s ? "late" : clock.reached_at ? "good" : "";
  }

  function against({ target_s: wanted, reached_at: reached }, spent) {
    if (!wanted) return say("tanpa target", "no target");
    const left = wanted - spent;
    const target = `target ${words.age(wanted)}`;
    if (left < 0) return `${target} · ${say(`lewat ${words.age(-left)}`, `${words.age(-left)} over`)}`;
    return reached ? `${target} · ${say("tercapai", "met")}` : `${target} · ${say(`sisa ${words.age(left)}`, `${words.age(left)} left`)}`;
  }

  /* -- who comes, and who sees it -- */
  function tellWho(box, said) {
    const [label, list, nobody, seen] = box.children;
    const able = (said.reach || []).slice(0, MOST_ROWS);
    const isAnySent = able.some((one) => one.is_sent);
    layar.write(label, isAnySent ? say("Petugas menuju", "On the way") : say("Bisa datang", "Could come"));
    layar.keyed(list, able, (one) => one.unit, makeUnit, sayUnit);
    layar.write(nobody, able.length ? "" : layar.say(said.reach_none) || say("belum ada yang diketahui dapat datang", "nobody known who could come"));
    layar.write(seen, layar.say(said.eyes_words));
    seen.dataset.seen = String((said.eyes || []).length > 0);
  }

  function makeUnit() {
    const row = element("li", "scene-unit");
    row.append(element("i"), element("span"), element("em"), element("b"));
    return row;
  }

  function sayUnit(row, one) {
    row.dataset.kind = one.kind || "";
    row.dataset.sent = String(one.is_sent);
    layar.write(row.children[1], one.name);
    layar.write(row.children[2], one.is_sent ? say("dikirim", "sent") : say("bebas", "free"));
    const unit = say("mnt", "min");
    layar.write(row.children[3], one.latest_min <= 1 ? `< 1 ${unit}` : `${one.soonest_min}–${one.latest_min} ${unit}`);
  }

  /* -- how far it is -- */
  function makeStep() {
    const step = element("li", "scene-step");
    step.append(element("i"), element("span"), element("b"));
    return step;
  }

  function sayStep(step, { words: said, at }) {
    step.dataset.done = String(at !== null && at !== undefined);
    layar.write(step.children[1], layar.say(said));
    layar.write(step.children[2], at ? words.hour(at) : "–");
  }
})();
