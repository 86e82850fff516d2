/* Cameras found on the network (ONVIF): search or name one, say who asks, choose one of its streams, and the form is
   filled in; testing and saving are the same as for any other camera. */
(function () {
  "use strict";
  const layar = window.layar;
  const { desk } = layar;
  const { t } = desk;
  const SEARCH_S = 15;
  const ASK_S = 30;

  desk.onvif = {
    build() {
      desk.part("discover").addEventListener("click", () => desk.leave(open));
      desk.part("add").addEventListener("click", () => desk.leave(() => begin({})));
    },
  };

  function begin(said) {
    desk.book.begin({ ...desk.map.center(), ...said });
    desk.tabs.show("data");
    desk.part(said.url ? "field-name" : "field-url").focus();
  }

  function open() {
    const find = desk.button(t`Cari di jaringan`, "is-main", () => search(state), { id: "desk-onvif-find" });
    const ask = desk.button(t`Tanyai kamera ini`, "", () => question(state), { id: "desk-onvif-ask" });
    const box = desk.dialog("onvif", t`Cari kamera ONVIF`, []);
    const host = desk.fields.plain("desk-onvif-host", t`Alamat kamera`, { placeholder: "10.1.2.3" });
    const port = desk.fields.plain("desk-onvif-port", t`Port`, { value: "80", inputMode: "numeric" });
    const user = desk.fields.plain("desk-onvif-user", t`Nama pengguna`);
    const password = desk.fields.plain("desk-onvif-password", t`Sandi`, { type: "password", autocomplete: "new-password" });
    const state = { box, find, ask, host, port, user, password, found: layar.element("div", "desk-found"), profiles: layar.element("div", "desk-found") };
    const where = layar.element("div", "desk-fields");
    where.append(host.box, port.box);
    const who = layar.element("div", "desk-fields");
    who.append(user.box, password.box);
    for (const part of [state.found, state.profiles]) part.setAttribute("role", "status");
    const line = layar.element("div", "desk-line");
    line.append(find, layar.element("span", "desk-fieldhint", t`Paling lama 4 detik. Hanya kamera di jaringan yang diizinkan yang ditampilkan.`));
    box.body.append(line, state.found, layar.element("h3", "", t`Satu kamera`), where, who, ask, state.profiles);
  }

  const busy = async (button, words, work) => {
    const before = button.textContent;
    button.disabled = true;
    layar.write(button, words);
    const answer = await work();
    button.disabled = false;
    layar.write(button, before);
    return answer;
  };

  const said = (text, mood = "is-bad") => layar.element("p", mood, text);

  /* -- who is there -- */
  async function search(state) {
    const answer = await busy(state.find, t`Mencari …`, () => desk.ask("POST", "/api/v1/cameras/discover", { body: {}, timeoutS: SEARCH_S }));
    if (!answer.ok) return state.found.replaceChildren(said(answer.words));
    const found = answer.body.cameras || [];
    if (answer.body.sentence) return state.found.replaceChildren(said(desk.sentence(layar.say(answer.body.sentence))));
    if (!found.length) return state.found.replaceChildren(said(t`Tidak ada kamera ONVIF yang menjawab. Tulis alamatnya di bawah.`, "is-warn"));
    const list = layar.element("ul", "desk-foundlist");
    list.append(...found.map((device) => deviceRow(state, device)));
    return state.found.replaceChildren(list);
  }

  function deviceRow(state, device) {
    const item = layar.element("li");
    const name = [device.name, device.hardware].filter(Boolean).join(" · ") || t`Kamera ONVIF`;
    const choose = desk.button(`${name} · ${device.host}:${device.port}`, "", () => {
      state.host.input.value = device.host;
      state.port.input.value = String(device.port);
      Object.assign(state, { name: device.name, path: device.path, of: device.host });
      state.user.input.focus();
    });
    item.append(choose);
    if (device.listed) item.append(layar.element("span", "desk-fieldhint", t`sudah ada di daftar: ${device.listed}`));
    return item;
  }

  /* -- what it offers -- */
  async function question(state) {
    const { host, port, user, password } = state;
    for (const field of [host, port, user, password]) field.wrong("");
    const number = Number(port.input.value);
    if (!host.input.value.trim()) return host.wrong(t`Belum diisi.`);
    if (!Number.isInteger(number) || number < 1 || number > 65535) return port.wrong(t`Angka 1 sampai 65535.`);
    const body = { host: host.input.value.trim(), port: number, user: user.input.value, password: password.input.value };
    if (state.path && state.of === body.host) body.path = state.path;
    const answer = await busy(state.ask, t`Bertanya …`, () => desk.ask("POST", "/api/v1/cameras/onvif", { body, timeoutS: ASK_S }));
    if (answer.ok && answer.body.ok) return offer(state, body, answer.body);
    if (answer.ok) return state.profiles.replaceChildren(said(desk.sentence(layar.say(answer.body.sentence))));
    const field = { host, port, user, password }[answer.field];
    state.profiles.replaceChildren(...(field ? [] : [said(answer.words)]));
    return field && field.wrong(answer.words);
  }

  function offer(state, asked, answer) {
    const profiles = (answer.profiles || []).filter((profile) => profile.url);
    if (!profiles.length) return state.profiles.replaceChildren(said(t`Kamera ini tidak menawarkan aliran video.`, "is-warn"));
    const best = (answer.proposal || {}).token;
    const list = layar.element("ul", "desk-foundlist");
    for (const profile of profiles) list.append(profileRow(state, asked, answer, profile, profile.token === best));
    state.profiles.replaceChildren(layar.element("p", "", t`Pilih satu aliran. Yang kecil cukup untuk layar dinding dan paling ringan.`), list);
    return list.querySelector("button").focus();
  }

  function profileRow(state, asked, answer, profile, isBest) {
    const item = layar.element("li", isBest ? "is-best" : "");
    const size = profile.width ? `${profile.width} × ${profile.height}` : null;
    const words = [profile.name, profile.codec, size, profile.fps ? t`${profile.fps} gambar/dtk` : null].filter(Boolean).join(" · ");
    const take = desk.button(t`Pakai ${words}`, isBest ? "is-main" : "", () => use(state, asked, answer, profile));
    item.append(take);
    if (isBest) item.append(layar.element("span", "desk-fieldhint", t`disarankan`));
    return item;
  }

  function use(state, asked, answer, profile) {
    state.box.close();
    begin({
      name: (state.of === asked.host && state.name) || [answer.maker, answer.model].filter(Boolean).join(" "),
      url: profile.url,
      snapshot_address: profile.snapshot_url,
      user: asked.user,
      password: asked.password,
    });
  }
})();
