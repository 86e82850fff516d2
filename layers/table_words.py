"""What the columns of dispatch tables are called, in Indonesian and English, and which of a header are which. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence

from layers.incident_facts import STATUSES, Status
from layers.table_mapping import Columns, TableMapping, plain

FIELD_NAMES: Mapping[str, tuple[str, ...]] = {
    "id": (
        "uid",
        "id insiden",
        "id kejadian",
        "id laporan",
        "nomor laporan",
        "no laporan",
        "nomor tiket",
        "no tiket",
        "nomor kejadian",
        "no kejadian",
        "ticket",
        "ticket id",
        "ticket number",
        "incident id",
        "incident number",
        "incident no",
        "event number",
        "case number",
        "case id",
        "call number",
        "cad number",
        "id",
    ),
    "time": (
        "waktu lapor",
        "waktu laporan",
        "waktu pelaporan",
        "tanggal lapor",
        "tanggal laporan",
        "tgl lapor",
        "tgl laporan",
        "tanggal waktu",
        "waktu kejadian",
        "tanggal kejadian",
        "received dttm",
        "call received",
        "call received time",
        "received time",
        "received at",
        "time received",
        "incident datetime",
        "incident date",
        "incident time",
        "call date time",
        "call time",
        "reported at",
        "report time",
        "reported",
        "event time",
        "created at",
        "create time",
        "datetime",
        "date time",
        "timestamp",
        "tanggal",
        "waktu",
        "tgl",
        "date",
        "call date",
    ),
    "clock": ("jam", "jam lapor", "jam laporan", "pukul", "waktu jam", "time", "clock", "jam kejadian"),
    "kind": (
        "tipe laporan",
        "jenis laporan",
        "tipe panggilan",
        "jenis panggilan",
        "tipe call",
        "report type",
        "type of call",
    ),
    "category": (
        "kategori",
        "kategori laporan",
        "kategori kejadian",
        "jenis kejadian",
        "category",
        "incident type",
        "call type",
        "nature",
        "event type",
        "type",
        "problem",
        "call type group",
        "final call type",
        "jenis",
    ),
    "priority": ("prioritas", "priority", "severity", "tingkat", "kegawatan", "final priority", "urgency"),
    "status": (
        "status",
        "status laporan",
        "status penanganan",
        "disposition",
        "final disposition",
        "state",
        "tindak lanjut",
    ),
    "lon": ("longitude", "long", "lon", "lng", "bujur", "garis bujur", "x", "koordinat x", "x coordinate"),
    "lat": ("latitude", "lat", "lintang", "garis lintang", "y", "koordinat y", "y coordinate"),
    "point": (
        "koordinat",
        "lokasi koordinat",
        "titik koordinat",
        "point",
        "location point",
        "case location",
        "geom",
        "latlong",
        "lat long",
        "location",
    ),
    "kecamatan": ("kecamatan", "district", "distrik", "kec"),
    "kelurahan": ("kelurahan", "desa", "kelurahan desa", "desa kelurahan", "village", "kel", "kode kelurahan"),
    "description": (
        "deskripsi",
        "keterangan",
        "kronologi",
        "uraian",
        "isi laporan",
        "description",
        "narrative",
        "remarks",
        "notes",
        "detail",
        "deskripsi kejadian",
    ),
    "agency": (
        "opd",
        "instansi",
        "dinas",
        "dinas terkait",
        "opd terkait",
        "agency",
        "department",
        "responding agency",
        "skpd",
        "unit kerja",
        "penanganan oleh",
    ),
    "unit": (
        "unit",
        "unit id",
        "unit name",
        "apparatus",
        "vehicle",
        "armada",
        "call sign",
        "callsign",
        "resource",
        "unit number",
    ),
    "duration": (
        "durasi pengerjaan",
        "durasi penanganan",
        "durasi",
        "lama penanganan",
        "lama pengerjaan",
        "duration",
        "total duration",
        "handling time",
    ),
    "caller": (
        "nomor telepon",
        "no telepon",
        "no telp",
        "telepon",
        "nomor hp",
        "no hp",
        "nomor pelapor",
        "phone",
        "phone number",
        "caller number",
        "caller",
        "ani",
        "msisdn",
        "nomor pemanggil",
        "callback",
    ),
}
STEP_NAMES: Mapping[Status, tuple[str, ...]] = {
    "diverifikasi": ("waktu verifikasi", "waktu diverifikasi", "verified at", "entry dttm", "entry time"),
    "diteruskan": (
        "waktu diteruskan",
        "waktu disposisi",
        "waktu penugasan",
        "waktu dispatch",
        "diteruskan",
        "dispatch dttm",
        "dispatch time",
        "dispatched",
        "dispatched at",
        "time dispatched",
        "first assignment datetime",
        "assigned at",
        "alarm time",
        "time alarm",
    ),
    "diterima_opd": (
        "waktu diterima opd",
        "diterima opd",
        "accepted at",
        "acknowledged at",
        "acknowledge time",
        "time ack",
    ),
    "menuju_lokasi": (
        "waktu berangkat",
        "waktu menuju lokasi",
        "berangkat",
        "response dttm",
        "en route",
        "enroute",
        "en route time",
        "enroute time",
        "enroute at",
        "time enroute",
        "turnout time",
        "departed",
    ),
    "di_lokasi": (
        "waktu tiba",
        "waktu tiba di lokasi",
        "tiba",
        "tiba di lokasi",
        "jam tiba",
        "on scene dttm",
        "on scene",
        "on scene time",
        "onscene",
        "arrived",
        "arrived at",
        "arrival",
        "arrival time",
        "time arrived",
        "first on scene datetime",
        "waktu respon",
        "waktu tanggap",
        "response time",
    ),
    "tertangani": ("waktu tertangani", "waktu ditangani", "tertangani", "under control", "controlled at"),
    "selesai": (
        "waktu selesai",
        "waktu penyelesaian",
        "selesai",
        "jam selesai",
        "waktu tutup",
        "available dttm",
        "cleared",
        "clear time",
        "time cleared",
        "closed",
        "closed at",
        "close time",
        "incident close datetime",
        "completed at",
        "time available",
    ),
}
_SIGNS_OF_112 = frozenset({"tipe laporan", "durasi pengerjaan", "agent l1"})
_TIMES_OF_112 = frozenset({"waktu lapor", "waktu laporan", "tanggal lapor"})


def columns_by_name(names: Sequence[str]) -> tuple[dict[str, str], dict[Status, str]]:
    """(field → column, milestone → column) as far as the names alone tell; a column is taken once."""
    free = {plain(name): name for name in reversed(names) if name}
    fields = {field: found for field, known in FIELD_NAMES.items() if (found := _taken(free, known))}
    steps = {status: found for status in STATUSES if (found := _taken(free, STEP_NAMES.get(status, ())))}
    return fields, steps


def _taken(free: dict[str, str], known: Iterable[str]) -> str | None:
    return next((free.pop(name) for name in known if name in free), None)


def is_of_112(names: Sequence[str]) -> bool:
    """Whether a header is that of the 112 application's workbook."""
    known = {plain(name) for name in names}
    return bool(known & _TIMES_OF_112) and bool(known & _SIGNS_OF_112)


def mapping_of_112(names: Sequence[str]) -> TableMapping | None:
    """How the 112 application's workbook is read, with the columns this year has; None where it is another table."""
    if not is_of_112(names):
        return None
    fields, steps = columns_by_name(names)
    return TableMapping(columns=Columns(**fields), milestones=steps)


def mapping_by_name(names: Sequence[str]) -> TableMapping | None:
    """A table whose columns have names that leave no doubt; None without an id and a time."""
    fields, steps = columns_by_name(names)
    return TableMapping(columns=Columns(**fields), milestones=steps) if {"id", "time"} <= set(fields) else None


def is_hour_name(name: str) -> bool:
    """Whether a column is named after a time of day alone."""
    return re.search(r"\b(jam|pukul|clock)\b", plain(name)) is not None
