/* Starts the camera desk once its page stands, and tells tests how it is. Every other page is left alone. */
(function () {
  "use strict";
  const layar = window.layar;
  const { desk } = layar;
  const LEAST_SCALE = 0.85;

  desk.state = () => ({
    isTold: desk.book.isTold(),
    cameras: desk.book.cameras().length,
    chosen: (desk.book.chosen() || {}).id || null,
    draft: desk.book.draft(),
    changes: desk.book.changes(),
    tab: desk.tabs.now(),
    hasMap: layar.map.get() !== null,
  });

  // The address of the page says which camera is open: it can be sent to a colleague.
  let isFirst = true;
  layar.on("desk-cameras", () => {
    if (!isFirst) return;
    isFirst = false;
    const wanted = new URLSearchParams(window.location.search).get("camera");
    if (wanted && desk.book.get(wanted)) desk.book.choose(wanted);
  });
  layar.on("desk-chosen", (camera) => {
    if (isFirst) return;
    const address = camera ? `?camera=${encodeURIComponent(camera.id)}` : window.location.pathname;
    window.history.replaceState(null, "", address);
  });

  // LATIHAN or SIMULASI, on this screen as on every other.
  layar.on("desk-cameras", () => layar.guard("desk mode", () => {
    const mode = desk.book.mode();
    const box = document.getElementById("desk-mode");
    if (!box) return;
    box.hidden = mode === "live";
    box.dataset.mode = mode;
    layar.write(box, box.hidden ? "" : layar.modeWords(mode).join(": "));
  }));

  // Forms and sheets are built once: another language means the page anew, and never at the price of what was typed.
  layar.onLang((lang) => {
    if (!desk.isHere) return;
    if (desk.book.isDirty()) {
      desk.tell(desk.t`Bahasa berganti setelah perubahan disimpan atau dibatalkan.`);
      return;
    }
    const address = new URL(window.location.href);
    if (address.searchParams.has("lang")) address.searchParams.set("lang", lang);
    if (address.href === window.location.href) window.location.reload();
    else window.location.replace(address);
  });

  layar.whenBuilt("desk", () => {
    const page = document.getElementById("desk");
    desk.words = JSON.parse(page.dataset.words);
    layar.time.zone = page.dataset.zone;
    desk.isHere = true;
    desk.list.build();
    desk.view.build();
    desk.cone.build();
    desk.masks.build();
    desk.saving.build();
    desk.bring.build();
    desk.onvif.build();
    desk.tabs.build();
    desk.tabs.show("state");
    layar.time.start();
    layar.map.start({ box: "desk-map", news: "desk-map", least: LEAST_SCALE });
    desk.book.choose(null);
    desk.book.start();
  });
})();
