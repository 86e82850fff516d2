/* The strip of street cameras on the wall, the one that best shows the gravest incident first, or the one that somebody has
   chosen (32-camera-near.js), each with the reason. */
(function () {
  "use strict";
  const layar = window.layar;
  const TILES = 6;
  const USER = "strip";

  layar.on("picture", ({ changed }) => {
    if (changed.has("panels")) layar.guard("cameras", strip);
  });
  layar.on("drawn", (names) => {
    if (names.has("incidents")) layar.guard("cameras", strip);
  });
  layar.on("laid", () => layar.guard("cameras", strip));
  layar.on("incident-chosen", () => layar.guard("cameras", strip));
  layar.on("second", () => layar.guard("cameras", ages));
  layar.on("camera-picture", (entry) => {
    if (entry.user === USER) layar.guard("cameras", () => renew(entry));
  });

  const box = () => layar.slot("wall-cameras");
  const listed = () => (layar.near.cameras() || layar.scene.cameras() || layar.picture.panels().cameras || []).slice(0, layar.canvas.tiles() || TILES);

  function strip() {
    if (!box()) return;
    const cameras = listed();
    layar.cameraPictures.want(USER, cameras.map(({ key }) => ({ key, size: "medium" })));
    layar.keyed(box(), cameras, (camera) => camera.key, layar.cameraTile.make, layar.cameraTile.say);
    for (const camera of cameras) {
      layar.cameraPictures.tell(USER, camera.key, { health: camera.health, lastPictureAt: camera.last_picture_at });
    }
    box().dataset.count = String(cameras.length);
    note();
    ages();
  }

  function renew(entry) {
    const tile = Array.from(box().children).find((node) => node.dataset.key === entry.key);
    if (!tile) return;
    layar.cameraTile.show(tile, entry);
    ages();
  }

  // What the strip is about, and whether anybody sees it.
  function note() {
    const line = layar.slot("wall-camera-note");
    const { eyes } = layar.picture.panels();
    const chosen = layar.near.note();
    if (!line) return;
    line.hidden = !eyes && !chosen;
    line.dataset.chosen = String(Boolean(chosen));
    if (chosen) {
      layar.write(line, `${chosen.text} · ${layar.say("Esc kembali", "Esc: back")}`);
      line.dataset.seen = String(chosen.seen);
      return;
    }
    if (!eyes) return;
    const incident = layar.picture.layer("incidents").get(eyes.near);
    const what = incident ? layar.told(incident[0].properties, "title") : layar.say("Kejadian terburuk", "Worst incident");
    layar.write(line, `${what}: ${layar.told(eyes)}`);
    line.dataset.seen = String(eyes.seen_by > 0);
  }

  function ages() {
    if (!box()) return;
    const now = layar.time.now();
    const told = new Map(listed().map((camera) => [camera.key, camera]));
    for (const tile of box().children) {
      const camera = told.get(tile.dataset.key);
      if (camera) layar.cameraTile.age(tile, camera, layar.cameraPictures.get(USER, camera.key), now);
    }
  }

  function state(tile) {
    const entry = layar.cameraPictures.get(USER, tile.dataset.key);
    return { state: tile.dataset.state, at: entry ? entry.at : null };
  }

  layar.cameras = {
    state: () => Object.fromEntries(Array.from(box() ? box().children : [], (tile) => [tile.dataset.key, state(tile)])),
  };
})();
