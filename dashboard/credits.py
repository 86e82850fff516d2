"""Whom to name beside what is shown: agencies whose public data the wall uses. Pure."""

from collections.abc import Mapping

from layers.alerts import Alert
from layers.feed import Feed
from layers.situation import Situation

BMKG = "Sumber: BMKG (Badan Meteorologi, Klimatologi, dan Geofisika)"
_ISSUERS = {"BMKG": BMKG}


def credits_of(situation: Situation, feeds: Mapping[str, Feed]) -> list[str]:
    """One sentence each; `situation` is unredacted. A simulation owes nobody anything."""
    spoke = [source.id.rpartition("/")[2] for source in situation.of("sources").values() if source.mode != "demo"]
    owed = {feed.credit for name in spoke if (feed := feeds.get(name)) is not None and feed.credit}
    alerts: list[Alert] = list(situation.of("alerts").values())
    issuers = {one.issued.issuer for one in alerts if one.issued is not None and one.told.mode != "demo"}
    return sorted(owed | {_ISSUERS[issuer] for issuer in issuers if issuer in _ISSUERS})
