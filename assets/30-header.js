/* The bar at the top: headline figures with the time they are of, the clock, the shift. */
(function () {
  "use strict";
  const layar = window.layar;
  const { words } = layar;
  const NONE = "–";
  const UNSHOWN = "tidak ditampilkan";

  layar.on("picture", ({ changed }) => {
    if (changed.has("panels")) layar.guard("figures", figures);
  });
  layar.on("second", (now) => layar.guard("clock", () => clock(now)));

  function figure(name, value, note, mood) {
    const box = layar.slot(`wall-figure-${name}`);
    if (!box) return;
    const [shown, , under] = box.children;
    layar.write(shown, value);
    layar.write(under, note);
    box.dataset.mood = mood || "";
    shown.dataset.length = value.length > 7 ? "long" : "";
  }

  const share = (part, whole) => `${words.decimal((100 * part) / whole, 1)} %`;

  function figures() {
    const said = layar.picture.panels().figures;
    if (!said) return;
    if (said.open === null) for (const name of ["open", "critical"]) figure(name, NONE, UNSHOWN, "");
    else {
      figure("open", words.number(said.open), said.open ? "belum selesai" : "semua selesai");
      figure("critical", words.number(said.critical), "prioritas 1", said.critical ? "grave" : "");
    }
    if (said.units === null) for (const name of ["units", "response", "calls"]) figure(name, NONE, UNSHOWN, "");
    else ofTheService(said);
    const out = said.cameras - said.cameras_ok;
    figure("cameras", `${said.cameras_ok}/${said.cameras}`, seen(said) || (out ? `${out} bermasalah` : "semua baru"),
      out > said.cameras / 2 ? "late" : "");
    layar.write(layar.slot("wall-figures-at"), said.observed_at ? `data per\n${words.clock(said.observed_at)} ${layar.time.label}` : "");
  }

  // Visitors are not shown these.
  function ofTheService(said) {
    const stale = said.units - said.units_fresh;
    figure("units", `${said.units_fresh}/${said.units}`, stale ? `${stale} posisi lama` : "semua posisi baru",
      stale > said.units / 2 ? "late" : "");
    response(said);
    const real = said.calls_today ? `${words.number(said.real_today)} nyata · ${share(said.real_today, said.calls_today)}` : "";
    figure("calls", words.number(said.calls_today), real || "belum ada");
  }

  // How much of the city is in some working camera's view; nothing where no camera's direction is known.
  function seen(said) {
    if (said.seen_share === null || said.seen_share === undefined) return "";
    const percent = 100 * said.seen_share;
    if (percent > 0 && percent < 0.05) return "terlihat < 0,1 % kota";
    return `terlihat ${words.decimal(percent, percent < 10 ? 1 : 0)} % kota`;
  }

  // No interval that could be measured is no value, never zero.
  function response(said) {
    const target = Math.round(said.response_target_s / 60);
    const without = said.response_without_time ? `${said.response_without_time} tanpa waktu · ` : "";
    if (said.response_median_s === null || said.response_median_s === undefined || !said.response_n) {
      figure("response", NONE, `n 0 · ${without}target ${target} mnt`, "");
      return;
    }
    const isLate = said.response_median_s > said.response_target_s;
    figure("response", words.span(said.response_median_s), `n ${said.response_n} · ${without}target ${target} mnt`,
      isLate ? "late" : "");
  }

  function clock(now) {
    layar.write(layar.slot("wall-clock-time"), words.clock(now));
    layar.write(layar.slot("wall-clock-zone"), layar.time.label);
    layar.write(layar.slot("wall-clock-date"), words.date(now));
    const shift = layar.picture.panels().shift;
    const box = layar.slot("wall-shift");
    if (!shift || !box) return;
    const left = shift.ends - now;
    const isOver = left <= 0;
    layar.write(layar.slot("wall-shift-name"), `Sif ${shift.name}`);
    layar.write(layar.slot("wall-shift-left"), isOver ? "waktunya serah terima" : `sisa ${words.age(left)}`);
    const done = Math.min(1, Math.max(0, (now - shift.starts) / (shift.ends - shift.starts)));
    box.style.setProperty("--done", `${(done * 100).toFixed(1)}%`);
  }
})();
