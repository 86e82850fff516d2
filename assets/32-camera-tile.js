/* One camera's tile, the same on the strip, the camera wall and opened large. A picture is shown with its age and never as
   newer than it is; a camera that is lost keeps its last good picture, grey and stamped, and a picture that the server
   does not believe (frozen, covered, turned …) is stamped with what is wrong with it. */
(function () {
  "use strict";
  const layar = window.layar;
  const { say } = layar;
  const UNTOLD = { late_s: 30, lost_s: 120 }; // until the legend has said what goes with the period of the cameras
  const tile = (layar.cameraTile = {});

  tile.make = function (camera) {
    const { element } = layar;
    const node = element("figure", "camera");
    const image = element("img", "camera-picture");
    image.alt = "";
    image.hidden = true;
    const none = element("div", "camera-none");
    none.append(element("i", "camera-none-icon"), element("span", "", say("menunggu gambar", "waiting for a picture")));
    const age = element("div", "camera-age");
    age.append(element("i", "camera-dot"), element("span"));
    const caption = element("figcaption", "camera-caption");
    caption.append(element("b", "camera-name"), element("span", "camera-near"));
    node.append(image, none, element("div", "camera-stamp"), age, caption);
    node.tabIndex = 0;
    node.setAttribute("role", "button");
    node.dataset.camera = camera.key;
    return node;
  };

  tile.say = function (node, camera) {
    const caption = node.querySelector(".camera-caption");
    layar.write(caption.firstElementChild, camera.name);
    layar.write(caption.lastElementChild, layar.told(camera, "reason"));
    node.setAttribute("aria-label", camera.name);
    node.dataset.sees = String(Boolean(camera.sees));
    node.dataset.health = camera.health;
  };

  // The decoded picture itself takes the place of the one before: there is no moment without one.
  tile.show = function (node, entry) {
    const shown = node.querySelector(".camera-picture");
    if (entry.image && shown !== entry.image) shown.replaceWith(entry.image);
  };

  // `camera` as the panels tell of it, `entry` as 32-camera-pictures.js holds it, `extraS` what a thin link may add.
  tile.age = function (node, camera, entry, now, extraS = 0) {
    const faults = camera.faults || [];
    // a camera that works tells of no picture but the one at which it began to: only of a lost one is that the last
    const at = (entry && entry.at) ?? (camera.health === "lost" ? camera.last_picture_at : null) ?? null;
    const old = at === null ? null : Math.max(0, now - at);
    // what visitors see is late on purpose: that alone does not make it old
    const late = extraS + (layar.picture.panels().picture_delay_s || 0);
    const extra = layar.past.isAsked() ? Infinity : late;
    const state = freshness(camera, old, extra);
    const hasPicture = Boolean(entry && entry.image);
    node.dataset.state = hasPicture ? state : state === "lost" ? "none-lost" : "none";
    const seen = shown(old, faults, now);
    const [none, stamp, label] = [".camera-none", ".camera-stamp", ".camera-age"].map((name) => node.querySelector(name));
    const age = seen === null ? say("usia tidak diketahui", "age unknown") : layar.words.ago(seen);
    // a picture that is doubted need not be old
    const isOld = state === "late" && freshness({ ...camera, faults: [] }, seen, extra) !== "ok";
    layar.write(label.lastElementChild, isOld ? `${say("lama", "old")} · ${age}` : age);
    // a camera that the server hears, but not this screen, is not lost
    const isUnreached = Boolean(entry && entry.isFailing) && camera.health !== "lost";
    const dead = isUnreached ? say("TIDAK SAMPAI", "NOT RECEIVED") : say("PUTUS", "LOST");
    layar.write(stamp, state === "lost" ? (seen === null ? dead : `${dead} · ${say(`gambar ${age}`, `picture ${age}`)}`) : doubts(faults));
    layar.icon(none.firstElementChild, `camera-${state === "lost" ? "lost" : "unknown"}`, 3.5, "rem");
    const isAsked = Boolean(entry && entry.isAsked);
    if (layar.past.isAsked() && isAsked) {
      layar.write(none.lastElementChild, layar.past.noPicture(entry));
      return;
    }
    const yet = isAsked ? say("belum ada gambar", "no picture yet") : say("menunggu gambar", "waiting for a picture");
    const unreached = say("gambar tidak sampai ke layar ini", "its picture does not reach this screen");
    layar.write(none.lastElementChild, state === "lost" ? say("kamera putus", "camera lost") : isUnreached ? unreached : yet);
  };

  // What the server says of the camera, and what we see ourselves: the worse of the two holds.
  // How old a picture may be goes with this camera's own pace and way; where nobody said it, with the city's.
  function freshness({ health, faults, ages }, old, extraS) {
    const limits = ages || layar.sources.ages("cameras") || UNTOLD;
    if (health === "lost" || (old !== null && old > limits.lost_s + extraS)) return "lost";
    if (health === "late" || (faults || []).length || (old !== null && old > limits.late_s + extraS) || isUnwatched()) return "late";
    return "ok";
  }

  // Nobody fetches, or nobody can tell us: then no picture may pass for a new one, however young it is.
  const isUnwatched = () => layar.live.connection() !== "live" ||
    (layar.picture.panels().degraded || []).some((trouble) => trouble.key === "camera_process");

  // How old what it shows is: a frozen camera sends new pictures of an old moment.
  function shown(old, faults, now) {
    const frozen = faults.find((fault) => fault.kind === "frozen");
    return frozen ? Math.max(old ?? 0, now - frozen.since) : old;
  }

  function doubts(faults) {
    if (!faults.length) return "";
    const since = Math.min(...faults.map((fault) => fault.since));
    return `${faults.map((fault) => layar.told(fault).toUpperCase()).join(" · ")} · ${say("sejak", "for")} ${layar.words.since(since)}`;
  }
})();
