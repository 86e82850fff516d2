/* One camera opened large by a click on its tile, wherever it stands: live video where there is some for this viewer, else
   its newest still. Esc or a click closes it; a wall that nobody touches closes it by itself. */
(function () {
  "use strict";
  const layar = window.layar;
  const USER = "large";
  const CLOSES_S = 60;
  const STILL_EVERY_S = 1;
  const STILL_BESIDE_VIDEO_S = 10;
  const held = { key: null, box: null, tile: null, video: null, until: 0, opener: null };
  const large = (layar.cameraLarge = { key: () => held.key });

  const camera = () => (layar.picture.panels().cameras || []).find(({ key }) => key === held.key) || null;

  large.open = function (key) {
    large.close();
    held.key = key;
    held.opener = document.activeElement;
    if (!camera()) {
      held.key = null;
      return;
    }
    build();
    layar.emit("camera-large", key); // before it asks for a video of its own: there are only so many
    const { liveVideo } = layar;
    const isThin = layar.cameraPictures.isThin(); // a video would take all of it
    if (liveVideo && !isThin) layar.guard("live video", () => liveVideo.show(held.video, key));
    held.until = layar.time.monotonic() + CLOSES_S;
    refresh();
  };

  large.close = function () {
    if (held.key === null) return;
    const { liveVideo } = layar;
    if (liveVideo) layar.guard("live video", () => liveVideo.stop(held.video));
    held.box.remove();
    Object.assign(held, { key: null, box: null, tile: null, video: null });
    layar.cameraPictures.want(USER, []);
    layar.emit("camera-large", null);
    if (held.opener && held.opener.focus) held.opener.focus({ preventScroll: true });
  };

  function build() {
    const { element } = layar;
    held.box = element("div", "camera-large");
    held.box.setAttribute("role", "dialog");
    held.box.setAttribute("aria-modal", "true");
    held.tile = layar.cameraTile.make(camera());
    held.tile.removeAttribute("role");
    held.video = element("div", "camera-video");
    held.tile.insertBefore(held.video, held.tile.querySelector(".camera-none"));
    const way = element("p", "camera-large-way");
    way.append(element("span"));
    if (!layar.slot("cams")) way.append(" · ", allCameras());
    held.box.append(held.tile, way);
    held.box.addEventListener("click", large.close);
    document.body.append(held.box);
    held.tile.focus({ preventScroll: true });
    if (layar.cameraCard) layar.cameraCard.show(held.tile, held.key);
  }

  function allCameras() {
    const link = layar.said("a", "", { id: "semua kamera", en: "all cameras" });
    link.href = "/camera-wall";
    return link;
  }

  function wantStill() {
    const width = held.tile.clientWidth * (window.devicePixelRatio || 1);
    const isThin = layar.cameraPictures.isThin();
    const size = isThin ? "medium" : layar.cameraGrid.size(width, false);
    const everyS = held.video.dataset.live === "playing" ? STILL_BESIDE_VIDEO_S : STILL_EVERY_S;
    layar.cameraPictures.want(USER, [{ key: held.key, size, everyS, weight: 4 }]);
  }

  function refresh() {
    if (held.key === null) return;
    const told = camera();
    const left = held.until - layar.time.monotonic();
    if (!told || left <= 0) {
      large.close();
      return;
    }
    wantStill();
    layar.cameraPictures.tell(USER, held.key, { health: told.health, lastPictureAt: told.last_picture_at });
    const entry = layar.cameraPictures.get(USER, held.key);
    layar.cameraTile.say(held.tile, told);
    if (entry) layar.cameraTile.show(held.tile, entry);
    const extraS = layar.cameraPictures.isThin() ? layar.cameraPictures.roundS() : 0;
    layar.cameraTile.age(held.tile, told, entry, layar.time.now(), extraS);
    layar.write(held.box.lastElementChild.firstElementChild, layar.say(`Esc menutup · tutup sendiri dalam ${layar.words.age(left + 0.99)}`, `Esc closes · closes by itself in ${layar.words.age(left + 0.99)}`));
  }

  layar.on("second", () => layar.guard("large camera", refresh));
  layar.on("picture", () => layar.guard("large camera", refresh));
  layar.on("camera-picture", (entry) => {
    if (entry.user === USER && entry.key === held.key) layar.guard("large camera", refresh);
  });

  const tileOf = (event) => (event.target.closest ? event.target.closest(".camera[data-camera]") : null);

  document.addEventListener("click", (event) => {
    const tile = tileOf(event);
    if (tile && !event.target.closest(".camera-large")) large.open(tile.dataset.camera);
  });
  // Before the keys of the page below: what is open has them first.
  document.addEventListener("keydown", (event) => {
    if (held.key !== null && event.key === "Escape") {
      event.stopImmediatePropagation();
      large.close();
    } else if (held.key === null && event.key === "Enter" && tileOf(event)) large.open(tileOf(event).dataset.camera);
  });
})();
