/* Live video on the tiles of the camera wall: `?live=1`, or the key L. At most nine at a time, never over a thin link, and
   none is left running that nobody sees. A camera that has none keeps its stills, and its chip says why. */
(function () {
  "use strict";
  const layar = window.layar;
  const MOST_TILES = 9; // as dashboard/live_video.py
  const ASK_AGAIN_S = 300; // what was refused: places get free, masks go, rights come
  const STILL_EVERY_S = 1;
  const SHOWN = ["playing", "late"];
  const held = new Map(); // tile → {element, since}
  const told = { isOn: new URLSearchParams(window.location.search).get("live") === "1", grid: 0 };
  const wallLive = (layar.cameraWallLive = { mostTiles: MOST_TILES, isOn: () => told.isOn });

  // Whether it is live from now on; what stands on the wall changes with the wall's next step.
  wallLive.toggle = () => (told.isOn = !told.isOn);

  // How often a tile wants a still: its chip promises fast ones where there is no video.
  wallLive.stillEveryS = (tile) => (held.has(tile) && !isMoving(held.get(tile)) ? STILL_EVERY_S : undefined);

  const isMoving = ({ element }) => SHOWN.includes(element.dataset.live);

  // Why there is none on any tile; empty where there may be.
  function obstacle() {
    if (layar.cameraPictures.isThin()) return layar.say("tautan hemat", "thin link");
    return told.grid > MOST_TILES ? layar.say(`lebih dari ${MOST_TILES} petak`, `more than ${MOST_TILES} tiles`) : "";
  }

  // The one that was opened large is live there, and counts.
  function wanted() {
    if (!told.isOn || obstacle()) return [];
    const large = layar.cameraLarge.key();
    const room = large === null ? MOST_TILES : MOST_TILES - 1;
    return Array.from(layar.slot("cams-tiles").children).filter((tile) => tile.dataset.camera !== large).slice(0, room);
  }

  function start(tile) {
    const element = layar.element("div", "camera-video");
    tile.insertBefore(element, tile.querySelector(".camera-none"));
    held.set(tile, { element, since: layar.time.monotonic() });
    layar.liveVideo.show(element, tile.dataset.camera);
  }

  function stop(tile) {
    const { element } = held.get(tile);
    held.delete(tile);
    layar.liveVideo.stop(element);
    element.remove();
  }

  const isStale = ({ element, since }) => element.dataset.live === "refused" && layar.time.monotonic() - since > ASK_AGAIN_S;

  function renew() {
    if (!layar.slot("cams-tiles")) return;
    const tiles = new Set(wanted());
    for (const [tile, one] of Array.from(held)) if (!tiles.has(tile) || isStale(one)) stop(tile);
    for (const tile of tiles) if (!held.has(tile)) start(tile);
    say();
  }

  function say() {
    const line = layar.slot("cams-live");
    line.hidden = !told.isOn;
    const why = obstacle();
    const playing = Array.from(held.values()).filter(isMoving).length;
    line.dataset.on = String(playing > 0);
    layar.write(line, why ? `${layar.say("LANGSUNG MATI", "LIVE OFF")} · ${why}`
      : `${layar.say("LANGSUNG", "LIVE")} · ${playing} ${layar.say("dari", "of")} ${layar.slot("cams-tiles").children.length}`);
  }

  layar.on("camera-wall", ({ grid }) => {
    told.grid = grid;
    layar.guard("live wall", renew);
  });
  for (const name of ["camera-line", "camera-large"]) layar.on(name, () => layar.guard("live wall", renew));
})();
