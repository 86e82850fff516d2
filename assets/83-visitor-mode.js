/* The key D: this screen becomes a visitor's, at once and on the server (dashboard/visits.py); the page throws away what it
   knew and begins anew as one that never knew it. Back leads only the name and password of somebody on duty. */
(function () {
  "use strict";
  const layar = window.layar;
  const { say } = layar;
  const PATH = "/api/v1/visit";
  const ASK_S = 5;
  const FORM_S = 45; // nobody may come back to a form that was opened
  const KEPT = ["layar-lang", "layar-theme"];
  const PAGES = ["wall", "cams"];
  const KEYLESS = {
    id: "Layar tanpa kunci: mode tamu perlu token layar, atau [access] guests_without_key",
    en: "A screen without a key: guest mode needs a wall token, or [access] guests_without_key",
  };
  const state = { isOn: false, wasForVisitors: null, timer: null, formTimer: null, isLeaving: false };
  layar.visit = {
    isOn: () => state.isOn,
    // Whether another audience means that this page must be thrown away.
    isGuarded: () => PAGES.some((id) => layar.slot(id)),
    title: () => (layar.visit.isOn() ? say("MODE TAMU", "GUEST MODE") : say("TAMPILAN PENGUNJUNG", "VISITORS' VIEW")),
  };

  for (const id of PAGES) layar.whenBuilt(id, begin);

  function begin() {
    layar.key("d", (event) => {
      event.preventDefault();
      if (state.isOn) form();
      else enter();
    }, { id: "mode tamu", en: "guest mode" }, layar.slot("wall") ? "wall" : "cams");
  }

  async function look() {
    clearTimeout(state.timer);
    const said = await sent("GET", PATH);
    if (said.ok) state.isOn = said.body.is_on;
    else state.timer = setTimeout(look, ASK_S * 1000);
    show();
  }

  async function sent(method, path, body) {
    try {
      const headers = body ? { "Content-Type": "application/json" } : {};
      const response = await fetch(path, { method, headers, body: body && JSON.stringify(body), cache: "no-store", redirect: "manual" });
      return { ok: response.ok, status: response.status, body: response.ok ? await response.json() : null };
    } catch (error) {
      return { ok: false, status: 0, body: null };
    }
  }

  async function enter() {
    const said = await sent("POST", PATH);
    if (said.ok) await leave();
    else if (said.status === 403 && !layar.picture.isForVisitors()) toast(say(KEYLESS));
    else if (said.status) toast(say("Layar ini tidak dapat menjadi mode tamu", "This screen cannot become a guests' one"));
    else toast(say("Mode tamu tidak dapat dimulai: server tidak menjawab", "Guest mode could not begin: the server does not answer"));
  }

  /* Everything this page was told is gone with it: its document, what the browser stored and cached. The entry of the
     history is replaced, so that no key leads back to it. */
  async function leave() {
    if (state.isLeaving) return;
    state.isLeaving = true;
    document.documentElement.style.visibility = "hidden";
    layar.guard("forget", forget);
    await uncache().catch(() => undefined);
    window.location.replace(window.location.href);
  }

  function forget() {
    const kept = KEPT.map((name) => [name, layar.recall(name)]);
    localStorage.clear();
    sessionStorage.clear();
    for (const [name, value] of kept) if (value !== null) layar.keep(name, value);
  }

  async function uncache() {
    if (!window.caches) return;
    for (const name of await window.caches.keys()) await window.caches.delete(name);
  }

  /* A screen beside this one may have begun or ended the visit of the whole wall: what is told then is another picture. */
  layar.on("picture", ({ changed }) => {
    if (!changed.has("panels") || !layar.visit.isGuarded()) return;
    const isForVisitors = layar.picture.isForVisitors();
    const before = state.wasForVisitors;
    state.wasForVisitors = isForVisitors;
    if (before !== null && before !== isForVisitors) leave();
    else if (before === null && isForVisitors) look(); // for good, or for now
  });

  // A browser may bring back a page as it was when it was left.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && PAGES.some((id) => layar.slot(id))) leave();
  });

  /* -- what it says -- */
  // The banner of the wall and the bar of the camera wall say it in words; here is the frame around all.
  function show() {
    document.documentElement.dataset.visit = state.isOn ? "on" : "off";
    layar.picture.again();
  }

  function toast(words) {
    const old = document.querySelector(".visit-toast");
    if (old) old.remove();
    const node = layar.element("div", "visit-toast", words);
    document.body.append(node);
    setTimeout(() => node.remove(), ASK_S * 1000);
  }

  /* -- the way back -- */
  Object.assign(layar.visit, { form, close: () => close(document.querySelector("dialog.visit")), refuse });
  function form() {
    if (document.querySelector("dialog.visit")) return;
    const box = layar.element("dialog", "visit panel");
    const sheet = layar.element("form", "visit-form");
    sheet.append(
      layar.said("h2", "", { id: "Keluar dari mode tamu", en: "Leave guest mode" }),
      layar.said("p", "", { id: "Operator, supervisor, atau admin. Hanya token? Kosongkan nama.", en: "Operator, supervisor or admin. Only a token? Leave the name empty." }),
      field("name", "text", { id: "Nama", en: "Name" }, "off"),
      field("secret", "password", { id: "Kata sandi atau token", en: "Password or token" }, "off"),
      layar.element("p", "visit-wrong", ""), buttons(() => close(box)));
    sheet.addEventListener("submit", (event) => {
      event.preventDefault();
      layar.guard("visit", () => send(sheet));
    });
    box.append(sheet);
    box.addEventListener("close", () => box.remove());
    box.addEventListener("input", () => wait(box));
    document.body.append(box);
    box.showModal();
    wait(box);
  }

  function wait(box) {
    clearTimeout(state.formTimer);
    state.formTimer = setTimeout(() => close(box), FORM_S * 1000);
  }

  function close(box) {
    if (box.open) box.close();
    box.remove();
  }

  function field(name, type, words, autocomplete) {
    const label = layar.element("label");
    const input = layar.element("input");
    Object.assign(input, { name, type, autocomplete, maxLength: 256, autofocus: name === "name", spellcheck: false });
    label.append(layar.said("span", "", words), input);
    return label;
  }

  function buttons(onCancel) {
    const row = layar.element("div", "visit-buttons");
    const [cancel, go] = [layar.element("button"), layar.element("button", "visit-go")];
    cancel.type = "button";
    cancel.append(layar.said("span", "", { id: "Batal", en: "Cancel" }));
    cancel.addEventListener("click", onCancel);
    go.append(layar.said("span", "", { id: "Kembali ke layar ruangan", en: "Back to the room's screen" }));
    row.append(cancel, go);
    return row;
  }

  async function send(sheet) {
    const said = await sent("POST", `${PATH}/end`, { name: sheet.elements.name.value, secret: sheet.elements.secret.value });
    if (said.ok) {
      await leave();
      return;
    }
    refuse(sheet, said.status);
  }

  function refuse(sheet, status) {
    sheet.elements.secret.value = "";
    layar.write(sheet.querySelector(".visit-wrong"), refusal(status));
  }

  function refusal(status) {
    if (status === 429) return say("Terlalu banyak percobaan. Tunggu beberapa menit.", "Too many tries. Wait some minutes.");
    if (status === 403) return say("Nama atau kata sandi tidak benar, atau perannya tidak boleh.", "The name or password is not right, or the role may not.");
    return say("Server tidak menjawab.", "The server does not answer.");
  }
})();
