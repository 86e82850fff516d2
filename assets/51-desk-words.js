/* What the server refuses, in the words of who sits at the desk. Its own sentences are English; those it has no words
   for here are shown as they came, for half an explanation is better than none. */
(function () {
  "use strict";
  const layar = window.layar;
  const { desk } = layar;
  const SAID = [
    [/^is missing, and so is the name/, "Kode dan nama belum diisi."],
    [/is missing$/, "Belum diisi."],
    [/is not a number$/, "Bukan angka."],
    [/(-?[\d.]+) is not between (-?[\d.]+) and (-?[\d.]+)/, "Harus antara $2 dan $3."],
    [/is no latitude/, "Bukan lintang. Apakah bujur dan lintang tertukar?"],
    [/0,0 is no place/, "0,0 bukan tempat."],
    [/longer than (\d+) characters/, "Lebih panjang dari $1 huruf."],
    [/holds a space, an unprintable/, "Berisi spasi atau huruf yang tidak dapat dicetak, atau terlalu panjang."],
    [/characters that cannot be printed/, "Berisi huruf yang tidak dapat dicetak."],
    [/no camera source opens (\S+)/, "Alamat $1 tidak dikenal; pakai rtsp atau http."],
    [/no camera source is called (\S+)/, "Jenis $1 tidak dikenal."],
    [/cannot open (\S+)/, "Jenis ini tidak membuka alamat $1."],
    [/names no host/, "Alamat ini tidak menyebut kamera mana pun (host kosong)."],
    [/files are shown only from/, "Berkas hanya boleh dari folder data."],
    [/is neither yes nor no/, "Jawab ya atau tidak."],
    [/is none of (.+)/, "Harus salah satu dari: $1."],
    [/is no http:\/\/ or https:\/\/ address/, "Harus diawali http atau https."],
    [/names another host than url/, "Harus kamera (host) yang sama dengan alamatnya; kalau bukan, daftarkan sendiri."],
    [/the address leads to another host/, "Alamat baru menuju kamera lain: ketik sandinya lagi, atau hapus sandi tersimpan."],
    [/holds another password than/, "Sandinya berbeda dari alamat utama; isi di kolom pengguna dan sandi."],
    [/polygon (\d+) has not/, "Masker $1 harus punya 3 sampai 64 sudut."],
    [/polygon (\d+) crosses itself/, "Masker $1 memotong dirinya sendiri; gambar sebagai dua bentuk."],
    [/polygon (\d+) covers nothing/, "Masker $1 tidak menutup apa-apa."],
    [/holds more than (\d+) polygons/, "Paling banyak $1 masker."],
    [/is taken by (.+)/, "Kode ini sudah dipakai ($1)."],
    [/there is a camera .* already/, "Kode ini sudah dipakai kamera lain."],
    [/somebody else has changed/, "Kamera ini sudah diubah orang lain. Batalkan untuk memuat yang baru, lalu ulangi perubahan Anda."],
    [/is listed any more/, "Kamera ini sudah dihapus orang lain."],
    [/the first line must name the columns/, "Baris pertama harus menyebut nama kolom, antara lain id, name, lon, lat, url."],
    [/is not JSON/, "Bukan JSON yang benar; apakah ada koma atau kurung yang hilang?"],
    [/holds neither features nor/, "Tidak berisi daftar kamera."],
    [/outside the networks/, "Di luar jaringan tempat kamera boleh berada; periksa alamatnya, atau [cameras] allow di layar.toml."],
    [/name is not known to the network/, "Nama ini tidak dikenal jaringan."],
    [/cameras are being tested already|looking for cameras already/, "Orang lain sedang memakainya. Coba lagi beberapa detik lagi."],
    [/is larger than (\d+ MB)/, "Lebih besar dari $1."],
  ];

  const NO_LINE = /no line of the camera list can be taken(?:; (.+))?$/;
  const PLACED = /^(?:line|feature|entry) (\d+): (\w+): (.+)$/;

  desk.inWords = function (said) {
    const text = String(said || "");
    if (layar.lang() === "en") return desk.sentence(text);
    const none = NO_LINE.exec(text);
    if (none) return `Tidak ada baris yang dapat diambil. ${none[1] ? desk.inWords(none[1]) : ""}`.trim();
    const placed = PLACED.exec(text);
    if (placed) return `Baris ${placed[1]}, kolom ${placed[2]}: ${desk.inWords(placed[3])}`;
    for (const [shape, words] of SAID) {
      const match = shape.exec(text);
      if (match) return words.replace(/\$(\d)/g, (_, n) => match[Number(n)] || "").trim();
    }
    return text;
  };
})();
