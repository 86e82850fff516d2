"""The rooms of the desk, in the order of its list on the left. The name is the address: `/operate/<name>`."""

from collections.abc import Mapping

from dashboard import operate_exercise, operate_incidents
from dashboard.operate import Room

ROOMS: Mapping[str, Room] = {
    "incidents": operate_incidents.ROOM,
    "exercise": operate_exercise.ROOM,
}
