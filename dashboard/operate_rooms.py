"""The rooms of the desk, in the order of its list on the left. The name is the address: `/operate/<name>`."""

from collections.abc import Mapping

from dashboard import (
    operate_audit,
    operate_backup,
    operate_callers,
    operate_calls,
    operate_campaigns,
    operate_disasters,
    operate_exercise,
    operate_feeds,
    operate_incidents,
    operate_lifelines,
    operate_quarantine,
    operate_shelters,
    operate_shifts,
    operate_taxonomy,
    operate_units,
    operate_users,
    operate_walls,
)
from dashboard.operate import Room

ROOMS: Mapping[str, Room] = {
    "incidents": operate_incidents.ROOM,
    "calls": operate_calls.ROOM,
    "callers": operate_callers.ROOM,
    "units": operate_units.ROOM,
    "shift": operate_shifts.ROOM,
    "lifelines": operate_lifelines.ROOM,
    "disasters": operate_disasters.ROOM,
    "shelters": operate_shelters.ROOM,
    "exercise": operate_exercise.ROOM,
    "campaigns": operate_campaigns.ROOM,
    "walls": operate_walls.ROOM,
    "feeds": operate_feeds.ROOM,
    "quarantine": operate_quarantine.ROOM,
    "taxonomy": operate_taxonomy.ROOM,
    "users": operate_users.ROOM,
    "audit": operate_audit.ROOM,
    "backup": operate_backup.ROOM,
}
