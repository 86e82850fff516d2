/* The desk's dialogs: one shape for all, closed by Esc, never closed by a stray click, focus given back by the browser. */
(function () {
  "use strict";
  const layar = window.layar;
  const { desk } = layar;
  const { t } = desk;

  // {node, body, close}; `actions` stand at the bottom, the way out always last.
  desk.dialog = function (name, title, actions = [], wayOut = t`Tutup`) {
    const node = desk.make("dialog", "desk-dialog panel", undefined, { id: `desk-dialog-${name}` });
    const head = desk.make("h2", "", title, { id: `desk-dialog-${name}-title` });
    node.setAttribute("aria-labelledby", head.id);
    const body = layar.element("div", "desk-dialogbody");
    const foot = layar.element("div", "desk-dialogfoot");
    const close = () => node.close();
    foot.append(...actions, desk.button(wayOut, "is-quiet", close));
    node.append(head, body, foot);
    node.addEventListener("close", () => node.remove());
    document.body.append(node);
    node.showModal();
    return { node, body, close };
  };

  // Asks, and does it only on a plain yes.
  desk.confirm = function (name, title, sentence, yes, then, look = "is-danger") {
    const agree = desk.button(yes, look, async () => {
      agree.disabled = true;
      const trouble = await then();
      if (!trouble) return box.close();
      agree.disabled = false;
      layar.write(wrong, trouble);
      wrong.hidden = false;
      return undefined;
    });
    const box = desk.dialog(name, title, [agree], t`Batal`);
    const wrong = desk.make("div", "desk-wrong", "", { hidden: true });
    box.body.append(layar.element("p", "", sentence), wrong);
    return box;
  };

  // Goes on at once when nothing would be lost; else asks first.
  desk.leave = function (then) {
    if (!desk.book.isDirty()) return then();
    const { name } = desk.book.draft();
    return desk.confirm(
      "leave", t`Perubahan belum disimpan`, t`Perubahan pada ${name || t`kamera baru`} belum disimpan. Buang perubahan itu?`,
      t`Buang perubahan`, () => { then(); },
    );
  };
})();
