/* One <video> that plays fragments of MP4 as they come (MSE): always near their newest end, with little behind it. */
(function () {
  "use strict";
  const layar = window.layar;
  const BEHIND_S = 0.4; // how far behind the newest picture it plays: two fragments
  const HURRY_S = 1.0;
  const JUMP_S = 2.5;
  const KEPT_S = 8;
  const TRIM_S = 20;
  const MOST_QUEUED = 120;
  const HURRIED = 1.08;

  const mime = (codec) => `video/mp4; codecs="${codec}"`;

  layar.livePlayer = {
    plays: (codec) => Boolean(window.MediaSource) && MediaSource.isTypeSupported(mime(codec)),
    make,
  };

  // `failed` is called once, when it can play no more.
  function make(video, failed) {
    const held = { source: null, buffer: null, url: null, queue: [], shift: null, appending: null, isOver: false };

    function begin(codec, data) {
      end();
      held.isOver = false;
      const source = new MediaSource();
      held.source = source;
      held.queue = [{ data, at: null }];
      held.url = URL.createObjectURL(source);
      video.src = held.url;
      source.addEventListener("sourceopen", () => attempt(() => {
        if (held.source !== source) return;
        held.buffer = source.addSourceBuffer(mime(codec));
        held.buffer.addEventListener("updateend", () => attempt(next));
        held.buffer.addEventListener("error", () => fail("the picture cannot be decoded"));
        next();
      }), { once: true });
    }

    function piece(at, data) {
      if (!held.source || held.isOver) return;
      held.queue.push({ data, at });
      if (held.queue.length > MOST_QUEUED) fail("the browser does not keep up");
      else attempt(next);
    }

    function next() {
      const { buffer } = held;
      if (!buffer || buffer.updating || held.isOver) return;
      if (held.appending) settle();
      const start = buffer.buffered.length ? buffer.buffered.start(0) : 0;
      if (video.currentTime - start > TRIM_S) {
        buffer.remove(0, video.currentTime - KEPT_S);
      } else if (held.queue.length) {
        held.appending = held.queue.shift();
        buffer.appendBuffer(held.appending.data);
      }
    }

    // What was appended now ends the buffer: so we know when its last picture came to the server.
    function settle() {
      const { at } = held.appending;
      held.appending = null;
      if (at !== null && edge() !== null) held.shift = at - edge();
      follow();
    }

    const edge = () => {
      const { buffered } = held.buffer;
      return buffered.length ? buffered.end(buffered.length - 1) : null;
    };

    function follow() {
      const end_ = edge();
      if (end_ === null) return;
      const behind = end_ - video.currentTime;
      if (behind > JUMP_S || behind < 0) video.currentTime = Math.max(0, end_ - BEHIND_S);
      video.playbackRate = behind > HURRY_S ? HURRIED : 1;
      if (video.paused) video.play().catch(() => {}); // not yet allowed, or stopped in between: the next piece asks again
    }

    function attempt(work) {
      try {
        work();
      } catch (error) {
        fail(error.message);
      }
    }

    function fail(why) {
      if (held.isOver) return;
      held.isOver = true;
      layar.complain("live player", why);
      failed();
    }

    function end() {
      held.isOver = true;
      if (held.url) URL.revokeObjectURL(held.url);
      Object.assign(held, { source: null, buffer: null, url: null, queue: [], shift: null, appending: null });
      video.removeAttribute("src");
      video.load();
    }

    video.addEventListener("error", () => {
      if (held.source && video.error) fail(video.error.message || "the picture cannot be decoded");
    });

    return {
      begin, piece, end,
      // Seconds since what is seen now came to the server; null before there is anything.
      age: (now) => (held.shift === null || video.readyState < 2 ? null : now - (held.shift + video.currentTime)),
    };
  }
})();
