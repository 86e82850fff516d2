/* Dates as people of the city write them, whatever the browser's own language is: "23 Nov 2026". A field shows and reads
   them so; the small calendar beside it is the browser's. */
(function () {
  "use strict";
  const layar = window.layar;
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"];
  const MONTHS_EN = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const HINT = { id: "tulis seperti 23 Nov 2026", en: "write it like 23 Nov 2026" };
  const PICK = { id: "Pilih di kalender", en: "Choose in a calendar" };
  const dates = (layar.dates = {});

  // "2026-11-23" → "23 Nov 2026"
  dates.said = function (iso) {
    const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(iso || "");
    return match ? `${Number(match[3])} ${layar.say(MONTHS, MONTHS_EN)[Number(match[2]) - 1]} ${match[1]}` : "";
  };

  // "23 Nov 2026", "23 november 2026", "23/11/2026", "23.11.2026", "2026-11-23" → "2026-11-23"; null for what is no day.
  dates.read = function (text) {
    const said = text.trim().toLowerCase();
    const plain = /^(\d{4})-(\d\d?)-(\d\d?)$/.exec(said);
    const ours = /^(\d\d?)[\s./-]+(\d\d?|[a-z]{3,})[\s./-]+(\d{4})$/.exec(said);
    if (plain) return valid(plain[1], Number(plain[2]), plain[3]);
    return ours ? valid(ours[3], month(ours[2]), ours[1]) : null;
  };

  function month(word) {
    if (/^\d/.test(word)) return Number(word);
    const is = (name) => name.toLowerCase() === word.slice(0, 3);
    return 1 + Math.max(MONTHS.findIndex(is), MONTHS_EN.findIndex(is));
  }

  function valid(year, months, day) {
    const at = new Date(Date.UTC(Number(year), months - 1, Number(day)));
    return at.getUTCMonth() === months - 1 && at.getUTCDate() === Number(day) ? at.toISOString().slice(0, 10) : null;
  }

  // {label, input, value, set}: `value()` is a day as machines write it, or ""; `changed` hears what a hand has put there.
  dates.field = function (className, name, words, changed) {
    const label = layar.element("label", className);
    const input = layar.element("input");
    Object.assign(input, { type: "text", name, autocomplete: "off", size: 11, maxLength: 20 });
    const wrong = layar.said("span", "date-wrong", HINT);
    wrong.hidden = true;
    const held = { iso: "" };
    const set = (iso) => {
      held.iso = iso;
      input.value = dates.said(iso);
      mark(false);
    };
    function mark(isWrong) {
      wrong.hidden = !isWrong;
      input.setAttribute("aria-invalid", String(isWrong));
    }
    input.addEventListener("change", () => {
      const iso = input.value.trim() ? dates.read(input.value) : "";
      if (iso === null) return mark(true);
      set(iso);
      return changed();
    });
    layar.onLang(() => input.getAttribute("aria-invalid") !== "true" && set(held.iso));
    label.append(layar.said("span", "", words), input, calendar(held, (iso) => { set(iso); changed(); }), wrong);
    return { label, input, value: () => held.iso, set };
  };

  // For hands: the keyboard has the field itself.
  function calendar(held, chosen) {
    const box = layar.element("span", "date-pick");
    const pick = layar.element("input");
    Object.assign(pick, { type: "date", tabIndex: -1, title: layar.say(PICK) });
    pick.setAttribute("aria-hidden", "true");
    for (const lang of ["id", "en"]) pick.setAttribute(`data-${lang}-title`, PICK[lang]);
    pick.addEventListener("click", () => {
      pick.value = held.iso;
      if (pick.showPicker) pick.showPicker();
    });
    pick.addEventListener("change", () => pick.value && chosen(pick.value));
    box.append(pick);
    return box;
  }
})();
