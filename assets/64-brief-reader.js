/* Who reads the briefing: the language, the theme, how large letters must be; and asking once more for figures that
   are being counted again. */
(function () {
  "use strict";
  const layar = window.layar;
  const USUAL_PX = 1920;
  const SCALES = [1, 1.25, 1.5, 2, 2.5, 3, 4]; // as dashboard/briefing_shown.py has them
  const AGAIN_MS = 1500;
  const MOST_TRIES = 20;
  const held = { scale: 1, tries: 0, timer: null };

  const tell = (more) => layar.brief.set("brief-reader", { data: { lang: layar.lang(), scale: held.scale, theme: layar.theme(), ...more } });

  function fit() {
    const before = held.scale;
    const wide = window.innerWidth / USUAL_PX;
    held.scale = SCALES.filter((one) => one <= wide + 0.01).pop() || 1;
    return held.scale !== before;
  }

  const old = () => document.querySelector("#brief-note [data-again=true]") || document.querySelector("#brief-period [data-again=true]");

  // What is told of the figures that are shown, so that the same ones are not sent once more.
  function askAgain() {
    clearTimeout(held.timer);
    if (!old() || held.tries >= MOST_TRIES) {
      held.tries = 0;
      return;
    }
    held.timer = setTimeout(() => {
      held.tries += 1;
      tell({ has: old() && old().dataset.counted, tries: held.tries });
      askAgain();
    }, AGAIN_MS * Math.min(4, held.tries + 1));
  }

  layar.whenBuilt("brief-period", (period) => {
    window.addEventListener("resize", () => fit() && tell());
    layar.onLang(() => tell());
    layar.onTheme(() => tell());
    if (fit() || layar.lang() !== "id" || layar.theme() === "day") layar.brief.whenSettable(tell);
    const watch = new MutationObserver(askAgain);
    for (const node of [period, layar.slot("brief-note")]) watch.observe(node, { childList: true, subtree: true, attributes: true });
  });
})();
