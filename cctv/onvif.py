"""Ask an ONVIF camera for its streams: profiles and their addresses.

Nothing the camera answers leads to another host: its addresses are read as being on the host that was asked.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import httpx
from onveef import (
    OnvifAuthError,
    OnvifCapabilityMissingError,
    OnvifClient,
    OnvifError,
    OnvifFaultError,
    OnvifOperationNotSupportedError,
    OnvifTimeoutError,
)

from cctv.faults import Broken, fault_of
from cctv.guard import Guard
from cctv.onvif_wire import GuardedTransport
from cctv.onvif_words import Device, Offer, Profile
from cctv.unsigned import unsigned

T = TypeVar("T")
WITHIN_S = 12.0
_MOST_PROFILES = 12
_MOST_BYTES = 500_000
_LONGEST = 200


def ask(device: Device, guard: Guard, within_s: float = WITHIN_S) -> Offer:
    """Its profiles. Raises Broken with the fault."""
    return _broken_as(lambda: _offer(device, guard, within_s))


def _offer(device: Device, guard: Guard, within_s: float) -> Offer:
    transport = GuardedTransport(guard, within_s)
    with (
        httpx.Client(transport=transport, trust_env=False, follow_redirects=False) as http,
        OnvifClient(
            device.address,
            username=device.user,
            password=device.password,
            http_client=http,
            max_response_bytes=_MOST_BYTES,
            retries=0,
        ) as client,
    ):
        about: dict[str, str] = _unless_refused(client.get_device_information, {})
        found = client.get_profiles()[:_MOST_PROFILES]
        profiles = tuple(_profile(client, said) for said in found)
    return Offer(
        maker=_word(about.get("Manufacturer")),
        model=_word(about.get("Model")),
        profiles=profiles,
    )


def _profile(client: OnvifClient, said: dict[str, Any]) -> Profile:
    token, encoder = str(said.get("token") or ""), said.get("video_encoder") or {}
    stream = _unless_refused(lambda: client.get_stream_uri(profile_token=token), "")
    still = _unless_refused(lambda: client.get_snapshot_uri(profile_token=token), "")
    return Profile(
        token=token[:_LONGEST],
        name=(_word(said.get("name")) or token)[:_LONGEST],
        codec=_word(encoder.get("encoding")),
        width=_positive(encoder.get("width")),
        height=_positive(encoder.get("height")),
        fps=_positive(encoder.get("fps_limit")),
        url=_bare(stream, "rtsp"),
        snapshot_url=_bare(still, "http"),
    )


def _bare(url: str, scheme: str) -> str | None:
    """The URL without what it may hold of credentials; None unless it is of that scheme, plain or over TLS."""
    bare = unsigned(url)
    return bare.url if bare.url.startswith((f"{scheme}://", f"{scheme}s://")) else None


def _word(said: object) -> str | None:
    return str(said)[:_LONGEST] if said else None


def _positive(said: object) -> int | None:
    return said if isinstance(said, int) and said > 0 else None


def _unless_refused(question: Callable[[], T], otherwise: T) -> T:
    """The answer; `otherwise` where the camera knows the question but not the answer."""
    try:
        return question()
    except (OnvifFaultError, OnvifOperationNotSupportedError, OnvifCapabilityMissingError):
        return otherwise


_FAULTS: tuple[tuple[type[OnvifError], str], ...] = (
    (OnvifAuthError, "wrong_password"),
    (OnvifTimeoutError, "timed_out"),
    (OnvifError, "no_onvif"),
)


def _broken_as(action: Callable[[], T]) -> T:
    """Do it; nothing of a library's error is carried on, it may hold the question with its password."""
    try:
        return action()
    except OnvifError as error:
        fault = next(_of_library(error))
    except (OSError, ValueError, LookupError) as error:
        fault = fault_of(error)
    raise Broken(fault)


def _of_library(error: OnvifError) -> Iterator[str]:
    return (fault for kind, fault in _FAULTS if isinstance(error, kind))
