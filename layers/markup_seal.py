"""Takes telephone numbers out of the prose of an XML payload; places, times and ids stay as they came. Pure."""

from xml.etree.ElementTree import tostring

from geodata.errors import BadPayload
from layers.caller_seal import masked
from layers.caller_seal import seal as seal_anything
from layers.markup import local, xml_of

_PROSE = frozenset({
    "title", "description", "summary", "content", "headline", "instruction", "contact", "note", "areadesc", "author",
    "sendername", "name", "event", "encoded", "text", "wilayah", "dirasakan", "potensi", "valuename", "resourcedesc",
    "comments", "creator", "publisher", "rights", "subtitle", "webmaster", "managingeditor",
})  # fmt: skip
"""Elements that hold what somebody wrote; every other one holds a number, a time, a code or an address."""


def seal_xml(payload: bytes, key: bytes) -> bytes:
    """The payload with no telephone number in what somebody wrote; what is no XML is sealed like everything else."""
    try:
        root = xml_of(payload)
    except BadPayload:
        return seal_anything(payload, key)
    for element in root.iter():
        if element.text and local(element).casefold() in _PROSE:
            element.text = masked(element.text)
        if element.tail:
            element.tail = masked(element.tail)
    sealed: bytes = tostring(root, encoding="utf-8")
    return sealed
