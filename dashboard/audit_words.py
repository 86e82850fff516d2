"""Deeds of the audit in plain words, in both languages; what has none stays as it was noted. Pure."""

from collections.abc import Mapping

from dashboard.operate import Room, both
from layers.layer import Words

_WORDS: Mapping[str, Words] = {
    "audit.head_lost": both("ujung audit hilang", "the audit's end is gone"),
    "backup": both("cadangan dibuat", "backup made"),
    "bookmark.delete": both("penanda dihapus", "bookmark deleted"),
    "bookmark.set": both("penanda dibuat", "bookmark set"),
    "camera.add": both("kamera ditambah", "camera added"),
    "camera.change": both("kamera diubah", "camera changed"),
    "camera.delete": both("kamera dihapus", "camera deleted"),
    "camera.discover": both("kamera dicari di jaringan", "cameras looked for in the network"),
    "camera.export": both("daftar kamera diekspor", "list of cameras exported"),
    "camera.import": both("daftar kamera diimpor", "list of cameras imported"),
    "camera.onvif": both("kamera ditanya lewat ONVIF", "camera asked by ONVIF"),
    "camera.reference": both("gambar acuan dilihat", "reference picture looked at"),
    "camera.teach": both("kamera diminta belajar lagi", "camera told to learn anew"),
    "camera.test": both("kamera dicoba", "camera tried"),
    "clock.mend": both("jam catatan dibetulkan", "the log's clock mended"),
    "export": both("data diekspor", "data exported"),
    "hook.create": both("webhook dibuat", "webhook made"),
    "hook.retry": both("webhook dicoba lagi", "webhook tried again"),
    "hook.revoke": both("webhook dicabut", "webhook revoked"),
    "live.end": both("video langsung ditutup", "live video closed"),
    "live.start": both("video langsung dibuka", "live video opened"),
    "past.view": both("masa lalu dilihat", "past looked at"),
    "quarantine.discard": both("kiriman tidak terbaca dibuang", "unreadable record thrown away"),
    "report.deliver": both("laporan dikirim", "report delivered"),
    "report.fetch": both("laporan diambil", "report fetched"),
    "report.make": both("laporan dibuat", "report made"),
    "restore": both("cadangan dipulihkan", "backup restored"),
    "retention": both("data lama dimusnahkan", "old data destroyed"),
    "sign-in": both("masuk", "signed in"),
    "sign-in.locked": both("masuk dikunci sementara", "sign-in locked for a time"),
    "sign-out": both("keluar", "signed out"),
    "sign-out.everywhere": both("keluar di semua perangkat", "signed out everywhere"),
    "still.view": both("gambar tersimpan dilihat", "kept picture looked at"),
    "stills.delete": both("gambar tersimpan dimusnahkan", "kept pictures destroyed"),
    "stills.list": both("daftar gambar dilihat", "list of kept pictures looked at"),
    "token.create": both("token dibuat", "token made"),
    "token.revoke": both("token dicabut", "token revoked"),
    "user.add": both("pengguna ditambah", "user added"),
    "user.disable": both("pengguna dinonaktifkan", "user kept out"),
    "user.enable": both("pengguna diaktifkan lagi", "user let in again"),
    "user.password": both("kata sandi diganti", "password changed"),
    "user.remove": both("pengguna dihapus", "user removed"),
    "user.role": both("peran diubah", "role changed"),
    "visit.begin": both("mode tamu dimulai", "visitor mode begun"),
    "visit.end": both("mode tamu diakhiri", "visitor mode ended"),
    "visit.refused": both("kunci mode tamu ditolak", "visitor mode refused"),
    "wall.acknowledge": both("kejadian di dinding dicatat", "incident on a wall acknowledged"),
    "wall.lock": both("dinding ditahan", "wall held"),
    "wall.release": both("dinding dilepas", "wall released"),
    "wall.send": both("adegan dikirim", "scene sent"),
}


def words_of(action: str, rooms: Mapping[str, Room]) -> Words:
    """The deed in plain words; one of the desk as its room and its button say it."""
    part, _, rest = action.partition(".")
    room, _, deed = rest.partition(".")
    if part != "desk" or room not in rooms:
        return _WORDS.get(action) or both(action, action)
    known = rooms[room].deeds.get(deed)
    done = known.words if known else both("dibatalkan", "taken back") if deed == "undo" else both(deed, deed)
    return both(f"{rooms[room].title.id}: {done.id}", f"{rooms[room].title.en}: {done.en}")
