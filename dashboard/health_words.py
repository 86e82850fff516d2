"""What to do about each thing that is not working, for a volunteer on duty. Data, by the kind of a trouble.

The kind is the part of a trouble's key before the colon (dashboard/degraded.py).
"""

from collections.abc import Mapping

from layers.layer import Words

CALL_IT = Words(
    id="Tunggu satu menit: bagian ini dimulai lagi sendiri. Bila tetap begini, hubungi petugas TI.",
    en="Wait a minute: this part starts again by itself. If it stays like this, call the technician.",
)
REMEDIES: Mapping[str, Words] = {
    "store": Words(
        id="Hubungi petugas TI sekarang: disk server perlu diperiksa. Gambar terakhir tetap tampil.",
        en="Call the technician now: the server's disk needs a look. The last picture stays.",
    ),
    "disk": Words(
        id="Minta petugas TI mengosongkan disk server. Belum ada kabar yang hilang.",
        en="Ask the technician to make room on the server's disk. No news is lost yet.",
    ),
    "spool": Words(
        id="Minta petugas TI mengosongkan disk server. Yang ditampung masuk sendiri sesudahnya.",
        en="Ask the technician to make room on the server's disk. What was kept aside comes in by itself.",
    ),
    "layer": Words(
        id="Bagian lain peta tetap benar. Laporkan kepada petugas TI.",
        en="The rest of the map stays right. Tell the technician.",
    ),
    "clock": Words(
        id="Minta petugas TI menyetel jam server (NTP), lalu menjalankan: layar clock.",
        en="Ask the technician to set the server's clock (NTP), then to run: layar clock.",
    ),
    "camera_process": CALL_IT,
    "feed_process": CALL_IT,
    "outage": Words(
        id="Periksa listrik dan jaringan di tempat itu: kamera yang putus memakai jalur yang sama.",
        en="Check power and network there: the lost cameras share a line.",
    ),
    "cameras": Words(
        id="Periksa jaringan kamera. Bila hanya beberapa, hubungi pemiliknya (meja kamera menyebut siapa).",
        en="Check the cameras' network. If only some are lost, call their owner (the camera desk says who).",
    ),
    "camera": Words(
        id="Hubungi pemilik kamera: periksa listrik dan jaringannya. Gambar terakhirnya tetap tampil dengan umurnya.",
        en="Call the camera's owner: check its power and network. Its last picture stays, with its age.",
    ),
    "pictures": Words(
        id="Lihat gambarnya di dinding kamera. Lensa kotor, kamera bergeser, atau gambar beku: hubungi pemiliknya.",
        en="Look at the pictures on the camera wall. Dirty lens, moved camera or frozen picture: call the owner.",
    ),
    "clocks": Words(
        id="Umur gambar di layar tetap benar; hanya jam yang tertulis di gambar yang salah. Setel NTP di kamera itu.",
        en="Ages on the screens are right; only the time written in the picture is wrong. Set NTP in that camera.",
    ),
    "archive": Words(
        id="Gambar langsung tetap jalan. Minta petugas TI memeriksa ruang arsip.",
        en="Live pictures go on. Ask the technician to check the room of the archive.",
    ),
    "line": Words(
        id="Periksa internet. Dicoba lagi sendiri; data terakhir tetap tampil dengan umurnya.",
        en="Check the internet. It is tried again by itself; the last data stays, with its age.",
    ),
    "source": Words(
        id="Tanyakan kepada pengirimnya apakah alatnya hidup. Kabar terakhir tetap tampil dengan umurnya.",
        en="Ask the sender whether the device is on. Its last word stays, with its age.",
    ),
    "quarantine": Words(
        id="Kiriman itu disimpan, tidak hilang. Minta petugas TI melihatnya: layar quarantine list.",
        en="They are kept, not lost. Ask the technician to look: layar quarantine list.",
    ),
    "hook": Words(
        id="Beri tahu penerimanya; minta petugas TI menjalankan: layar hooks dead.",
        en="Tell the receiver; ask the technician to run: layar hooks dead.",
    ),
    "backup": Words(
        id="Minta petugas TI memeriksa disk cadangan hari ini juga. Dicoba lagi tiap seperempat jam.",
        en="Ask the technician to check the backup disk today. It is tried again every quarter of an hour.",
    ),
    "report": Words(
        id="Dicoba lagi sendiri. Laporannya dapat dibuat dengan tangan: tombol P di halaman briefing.",
        en="It is tried again by itself. It can be made by hand: key P on the briefing.",
    ),
    "behind": CALL_IT,
    "process": CALL_IT,
    "memory": Words(
        id="Tutup program lain di server. Bila berulang, hubungi petugas TI: memori server terlalu kecil.",
        en="Close other programs on the server. If it comes back, call the technician: too little memory.",
    ),
    "load": Words(
        id="Tutup program lain di server. Layar bisa lambat; datanya tetap benar.",
        en="Close other programs on the server. Screens may be slow; what they show stays right.",
    ),
}
REMEDIES_ALIKE: Mapping[str, str] = {"picture": "pictures"}


def remedy(kind: str) -> Words:
    """What to do; a trouble nobody wrote down here is for the technician."""
    return REMEDIES.get(REMEDIES_ALIKE.get(kind, kind), CALL_IT)
