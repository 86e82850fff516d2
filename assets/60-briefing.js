/* The briefing on a screen wider than usual: all of it is magnified, for plotly's letters know nothing of rem. */
(function () {
  "use strict";
  const layar = window.layar;
  const USUAL_PX = 1920;
  layar.whenBuilt("brief-period", () => {
    const fit = () => {
      document.body.style.zoom = Math.max(1, window.innerWidth / USUAL_PX);
    };
    window.addEventListener("resize", fit);
    fit();
  });
})();
