/* One figure of the briefing as a picture to put into a letter: with its title, its n and its source on it, in the
   colours of paper's own theme as the page shows it now. */
(function () {
  "use strict";
  const layar = window.layar;
  const WORDS = { id: "PNG", en: "PNG" };
  const HINT = { id: "Simpan gambar ini sebagai PNG", en: "Save this figure as PNG" };
  const SIZE = [1280, 800];
  const SCALE = 2;
  const HEAD_PX = 96;
  const FOOT_PX = 56;

  layar.figures = { picture };

  layar.whenBuilt("brief-cards", () => {
    for (const box of document.querySelectorAll(".brief-figures > .brief-figure")) {
      const button = layar.said("button", "brief-png", WORDS);
      Object.assign(button, { type: "button", title: layar.say(HINT) });
      for (const lang of ["id", "en"]) button.setAttribute(`data-${lang}-title`, HINT[lang]);
      button.addEventListener("click", () => layar.guard("figure png", () => save(box, button)));
      box.querySelector(".brief-figure-head").append(button);
    }
  });

  const shown = (node) => (node ? node.innerText.replace(/\s+/g, " ").trim() : "");

  // {title, under, foot, mark}: what must never be apart from the figure; `mark` is empty where all is real.
  function told(box) {
    const counted = shown(document.querySelector("#brief-period .brief-counted"));
    const period = shown(document.querySelector("#brief-period")).replace(counted, "").trim();
    return {
      title: shown(box.querySelector("h2")),
      under: [period, counted, shown(box.querySelector(".brief-n"))].filter(Boolean).join(" · "),
      foot: shown(document.querySelector(".brief-foot")),
      mark: shown(document.querySelector(".brief-mode:not([hidden])")),
    };
  }

  // The address of the picture, as Plotly draws it.
  async function picture(box) {
    const graph = box.querySelector(".js-plotly-plot");
    const { title, under, foot, mark } = told(box);
    const { layout = {}, data } = graph;
    const { margin = {}, annotations = [], font = {} } = layout;
    const line = (text, y, size, yanchor) => ({
      text, x: 0, y, xref: "paper", yref: "paper", xanchor: "left", yanchor, showarrow: false, font: { ...font, size },
    });
    const [width, height] = SIZE;
    const inside = height - HEAD_PX - FOOT_PX - 2 * FOOT_PX;
    const drawn = {
      ...layout, width, height, autosize: false, paper_bgcolor: layar.token("--panel"),
      margin: { ...margin, t: HEAD_PX + FOOT_PX, b: 2 * FOOT_PX, l: Math.max(margin.l || 0, FOOT_PX), r: Math.max(margin.r || 0, FOOT_PX) },
      annotations: [
        ...annotations, line(`<b>${title}</b>`, 1 + (HEAD_PX + 24) / inside, 30, "top"), line(under, 1 + (HEAD_PX - 22) / inside, 18, "top"),
        line(foot, -(2 * FOOT_PX) / inside, 16, "bottom"),
        ...(mark ? [{ ...line(`<b>${mark}</b>`, 1 + (HEAD_PX + 24) / inside, 24, "top"), x: 1, xanchor: "right" }] : []),
      ],
    };
    return window.Plotly.toImage({ data, layout: drawn }, { format: "png", width, height, scale: SCALE });
  }

  async function save(box, button) {
    button.disabled = true;
    try {
      const link = layar.element("a");
      link.href = await picture(box);
      link.download = `${told(box).title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.png`;
      link.click();
    } catch (error) {
      layar.complain("figure png", error);
    } finally {
      button.disabled = false;
    }
  }
})();
