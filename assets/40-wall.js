/* Starts the wall once its page stands, and tells tests and the curious how it is. */
(function () {
  "use strict";
  const { canvas } = window.layar;
  const layar = window.layar;
  let isMapBegun = false;

  layar.state = function () {
    const names = layar.picture.layers();
    return {
      cursor: layar.picture.cursor(),
      wall: canvas.wall(),
      screen: canvas.screen(),
      connection: layar.live.connection(),
      way: layar.live.way(),
      messages: layar.live.messages(),
      mode: layar.picture.mode(),
      things: Object.fromEntries(names.map((name) => [name, layar.picture.layer(name).size])),
      applied: layar.sources.applied(),
      hasMap: layar.map.get() !== null,
      isMapBroken: layar.map.isBroken(),
      scale: layar.map.scale(),
      view: { reason: layar.view.reason(), moves: layar.view.moves(), lockedFor: layar.view.lockedFor() },
      units: { drawn: layar.glide.count(), frames: layar.glide.frames() },
      markers: layar.markers.count(),
      cameras: layar.cameras.state(),
    };
  };

  // A screen of cameras has a page of its own, which is told which screen of which wall it is.
  function toTheCameras() {
    const asked = new URLSearchParams(window.location.search);
    if (canvas.wall()) asked.set("wall", canvas.wall());
    window.location.replace(`/camera-wall/?${asked}`);
  }

  // A map that only the upright screen shows is begun when the screen is turned.
  function mapIfShown() {
    if (isMapBegun || document.querySelector("#wall .wall-ground.is-absent")) return;
    isMapBegun = true;
    layar.map.start();
  }

  layar.whenBuilt("wall", () => {
    if (!canvas.isKnown()) return;
    if (canvas.shows() === "kamera") {
      toTheCameras();
      return;
    }
    layar.time.start();
    layar.sources.start();
    if (canvas.hasMap()) {
      mapIfShown();
      layar.on("laid", mapIfShown);
    } else layar.map.rest();
    if (layar.past.isAsked()) layar.past.start();
    else layar.live.start();
  });
})();
