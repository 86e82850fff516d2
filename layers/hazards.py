"""What publishers call a hazard, in English; their own word where nobody wrote one down here. Pure."""

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "angin kencang": "strong wind",
    "banjir": "flood",
    "cuaca ekstrem": "extreme weather",
    "gelombang tinggi": "high waves",
    "gempa": "earthquake",
    "gempa bumi": "earthquake",
    "gunung api": "volcano",
    "hujan": "rain",
    "hujan lebat": "heavy rain",
    "kabut asap": "haze",
    "kebakaran hutan": "forest fire",
    "kekeringan": "drought",
    "petir": "lightning",
    "puting beliung": "whirlwind",
    "tanah longsor": "landslide",
    "tsunami": "tsunami",
}


def in_english(words: str) -> str:
    """The same words with the hazard they begin with in English, begun with a capital where they were."""
    known = words.casefold()
    for hazard in sorted(ENGLISH, key=len, reverse=True):
        if known == hazard or known.startswith(f"{hazard} "):
            said = ENGLISH[hazard] + words[len(hazard) :]
            return said[0].upper() + said[1:] if words[0].isupper() else said
    return words
