/* The one file that knows where Plotly keeps its MapLibre map (a private path; tests/e2e fails loudly when it moves).
   It gives the others: the map once it stands, a way to hand it data, and news when it must be handed everything again. */
(function () {
  "use strict";
  const layar = window.layar;
  const PATIENCE_S = 30;
  const REST_LOOK_MS = 250;
  const MOST_REST_LOOKS = 480; // two minutes
  const RESTORE_S = 12;
  const RELOADED_AT = "layar-map-reloaded-at";
  const DESIGN_WIDTH = 1920;
  const DESIGN_HEIGHT = 1080;
  const DESIGN_REM = 16;
  const held = { map: null, scale: 1, least: 0.25, box: "wall-map", isBroken: false, losses: 0 };
  const wall = (layar.map = {});

  /* Sizes of symbols and lines are CSS px and do not follow the screen. So the map lives in a box of 1920 px, and the
     box is scaled as a whole; the canvas has as many real pixels as the screen. */
  wall.scale = () => held.scale;

  // On a wall the map has the part of it that is its own, and signs as large as the wall's letters (03-canvas.js).
  function measure() {
    const ground = document.querySelector(".wall-ground");
    const [wide, high] = ground ? [ground.clientWidth, ground.clientHeight] : [window.innerWidth, window.innerHeight];
    if (!wide || !high) return; // a screen without a map: one of no size cannot be drawn
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const fit = Math.min(window.innerWidth / DESIGN_WIDTH, window.innerHeight / DESIGN_HEIGHT);
    held.scale = Math.max(held.least, layar.canvas.isClassic() ? fit : rem / DESIGN_REM);
    const root = document.documentElement.style;
    root.setProperty("--map-scale", String(held.scale));
    root.setProperty("--map-width", `${Math.round(wide / held.scale)}px`);
    root.setProperty("--map-height", `${Math.round(high / held.scale)}px`);
  }
  measure();

  function remeasure() {
    measure();
    if (held.map) held.map.setPixelRatio(wall.pixelRatio());
    layar.emit("resized", held.scale);
  }
  window.addEventListener("resize", remeasure);
  layar.on("laid", remeasure);

  // Four times the pixels cost four times the memory: beyond 2.5 nobody sees a difference.
  wall.pixelRatio = () => Math.min(2.5, (window.devicePixelRatio || 1) * held.scale);

  function found() {
    const graph = document.querySelector(`#${held.box} .js-plotly-plot, #${held.box}.js-plotly-plot`);
    const layout = graph && graph._fullLayout;
    return (layout && layout.map && layout.map._subplot && layout.map._subplot.map) || null;
  }

  // A screen without a map gives back what the graph holds of the graphics card.
  wall.rest = function (looks = 0) {
    const graph = document.querySelector(".wall-ground .js-plotly-plot");
    if (graph && graph._fullLayout && window.Plotly) window.Plotly.purge(graph);
    else if (looks < MOST_REST_LOOKS) setTimeout(() => wall.rest(looks + 1), REST_LOOK_MS);
  };

  wall.get = () => held.map;
  wall.isBroken = () => held.isBroken;

  // Another page has its own box, tells those who listen for its map only, and may set how small its signs get.
  wall.start = function ({ box = "wall-map", news = "map", least = 0.25 } = {}) {
    Object.assign(held, { box, news, least });
    measure();
    const started = layar.time.monotonic();
    const look = setInterval(() => {
      const map = found();
      if (map && map.isStyleLoaded()) {
        clearInterval(look);
        layar.guard("map", () => take(map));
      } else if (layar.time.monotonic() - started > PATIENCE_S && !held.isBroken) {
        held.isBroken = true; // goes on looking: a slow machine may still get there
        layar.complain("map", new Error("no map at the known place inside the graph"));
        layar.emit("map-broken", true);
      }
    }, 50);
  };

  function take(map) {
    held.map = map;
    held.isBroken = false;
    map.setPixelRatio(wall.pixelRatio());
    for (const handler of ["dragRotate", "boxZoom"]) map[handler].disable();
    map.touchZoomRotate.disableRotation();
    // Plotly would ask a server far away for an icon it does not know; we have one for that.
    map.setMissingStyleImageResolver(() => undefined);
    map.on("webglcontextlost", lost);
    map.on("webglcontextrestored", restored);
    map.on("error", (event) => layar.complain("map error", event.error || event));
    layar.emit(held.news, map);
    layar.emit("map-data", "all");
  }

  /* A graphics driver may drop the canvas at any time. MapLibre brings the style back, but sources come back as new
     objects and empty: nobody may keep one, and all data must be handed over again. */
  function lost() {
    held.losses += 1;
    const count = held.losses;
    setTimeout(() => {
      if (held.losses === count && held.map.getCanvas().getContext("webgl2").isContextLost()) reload();
    }, RESTORE_S * 1000);
  }

  function restored() {
    const again = () => {
      if (!held.map.isStyleLoaded()) {
        setTimeout(again, 100);
        return;
      }
      layar.emit("map-restored", held.map);
      layar.emit("map-data", "all");
    };
    again();
  }

  function reload() {
    try {
      const last = Number(sessionStorage.getItem(RELOADED_AT) || 0);
      if (Date.now() - last < 600000) return;
      sessionStorage.setItem(RELOADED_AT, String(Date.now()));
      layar.live.reload();
    } catch (error) {
      layar.complain("storage", error);
    }
  }

  // True when the map took it. Sources are asked for anew each time (see above).
  wall.set = function (id, data) {
    const source = held.map && held.map.getSource(id);
    if (!source) return false;
    source.setData(data);
    return true;
  };

  wall.collection = (features) => ({ type: "FeatureCollection", features });
})();
