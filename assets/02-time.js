/* Time and words. Ages are counted from the server's clock, so a wrong clock on the wall PC does no harm. */
(function () {
  "use strict";
  const layar = window.layar;
  const DAYS = ["Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"];
  const MONTHS = [
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
  ];
  const DAYS_EN = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
  const MONTHS_EN = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
  ];
  const UNITS = { id: ["dtk", "mnt", "jam", "hari"], en: ["s", "min", "h", "d"] };
  const PRIORITIES = {
    1: { id: "kritis", en: "critical" }, 2: { id: "berat", en: "severe" }, 3: { id: "sedang", en: "moderate" },
    4: { id: "ringan", en: "minor" },
  };
  const SHIFTS = { Pagi: "Morning", Siang: "Day", Sore: "Evening", Malam: "Night" };
  const time = (layar.time = {
    local: () => Date.now() / 1000,
    monotonic: () => performance.now() / 1000,
    offset: 0,
    zone: "Asia/Makassar",
    label: "WITA",
  });
  let formatter = null;
  let formatterZone = "";

  // The server's time, as well as the newest message lets us know it.
  time.now = () => time.local() + time.offset;
  time.learn = function (serverNow) {
    if (Number.isFinite(serverNow)) time.offset = serverNow - time.local();
  };

  function parts(epoch) {
    if (formatterZone !== time.zone) {
      formatter = new Intl.DateTimeFormat("en-GB", {
        timeZone: time.zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
        hour: "2-digit", minute: "2-digit", second: "2-digit",
      });
      formatterZone = time.zone;
    }
    const found = {};
    for (const part of formatter.formatToParts(new Date(epoch * 1000))) found[part.type] = part.value;
    return found;
  }

  const words = (layar.words = {});

  words.clock = function (epoch) {
    const p = parts(epoch);
    return `${p.hour}.${p.minute}.${p.second}`;
  };

  words.hour = (epoch) => words.clock(epoch).slice(0, 5);

  words.date = function (epoch) {
    const p = parts(epoch);
    const weekday = new Date(Date.UTC(+p.year, +p.month - 1, +p.day)).getUTCDay();
    const [days, months] = layar.say([DAYS, MONTHS], [DAYS_EN, MONTHS_EN]);
    return `${days[weekday]}, ${+p.day} ${months[+p.month - 1]} ${p.year}`;
  };

  // Points between thousands and a decimal comma; in English the other way round. Times of day keep their point.
  words.number = (value) => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, layar.say(".", ","));

  words.decimal = (value, digits) => value.toFixed(digits).replace(".", layar.say(",", "."));

  // "12 dtk", "4 mnt", "2 jam 5 mnt", "3 hari". A clock that is ahead gives no negative age.
  words.age = function (seconds) {
    const s = Math.max(0, Math.floor(seconds));
    const [second, minute, hour, day] = layar.say(UNITS);
    if (s < 60) return `${s} ${second}`;
    if (s < 3600) return `${Math.floor(s / 60)} ${minute}`;
    if (s < 86400) {
      const minutes = Math.floor((s % 3600) / 60);
      return `${Math.floor(s / 3600)} ${hour}${minutes ? ` ${minutes} ${minute}` : ""}`;
    }
    return `${Math.floor(s / 86400)} ${day}`;
  };

  words.since = (epoch) => words.age(time.now() - epoch);

  // A length of time with its units, never "04.12": that reads as a time of day. "4 mnt 12 dtk", "1 jam 5 mnt".
  words.span = function (seconds) {
    const s = Math.round(seconds);
    return s < 60 || s >= 3600 || s % 60 === 0 ? words.age(s) : `${words.age(s)} ${words.age(s % 60)}`;
  };

  words.distance = function (metres) {
    if (metres < 995) return `${Math.max(10, Math.round(metres / 10) * 10)} m`;
    return `${words.decimal(metres / 1000, 1)} km`;
  };

  // "4 mnt lalu"
  words.ago = (seconds) => layar.say(`${words.age(seconds)} lalu`, `${words.age(seconds)} ago`);

  // "Sif Pagi"; a shift of another name keeps the one the city gave it.
  words.shift = (name) => layar.say(`Sif ${name}`, `${SHIFTS[name] || name} shift`);

  words.priority = (priority) => layar.say(PRIORITIES[priority] || { id: "belum dinilai", en: "not yet judged" });

  // One heartbeat of the page a second, on the second of the server's clock: everything that shows an age listens.
  time.start = function () {
    const beat = () => {
      layar.emit("second", time.now());
      setTimeout(beat, 1000 - ((time.now() * 1000) % 1000) + 5);
    };
    beat();
  };
})();
