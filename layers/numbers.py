"""Numbers as people of the city write them, and as readers of English do: "1.284" and "1,284", "7,75" and "7.75".

The one place where Python writes a number for a screen; `assets/02-time.js` does the same for what counts by itself.
"""

from layers.layer import Words


def count_words(count: int) -> Words:
    """A whole number with its thousands apart."""
    said = f"{count:,}"
    return Words(id=said.replace(",", "."), en=said)


def decimal_words(value: float, digits: int = 1, unit: str = "", *, is_signed: bool = False) -> Words:
    """A number with so many decimals and its unit behind a space."""
    said = f"{value:{'+' if is_signed else ''},.{digits}f}"
    swapped = said.translate({ord(","): ".", ord("."): ","})
    tail = f" {unit}" if unit else ""
    return Words(id=swapped + tail, en=said + tail)


def share_words(share: float) -> Words:
    """A part of 1 in per cent."""
    return decimal_words(100 * share, 1, "%")


def joined(*parts: Words | str) -> Words:
    """Words set side by side in each language; a plain text is the same in both."""
    return Words(
        id="".join(part if isinstance(part, str) else part.id for part in parts),
        en="".join(part if isinstance(part, str) else part.en for part in parts),
    )


def span_words(seconds: float) -> Words:
    """A length of time with its units, never like a time of day: "6 mnt 33 dtk", "1 jam 5 mnt"."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    pairs = ((hours, "jam", "h"), (minute, "mnt", "min")) if hours else ((minutes, "mnt", "min"), (second, "dtk", "s"))
    told = [pair for pair in pairs if pair[0]] or [pairs[-1]]
    return Words(
        id=" ".join(f"{number} {unit}" for number, unit, _ in told),
        en=" ".join(f"{number} {unit}" for number, _, unit in told),
    )
