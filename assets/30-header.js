/* The bar at the top: headline figures with the time they are of, the clock, the shift. */
(function () {
  "use strict";
  const layar = window.layar;
  const { say, words } = layar;
  const NONE = "–";
  const UNSHOWN = { id: "tidak ditampilkan", en: "not shown" };

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
    if (said.open === null) for (const name of ["open", "critical"]) figure(name, NONE, say(UNSHOWN), "");
    else {
      figure("open", words.number(said.open), said.open ? say("belum selesai", "not closed yet") : say("semua selesai", "all closed"));
      figure("critical", words.number(said.critical), say("prioritas 1", "priority 1"), said.critical ? "grave" : "");
    }
    if (said.units === null) for (const name of ["units", "response", "calls"]) figure(name, NONE, say(UNSHOWN), "");
    else ofTheService(said);
    const out = said.cameras - said.cameras_ok;
    figure("cameras", `${said.cameras_ok}/${said.cameras}`, seen(said) || (out ? say(`${out} bermasalah`, `${out} with trouble`) : said.cameras ? say("semua baru", "all new") : say("belum ada", "none yet")),
      out > said.cameras / 2 ? "late" : "");
    layar.write(layar.slot("wall-figures-at"), said.observed_at ? `${say("data per", "as of")}\n${words.clock(said.observed_at)} ${layar.time.label}` : "");
  }

  // Visitors are not shown these.
  function ofTheService(said) {
    const stale = said.units - said.units_fresh;
    figure("units", `${said.units_fresh}/${said.units}`, stale ? say(`${stale} posisi lama`, `${stale} old positions`) : said.units ? say("semua posisi baru", "all positions new") : say("belum ada", "none yet"),
      stale > said.units / 2 ? "late" : "");
    response(said);
    const real = said.calls_today ? `${words.number(said.real_today)} ${say("nyata", "real")} · ${share(said.real_today, said.calls_today)}` : "";
    figure("calls", words.number(said.calls_today), real || say("belum ada", "none yet"));
  }

  // How much of the city is in some working camera's view; nothing where no camera's direction is known.
  function seen(said) {
    if (said.seen_share === null || said.seen_share === undefined) return "";
    const percent = 100 * said.seen_share;
    const part = percent > 0 && percent < 0.05 ? `< ${words.decimal(0.1, 1)} %` : `${words.decimal(percent, percent < 10 ? 1 : 0)} %`;
    const wall = layar.slot("wall");
    const isKota = !wall || wall.dataset.area !== "kabupaten";
    return isKota ? say(`terlihat ${part} kota`, `${part} of city seen`) : say(`terlihat ${part} kab.`, `${part} of area seen`);
  }

  // No interval that could be measured is no value, never zero.
  function response(said) {
    const target = `target ${words.age(said.response_target_s)}`;
    const without = said.response_without_time ? `${said.response_without_time} ${say("tanpa waktu", "without time")} · ` : "";
    if (said.response_median_s === null || said.response_median_s === undefined || !said.response_n) {
      figure("response", NONE, `n 0 · ${without}${target}`, "");
      return;
    }
    const isLate = said.response_median_s > said.response_target_s;
    figure("response", words.span(said.response_median_s), `n ${said.response_n} · ${without}${target}`,
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
    layar.write(layar.slot("wall-shift-name"), words.shift(shift.name));
    layar.write(layar.slot("wall-shift-left"), isOver ? say("waktunya serah terima", "time to hand over") : say(`sisa ${words.age(left)}`, `${words.age(left)} left`));
    const done = Math.min(1, Math.max(0, (now - shift.starts) / (shift.ends - shift.starts)));
    box.style.setProperty("--done", `${(done * 100).toFixed(1)}%`);
  }
})();
