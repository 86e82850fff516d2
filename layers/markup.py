"""XML from outside as a tree: no DTD, no entities, no file or address is ever opened for it."""

from xml.etree.ElementTree import Element, tostring  # types and writing; defusedxml reads

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from geodata.errors import BadPayload

_DEEPEST = 64


def xml_of(payload: bytes) -> Element:
    """The root. Raises BadPayload for what is not XML, has a DTD, names an entity or nests without end."""
    try:
        root = fromstring(payload, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise BadPayload(f"XML with a DTD or entities is refused ({type(error).__name__}); send it without") from error
    except (ParseError, ValueError, LookupError) as error:
        raise BadPayload(f"this is not XML: {error}; send well-formed XML") from error
    _refuse_deep(root)
    return root


def _refuse_deep(root: Element) -> None:
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > _DEEPEST:
            raise BadPayload(f"the XML nests deeper than {_DEEPEST} levels")
        level = [child for element in level for child in element]


def local(element: Element) -> str:
    """The tag without its namespace; empty for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element, tag: str) -> list[Element]:
    """Those directly inside with that tag, whatever their namespace."""
    return [child for child in element if local(child) == tag]


def text_of(element: Element, tag: str) -> str | None:
    """The text of the first child with that tag; None where it is absent or blank."""
    found = children(element, tag)
    said = (found[0].text or "").strip() if found else ""
    return said or None


def written(element: Element) -> bytes:
    """One item of a payload as XML of its own, for the quarantine."""
    xml: bytes = tostring(element, encoding="utf-8")
    return xml
