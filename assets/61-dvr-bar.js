/* The two strips of the replay: how much happened when, as bars; a drag on the lower chooses the range, one on the upper moves
   through it. Pointer, touch and keys do the same. */
(function () {
  "use strict";
  const layar = window.layar;
  const dvr = (layar.dvr = layar.dvr || {});
  const TICK_PX = 110;
  const TICKS_S = [60, 300, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 2592000];
  const GRAB_PX = 14;
  const LEAST_S = 300;
  const LABEL_REM = 1.4;

  // Local midnight before a moment: where the labels of a day begin.
  function midnight(at) {
    const [h, m, s] = layar.words.clock(at).split(".").map(Number);
    return Math.floor(at) - h * 3600 - m * 60 - s;
  }

  const placeOf = (at, span, wide) => ((at - span.since) / (span.until - span.since)) * wide;
  dvr.part = (at, span) => Math.max(0, Math.min(1, (at - span.since) / (span.until - span.since)));

  // Bars of `said` (an answer of /api/v1/timeline) on a canvas that shows `span`.
  dvr.paint = function (strip, span, said) {
    const canvas = strip.querySelector("canvas");
    const density = Math.min(2.5, window.devicePixelRatio || 1);
    const [wide, high] = [strip.clientWidth, strip.clientHeight];
    if (!wide) return;
    Object.assign(canvas, { width: wide * density, height: high * density });
    const pen = canvas.getContext("2d");
    pen.scale(density, density);
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const floor = high - LABEL_REM * rem;
    if (said) {
      unknown(pen, span, said, wide, floor);
      if (said.calls) calls(pen, span, said, wide, floor);
      bars(pen, span, said, wide, floor);
    }
    labels(pen, span, wide, high, floor, rem);
  };

  function unknown(pen, span, { began }, wide, floor) {
    const from = began[layar.past.sense()];
    const end = from === null ? wide : Math.min(wide, placeOf(from, span, wide));
    if (end <= 0) return;
    pen.strokeStyle = layar.token("--text-quiet");
    pen.globalAlpha = 0.4;
    pen.save();
    pen.beginPath();
    pen.rect(0, 0, end, floor);
    pen.clip();
    pen.beginPath();
    for (let x = -floor; x < end; x += 12) {
      pen.moveTo(x, floor);
      pen.lineTo(x + floor, 0);
    }
    pen.stroke();
    pen.restore();
    pen.globalAlpha = 1;
  }

  function calls(pen, span, { first, calls: told }, wide, floor) {
    const most = Math.max(1, ...told.came);
    pen.beginPath();
    told.came.forEach((count, place) => {
      const y = floor - (count / most) * (floor - 6);
      pen.lineTo(placeOf(first + place * told.slot_s, span, wide), y);
      pen.lineTo(placeOf(first + (place + 1) * told.slot_s, span, wide), y);
    });
    pen.strokeStyle = layar.token("--text-quiet");
    pen.lineWidth = 2;
    pen.stroke();
  }

  function bars(pen, span, said, wide, floor) {
    const most = Math.max(1, ...said.incidents);
    const width = Math.max(2, (said.slot_s / (span.until - span.since)) * wide - 1);
    said.incidents.forEach((count, place) => {
      const x = placeOf(said.first + place * said.slot_s, span, wide);
      const unit = (floor - 8) / most;
      const grave = said.grave ? said.grave[place] : 0;
      pen.fillStyle = layar.token("--priority-4");
      pen.fillRect(x, floor - count * unit, width, (count - grave) * unit);
      pen.fillStyle = layar.token("--priority-1");
      pen.fillRect(x, floor - grave * unit, width, grave * unit);
    });
  }

  function labels(pen, span, wide, high, floor, rem) {
    const most = Math.max(2, wide / Math.max(TICK_PX, 6 * rem));
    const step = TICKS_S.find((s) => (span.until - span.since) / s <= most) || TICKS_S[TICKS_S.length - 1];
    pen.fillStyle = pen.strokeStyle = layar.token("--text-soft");
    pen.font = `600 ${Math.max(16, rem)}px "Layar Text", sans-serif`;
    pen.textAlign = "center";
    pen.lineWidth = 1;
    for (let at = midnight(span.since); at <= span.until; at += step) {
      const x = placeOf(at, span, wide);
      if (x < 3 * rem || x > wide - 3 * rem) continue;
      pen.fillRect(x, floor, 1, 5);
      pen.fillText(step >= 86400 || layar.words.hour(at) === "00.00" ? day(at) : layar.words.hour(at), x, high - 0.25 * rem);
    }
  }

  const day = (at) => layar.words.date(at).replace(/^\S+ /, "").split(" ").slice(0, 2).map((word) => word.slice(0, 3)).join(" ");

  /* -- hands -- */
  const timeAt = (strip, x, span) => {
    const box = strip.getBoundingClientRect();
    return span.since + Math.max(0, Math.min(1, (x - box.left) / box.width)) * (span.until - span.since);
  };

  // Moments on a grid of about a pixel, so that one seen before is met again.
  const rounded = (at, span, strip) => {
    const step = Math.max(1, Math.ceil((span.until - span.since) / Math.max(1, strip.clientWidth) / 5) * 5);
    return Math.max(span.since, Math.min(span.until, Math.round(at / step) * step));
  };

  dvr.scrubs = function (strip, spanOf, { begin, move, end }) {
    const at = (event) => rounded(timeAt(strip, event.clientX, spanOf()), spanOf(), strip);
    drags(strip, { begin: (event) => { begin(); move(at(event)); }, move: (event) => move(at(event)), end });
  };

  function drags(strip, { begin, move, end }) {
    let isDown = false;
    strip.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      isDown = true;
      strip.setPointerCapture(event.pointerId);
      layar.guard("dvr", () => begin(event));
    });
    strip.addEventListener("pointermove", (event) => isDown && layar.guard("dvr", () => move(event)));
    for (const name of ["pointerup", "pointercancel"]) {
      strip.addEventListener(name, (event) => {
        if (isDown) layar.guard("dvr", () => end(event));
        isDown = false;
      });
    }
  }

  // Inside the window it is moved, at its ends pulled, elsewhere a new one is drawn.
  dvr.chooses = function (strip, spanOf, rangeOf, { move, end }) {
    let hold = null;
    drags(strip, {
      begin: (event) => { hold = held(strip, event.clientX, spanOf(), rangeOf()); },
      move: (event) => move(pulled(hold, timeAt(strip, event.clientX, spanOf()), spanOf())),
      end: (event) => end(pulled(hold, timeAt(strip, event.clientX, spanOf()), spanOf())),
    });
  };

  function held(strip, x, span, range) {
    const at = timeAt(strip, x, span);
    const grab = (GRAB_PX / strip.clientWidth) * (span.until - span.since);
    if (Math.abs(at - range.since) < grab) return { anchor: range.until };
    if (Math.abs(at - range.until) < grab) return { anchor: range.since };
    if (at > range.since && at < range.until && range.until - range.since < 0.8 * (span.until - span.since)) return { at, range };
    return { anchor: at, isNew: true };
  }

  function pulled({ anchor, at: from, range }, at, span) {
    if (range) {
      const by = Math.max(span.since - range.since, Math.min(span.until - range.until, at - from));
      return { since: range.since + by, until: range.until + by };
    }
    const [since, until] = at < anchor ? [at, anchor] : [anchor, at];
    return { since, until: Math.max(until, since + LEAST_S) };
  }
})();
