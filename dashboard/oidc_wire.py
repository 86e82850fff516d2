"""What goes over the line to the provider: three questions, each with a bound on its time and its size."""

import time
from collections.abc import Mapping
from typing import Any, NoReturn

import orjson
import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from requests.adapters import HTTPAdapter

from dashboard.oidc_settings import OidcSettings
from geodata.errors import LayarError

_MOST_BYTES = 256 * 1024
_CHUNK = 16 * 1024
_OK = 200


class ProviderDown(LayarError):
    """The provider cannot be reached, or its answer cannot be read; `str` says which, without an address."""


class ProviderRefused(LayarError):
    """The provider does not vouch for this browser; `str` says why in the words of OAuth."""


class _Bounded(HTTPAdapter):
    """Reads the whole answer within the time and the size it may have."""

    def __init__(self, timeout_s: float) -> None:
        super().__init__()
        self._timeout_s = timeout_s

    def send(self, request: requests.PreparedRequest, *_: Any, **said: Any) -> requests.Response:  # noqa: ANN401
        end_s = time.monotonic() + self._timeout_s
        said |= {"stream": True, "timeout": self._timeout_s, "proxies": {}}
        answer = super().send(request, **said)
        body = bytearray()
        for chunk in answer.iter_content(_CHUNK):
            body += chunk
            if len(body) > _MOST_BYTES or time.monotonic() > end_s:
                answer.close()
                raise requests.ConnectionError("too long")
        answer._content = bytes(body)  # noqa: SLF001 — where requests keeps a body that was read
        return answer


def session_for(settings: OidcSettings, secret: str | None) -> OAuth2Session:
    """For one question; it follows nobody elsewhere."""
    session = OAuth2Session(
        settings.client_id,
        secret,
        token_endpoint_auth_method="client_secret_basic" if secret else "none",
        scope=" ".join(settings.scopes),
        redirect_uri=settings.callback,
        code_challenge_method="S256",
    )
    session.trust_env = False
    session.max_redirects = 0
    session.verify = settings.ca_file or True
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Bounded(settings.timeout_s))
    return session


def ask(address: str, settings: OidcSettings) -> dict[str, Any]:
    """A JSON object of the provider. Raises ProviderDown."""
    try:
        with session_for(settings, None) as session:
            answer = session.get(address, withhold_token=True, allow_redirects=False)
            return _object(answer)
    except requests.RequestException as error:
        _refuse(error)


def exchange(address: str, code: str, verifier: str, settings: OidcSettings, secret: str | None) -> Mapping[str, Any]:
    """The tokens for a code. Raises ProviderDown and ProviderRefused."""
    try:
        with session_for(settings, secret) as session:
            found: Mapping[str, Any] = session.fetch_token(
                address, grant_type="authorization_code", code=code, code_verifier=verifier, allow_redirects=False
            )
            return found
    except OAuthError as error:
        raise ProviderRefused(str(error.error)[:60]) from None
    except (requests.RequestException, ValueError) as error:
        _refuse(error)


def _object(answer: requests.Response) -> dict[str, Any]:
    if answer.status_code != _OK:
        raise ProviderDown(f"it answers {answer.status_code}")
    try:
        found = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise ProviderDown("its answer is no JSON object")
    return found


def _refuse(error: Exception) -> NoReturn:
    raise ProviderDown(type(error).__name__) from None
