/* What pictures may cost on the line: which is asked for next, whether there is room for it, and whether the line is
   thin. Pure: time and counts in, decisions out. */
(function () {
  "use strict";
  const BYTES_PER_S = 24000; // 192 kbit/s down: the rest of 256 is for the questions and what lies under HTTP
  const BURST_BYTES = 12000;
  const WINDOW_S = 15;
  const LEAST_WINDOW_S = 8;
  const BUSY_SHARE = 0.8;
  const POOR_BYTES_PER_S = 64000;
  const GOOD_BYTES_PER_S = 128000;
  const PROBE_S = 60;
  const GOOD_PROBES = 2;
  const MOST_SAMPLES = 200;
  const budget = (window.layar.cameraBudget = { bytesPerS: BYTES_PER_S, probeS: PROBE_S });

  /* -- a bucket of bytes -- */
  budget.bucket = (now) => ({ bytes: BURST_BYTES, at: now });

  budget.filled = function (bucket, now) {
    const bytes = Math.min(BURST_BYTES, bucket.bytes + Math.max(0, now - bucket.at) * BYTES_PER_S);
    return { bytes, at: now };
  };

  // May go below nothing: what is there of a debt is waited for.
  budget.spent = (bucket, bytes) => ({ ...bucket, bytes: bucket.bytes - bytes });

  // One that costs more than the bucket holds is let through when it is full.
  budget.affords = (bucket, bytes) => bucket.bytes >= Math.min(bytes, BURST_BYTES);

  /* -- whose turn it is -- */
  // Of {askedAt, periodS, weight, isAsking} the one that waits longest by its own measure; null when none is due.
  budget.pick = function (candidates, now) {
    let best = null;
    let most = 0;
    for (const one of candidates) {
      if (one.isAsking || now - one.askedAt < one.periodS) continue;
      const waited = Math.min(1e9, now - one.askedAt) * one.weight;
      if (!best || waited > most) [best, most] = [one, waited];
    }
    return best;
  };

  // Seconds until every tile has a new picture, at what they cost.
  budget.roundS = function (costs, liveBytesPerS) {
    const room = Math.max(BYTES_PER_S / 4, BYTES_PER_S - liveBytesPerS);
    return Math.max(2, Math.ceil(costs.reduce((sum, cost) => sum + cost, 0) / room));
  };

  /* -- is the line thin? -- */
  budget.line = (isThin) => ({ isThin, samples: [], goodProbes: 0, probedAt: -Infinity });

  // `busyS`: for how much of the time since the last answer something was asked for.
  budget.heard = function (line, sample) {
    const samples = [...line.samples, sample].filter((one) => sample.at - one.at < WINDOW_S).slice(-MOST_SAMPLES);
    return { ...line, samples };
  };

  // Thin: it was in use nearly all the time, and still gave little.
  budget.judged = function (line, now) {
    if (line.isThin || !line.samples.length) return line;
    const over = now - line.samples[0].at + line.samples[0].busyS;
    const busyS = line.samples.reduce((sum, one) => sum + one.busyS, 0);
    const bytes = line.samples.reduce((sum, one) => sum + one.bytes, 0);
    const isPoor = over >= LEAST_WINDOW_S && busyS > BUSY_SHARE * over && bytes / busyS < POOR_BYTES_PER_S;
    return isPoor ? { ...budget.line(true), probedAt: now } : line;
  };

  // On a thin line one larger picture a minute says whether it still is.
  budget.probed = function (line, bytes, seconds, now) {
    const goodProbes = bytes / Math.max(seconds, 0.001) >= GOOD_BYTES_PER_S ? line.goodProbes + 1 : 0;
    return goodProbes >= GOOD_PROBES ? budget.line(false) : { ...line, goodProbes, probedAt: now };
  };

  budget.isProbeDue = (line, now) => line.isThin && now - line.probedAt >= PROBE_S;
})();
