/* The desk's top, its rooms, and the list of the room that is looked at. */
(function () {
  "use strict";
  const layar = window.layar;
  const { ops } = layar;
  const NOW = { name: ops.FRONT, title: { id: "Sekarang", en: "Now" } };
  const HOUSE = { id: "Sistem", en: "System" };
  const LAST_KEY = 9;
  const DAY_S = 86400;
  const held = { navOf: "", groupsOf: "", newOf: "" };

  layar.on("ops-room", () => layar.guard("ops room", room));
  layar.on("ops-said", () => layar.guard("ops list", show));
  layar.on("ops-chosen", () => layar.guard("ops list", mark));
  layar.on("second", (now) => ops.isHere() && layar.guard("ops clock", () => second(now)));
  layar.onLang(() => ops.isHere() && layar.guard("ops list", () => {
    Object.assign(held, { navOf: "", groupsOf: "", newOf: "" });
    ops.part("groups").replaceChildren(); // its search says what it is for
    show();
  }));

  function room() {
    Object.assign(held, { groupsOf: "", newOf: "" });
    ops.part("now").hidden = !ops.isFront();
    for (const name of ["list", "side"]) ops.part(name).hidden = ops.isFront();
    for (const name of ["rows", "groups", "new", "head", "seek", "more"]) ops.part(name).replaceChildren();
    ops.part("empty").hidden = true;
    layar.slot("ops").dataset.room = ops.room();
  }

  function second(now) {
    layar.write(ops.part("clock"), `${layar.words.hour(now)} ${layar.time.label}`);
    for (const node of layar.slot("ops").querySelectorAll("[data-at]")) layar.write(node, layar.words.since(Number(node.dataset.at)));
  }

  function show() {
    const said = ops.said();
    if (!said) return;
    const isReal = said.mode === "live";
    layar.slot("ops").dataset.mode = said.mode;
    ops.part("mode").hidden = isReal;
    layar.write(ops.part("mode"), isReal ? "" : layar.modeWords(said.mode).join(": "));
    layar.write(ops.part("who"), said.who);
    nav(said);
    if (ops.isFront()) return;
    head(said.head);
    making(said.deeds);
    groups(said);
    rows(said);
  }

  // Rooms of the city first, then those of the system itself, then pages beside the desk.
  function nav({ rooms, links }) {
    const of = JSON.stringify([rooms, links, ops.room(), layar.lang()]);
    if (of === held.navOf) return;
    held.navOf = of;
    const placed = [NOW, ...rooms].map((room, place) => ({ ...room, place }));
    const house = [...placed.filter(({ is_house: isHouse }) => isHouse).map(entrance), ...links.map(beside)];
    const heading = house.length ? [layar.element("h2", "ops-shelf", layar.say(HOUSE))] : [];
    ops.part("nav").replaceChildren(...placed.filter(({ is_house: isHouse }) => !isHouse).map(entrance), ...heading, ...house, keysHint());
    const here = ops.part("nav").querySelector('[aria-current="page"]');
    if (here) here.scrollIntoView({ block: "nearest" });
  }

  function entrance({ name, title, place }) {
    const link = ops.make("a", "ops-room", undefined, { href: name === ops.FRONT ? "/operate" : `/operate/${name}` });
    link.append(layar.element("kbd", "", place <= LAST_KEY ? String(place) : ""), layar.element("span", "", layar.say(title)));
    link.setAttribute("aria-current", name === ops.room() ? "page" : "false");
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      ops.leave(() => ops.enter(name));
    });
    return link;
  }

  // For hands that never leave the keyboard; a telephone has none.
  function keysHint() {
    const hint = layar.element("div", "ops-keys");
    hint.append(layar.element("kbd", "", "?"), layar.element("span", "", layar.say("semua tombol", "all keys")));
    return hint;
  }

  function beside({ href, title }) {
    const link = ops.make("a", "ops-room", undefined, { href });
    link.append(layar.element("kbd", "", "↗"), layar.element("span", "", layar.say(title)));
    return link;
  }

  ops.enterPlace = function (place) {
    const names = [ops.FRONT, ...((ops.said() || {}).rooms || []).map(({ name }) => name)];
    if (names[place]) ops.leave(() => ops.enter(names[place]));
  };

  ops.value = function (value) {
    if (value && typeof value === "object" && "at" in value) {
      const age = layar.time.now() - value.at;
      const at = Math.abs(age) < DAY_S ? layar.words.hour(value.at) : `${layar.words.date(value.at)} ${layar.words.hour(value.at)}`;
      return age < 0 ? at : `${at} (${layar.words.ago(age)})`;
    }
    return layar.say(value);
  };

  // An address to go to, or a file to take away, is a link; what a machine wrote keeps its lines.
  ops.valued = function (tag, value) {
    const node = layar.element(tag, "", value && value.href ? undefined : ops.value(value && value.source !== undefined ? value.source : value));
    if (value && value.source !== undefined) node.className = "ops-source";
    if (value && value.href) node.append(linked(value));
    return node;
  };

  function linked({ href, words }) {
    const link = ops.make("a", "ops-link", layar.say(words), { href });
    if (href.startsWith("/operate/")) link.addEventListener("click", (event) => {
      event.preventDefault();
      ops.leave(() => ops.enter(href.split("/")[2]));
    });
    return link;
  }

  function head(lines) {
    ops.part("head").hidden = !lines.length;
    ops.part("head").replaceChildren(...lines.map(({ label, value }) => {
      const box = layar.element("div", "ops-figure");
      box.append(ops.valued("b", value), layar.element("span", "", layar.say(label)));
      return box;
    }));
  }

  function making(deeds) {
    const fresh = deeds.filter((deed) => deed.is_new);
    const of = JSON.stringify(fresh.map(({ name }) => name));
    if (of === held.newOf) return;
    held.newOf = of;
    ops.part("new").replaceChildren(...fresh.map((deed) => ops.button(ops.named(deed), "is-main", () => ops.form.open(deed.name))));
  }

  // "Verifikasi (V)"
  ops.named = ({ words, key }) => (key ? `${layar.say(words)} (${key.toUpperCase()})` : layar.say(words));

  // What the server seeks in needs no second search.
  function groups({ groups: known, rows: all, seek }) {
    ops.part("groups").hidden = seek.length > 0 && !known.length;
    const chosen = ops.group() || (known.length ? known[0].key : null);
    const of = JSON.stringify([known.map(({ key }) => [key, all.filter((row) => row.group === key).length]), chosen]);
    if (of === held.groupsOf) return;
    held.groupsOf = of;
    const buttons = known.map(({ key, words }) => {
      const button = ops.button(words, "ops-group", () => ops.look({ group: key }));
      button.append(layar.element("b", "", String(all.filter((row) => row.group === key).length)));
      button.setAttribute("aria-pressed", String(key === chosen));
      return button;
    });
    const box = ops.part("groups");
    const search = box.querySelector("input") || searching();
    box.replaceChildren(search, ...buttons);
  }

  function searching() {
    const words = layar.say("Cari di daftar ini", "Search this list");
    const input = ops.make("input", "ops-input", undefined, { type: "search", placeholder: words, autocomplete: "off" });
    input.setAttribute("aria-label", words);
    input.addEventListener("input", () => ops.look({ search: input.value }));
    return input;
  }

  function rows(said) {
    const found = ops.rows();
    layar.keyed(ops.part("rows"), found, ({ key }) => key, make, update);
    ops.part("empty").hidden = found.length > 0;
    layar.write(ops.part("empty"), said.rows.length ? layar.say("Tidak ada yang cocok.", "Nothing fits.") : layar.say(said.empty));
    mark();
  }

  function make({ key }) {
    const item = layar.element("li", "ops-row");
    const button = ops.make("button", "ops-pick", undefined, { type: "button" });
    const top = layar.element("span", "ops-line");
    top.append(layar.element("b", "ops-title"), layar.element("span", "ops-age"));
    const under = layar.element("span", "ops-line");
    under.append(layar.element("span", "ops-sub"), layar.element("span", "ops-state"));
    button.append(top, under, layar.element("span", "ops-badges"));
    button.addEventListener("click", () => ops.leave(() => ops.choose(key)));
    item.append(button);
    return item;
  }

  function update(item, row) {
    const [top, under, badges] = item.firstElementChild.children;
    item.dataset.mood = row.mood;
    item.dataset.mode = row.mode;
    layar.write(top.firstElementChild, layar.say(row.title));
    const age = top.lastElementChild;
    if (row.at === null) age.removeAttribute("data-at");
    else age.dataset.at = row.at;
    layar.write(age, row.at === null ? "" : layar.words.since(row.at));
    layar.write(under.firstElementChild, layar.say(row.sub));
    const state = ops.badge(row.mood, row.state);
    if (under.lastElementChild.textContent !== state.textContent || under.lastElementChild.dataset.mood !== row.mood) under.lastElementChild.replaceWith(state);
    const of = JSON.stringify([row.badges, row.mode, layar.lang()]);
    if (badges.dataset.of === of) return;
    badges.dataset.of = of;
    const mark = row.mode === "drill" ? [ops.drillMark()] : [];
    badges.replaceChildren(...mark, ...row.badges.map((one) => layar.element("span", "ops-badge", layar.say(one))));
  }

  function mark() {
    const chosen = ops.chosen();
    for (const item of ops.part("rows").children) {
      const isChosen = chosen !== null && item.dataset.key === chosen.key;
      item.firstElementChild.setAttribute("aria-current", String(isChosen));
      if (isChosen && !item.classList.contains("is-chosen")) item.scrollIntoView({ block: "nearest" });
      item.classList.toggle("is-chosen", isChosen);
    }
  }

  /* -- by the keys -- */
  ops.step = function (by) {
    const found = ops.rows();
    if (!found.length) return;
    const place = found.findIndex(({ key }) => ops.chosen() && key === ops.chosen().key);
    const next = found[Math.max(0, Math.min(found.length - 1, place + by))];
    ops.leave(() => ops.choose(next.key));
  };
})();
