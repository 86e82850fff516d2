"""The links of a list of news, RSS or Atom, in its order. Pure."""

from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from layers.xml_reading import children, local_name, text_of, xml_of

_MOST = 1000


def links_in(payload: bytes, base: str) -> tuple[str, ...]:
    """Where its items lead, made whole by `base`. Raises BadPayload."""
    found = [link for item in xml_of(payload).iter() if local_name(item) in {"item", "entry"} for link in _links(item)]
    return tuple(urljoin(base, link) for link in found[:_MOST])


def _links(item: Element) -> list[str]:
    said = [link.get("href") or text_of(link) for link in children(item, "link") if _is_the_page(link)]
    return [link.strip() for link in said if link and link.strip()][:1]


def _is_the_page(link: Element) -> bool:
    return link.get("rel", "alternate") in {"alternate", "related"}
