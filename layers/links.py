"""The links of a list of news, RSS or Atom, in its order. Pure."""

from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from layers.markup import children, local, xml_of

_MOST = 1000


def links_in(payload: bytes, base: str) -> tuple[str, ...]:
    """Where its items lead, made whole by `base`. Raises BadPayload."""
    found = [link for item in xml_of(payload).iter() if local(item) in {"item", "entry"} for link in links_of(item)]
    return tuple(urljoin(base, link) for link in found[:_MOST])


def links_of(item: Element) -> list[str]:
    """Where one item leads: none, or its first link."""
    said = [link.get("href") or link.text or "" for link in children(item, "link") if _is_the_page(link)]
    return [link.strip() for link in said if link.strip()][:1]


def _is_the_page(link: Element) -> bool:
    return link.get("rel", "alternate") in {"alternate", "related"}
