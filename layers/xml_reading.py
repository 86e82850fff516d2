"""XML from outside, read without what makes XML dangerous: no DTD, no entities, nothing fetched.

Names are compared without their namespace: senders mix versions, and none of our dialects needs it.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import (
    Element,
    ParseError,
    tostring,
)  # what defusedxml makes is of this kind; nothing is parsed with it

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from geodata.errors import BadPayload

_DEEPEST = 60
_MOST_ELEMENTS = 200_000


def xml_of(payload: bytes) -> Element:
    """The root. Raises BadPayload for what is no XML, holds a DTD or an entity, or nests too deep."""
    try:
        root: Element = fromstring(payload, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise BadPayload("this XML declares a DTD or entities, which is refused; send it without") from error
    except (ParseError, ValueError, LookupError, UnicodeError) as error:
        raise BadPayload(f"this is not XML: {error}") from error
    _refuse_depth(root)
    return root


def _refuse_depth(root: Element) -> None:
    level, count = [root], 1
    for _ in range(_DEEPEST):
        level = [child for element in level for child in element]
        count += len(level)
        if not level or count > _MOST_ELEMENTS:
            break
    if level:
        raise BadPayload("this XML nests too deep or has too many elements")


def local_name(element: Element) -> str:
    """Its name without the namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element, name: str) -> Iterator[Element]:
    """Its children of that name, in whatever namespace."""
    return (child for child in element if local_name(child) == name)


def child(element: Element, name: str) -> Element | None:
    """The first child of that name."""
    return next(children(element, name), None)


def text_of(element: Element | None) -> str | None:
    """What stands in it, without the space around; None where nothing does."""
    said = "".join(element.itertext()).strip() if element is not None else ""
    return said or None


def said_in(element: Element, name: str) -> str | None:
    """The text of the first child of that name; None where it is missing or empty."""
    return text_of(child(element, name))


def bytes_of_element(element: Element) -> bytes:
    """One item of a payload as XML of its own."""
    written: bytes = tostring(element, encoding="utf-8")
    return written
