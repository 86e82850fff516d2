/* The wall of the past: /wall?at=…&sense=shown|known shows that moment, and nothing of now. Space plays and stops, the arrows
   move and change the speed, K leaves dead time out, S changes between what was shown then and what is known now. */
(function () {
  "use strict";
  const layar = window.layar;
  const { past } = layar;
  const STEP_S = 300;
  const LONG_STEP_S = 3600;
  const SENSES = {
    shown: { id: "seperti tampil saat itu", en: "as it was shown then" },
    known: { id: "seperti diketahui sekarang", en: "as is known now" },
  };
  past.senseWords = (sense) => layar.say(SENSES[sense]);

  past.start = function () {
    const asked = new URLSearchParams(window.location.search);
    past.begin({ sense: asked.get("sense") });
    follow();
    document.addEventListener("keydown", (event) => layar.guard("past", () => key(event)));
    for (const news of ["second", "past", "lang"]) layar.on(news, () => layar.guard("past", follow));
    const at = past.epoch(asked.get("at"));
    if (at !== null) past.seek(at);
    else past.say({ id: "Waktu di alamat tidak terbaca; contoh: ?at=2026-01-31T10:00:00Z", en: "The time in the address cannot be read; such as ?at=2026-01-31T10:00:00Z" });
  };

  function follow() {
    layar.slot("wall").dataset.past = past.sense();
    band();
    if (past.at() === null || past.isPlaying() || past.isWaiting() || past.trouble()) return;
    const address = new URL(window.location.href);
    address.searchParams.set("at", past.iso(past.at()));
    address.searchParams.set("sense", past.sense());
    if (address.href !== window.location.href) window.history.replaceState(null, "", address);
  }

  function key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const step = event.shiftKey ? LONG_STEP_S : STEP_S;
    const deeds = {
      " ": past.toggle,
      ArrowLeft: () => past.seek(past.at() - step),
      ArrowRight: () => past.seek(past.at() + step),
      ArrowUp: () => past.faster(1),
      ArrowDown: () => past.faster(-1),
      s: sense, S: sense, k: skip, K: skip,
      Escape: () => window.location.assign("/wall"),
    };
    if (!Object.hasOwn(deeds, event.key) || past.at() === null) return;
    event.preventDefault();
    deeds[event.key]();
  }

  const skip = () => past.setSkipping(!past.isSkipping());
  const sense = () => past.setSense(past.sense() === "shown" ? "known" : "shown");

  function band() {
    const box = layar.slot("wall-past");
    if (!box) return;
    box.hidden = false;
    const at = past.at();
    const [title, moment, how, keys] = box.children;
    layar.write(title, layar.say("MASA LALU — bukan sekarang", "THE PAST — not now"));
    layar.write(moment, at === null ? "" : `${layar.words.date(at)} · ${layar.words.clock(at)} ${layar.time.label}`);
    layar.write(how, past.trouble() ? layar.say(past.trouble()) : `${past.senseWords(past.sense())} · ${doing()}`);
    box.dataset.trouble = String(Boolean(past.trouble()));
    layar.write(keys, layar.say("Spasi putar/henti · ← → 5 menit · ↑ ↓ kecepatan · K waktu sepi · S cara melihat · Esc sekarang",
      "Space plays/stops · ← → 5 minutes · ↑ ↓ speed · K quiet time · S sense · Esc now"));
  }

  function doing() {
    if (!past.isPlaying()) return layar.say("berhenti", "stopped");
    const quiet = past.isSkipping() ? layar.say(", waktu sepi dilewati", ", quiet time left out") : "";
    return `${layar.say("diputar", "playing")} ${past.speed()}×${quiet}`;
  }
})();
