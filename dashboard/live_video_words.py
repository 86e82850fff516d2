"""Why a camera has no live video, as the screen says it. Each ends with what is shown instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Reason:
    """In the two languages of the screens."""

    id: str
    en: str

    @property
    def both(self) -> Mapping[str, str]:
        """As a message to the browser holds it."""
        return {"text": self.id, "text_en": self.en}


OBSTACLES: Mapping[str, Reason] = MappingProxyType(
    {
        "masked": Reason("area privasi ditutup: gambar diam cepat", "has privacy masks: fast stills"),
        "kind": Reason("kamera tanpa aliran video: gambar diam cepat", "has no video stream: fast stills"),
        "h265": Reason("H.265: gambar diam cepat", "H.265: fast stills"),
        "codec": Reason("video tidak dikenal peramban: gambar diam cepat", "codec unknown to browsers: fast stills"),
        "unlisted": Reason("kamera tidak ada di daftar", "the camera is not listed"),
        "full": Reason("kuota video langsung penuh: gambar diam cepat", "all live tiles are taken: fast stills"),
        "unaudited": Reason("catatan audit gagal: gambar diam cepat", "the audit cannot be written: fast stills"),
    }
)
