"""Signing in through the city's own provider: the way there, the way back, and who it says somebody is.

Authorization code with PKCE, state and nonce. While the browser is away it carries what must come back unchanged in a
sealed cookie, so nothing is kept here; what the provider says counts only signed by a key of its own, for us, just now.
"""

import hmac
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import KeySet, OctKey, import_key

from dashboard.oidc_settings import OidcSettings, is_sealed
from dashboard.oidc_wire import ProviderDown, ProviderRefused, ask, exchange, session_for
from dashboard.tokens import Grant
from dashboard.users import ROLES
from geodata.clock import Clock, epoch_s

AWAY_S = 600
"""How long somebody may take to sign in there."""
_KNOWN_S = 3_600.0
_KEYS_REST_S = 30.0
_DOWN_S = 5.0
_LEEWAY_S = 60
_AT_ONCE = 4
_MOST_KEYS = 50
_LONGEST = 4_096
_LONGEST_SUBJECT = 255
_SEAL = {"alg": "dir", "enc": "A256GCM"}
_SIGNED = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""With keys whose secret half the provider alone has: a token signed with a shared word, or not at all, is none."""
_BAD_TOKEN = (JoseError, ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who somebody is at the provider today, in our words. `role` None: none of their groups may come in."""

    subject: str
    names: tuple[str, ...]
    role: Grant | None
    agency: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the provider says of itself."""

    authorize: str
    token: str
    keys_at: str
    keys: KeySet
    at_s: float


class Provider:
    """May be asked by several threads; a few at once, and a provider that is down is left alone for some seconds."""

    def __init__(
        self, settings: OidcSettings, secret: str | None, key: bytes, clock: Clock, clock_s: Callable[[], float]
    ) -> None:
        self.settings = settings
        self._secret = secret
        self._seal = OctKey.import_key(hmac.digest(key, b"layar oidc", "sha256"))
        self._clock = clock
        self._clock_s = clock_s
        self._seats = threading.BoundedSemaphore(_AT_ONCE)
        self._known: _Known | None = None
        self._down_until_s = float("-inf")

    def begin(self, home: str, lang: str = "id") -> tuple[str, str]:
        """Where to send a browser, and what it carries meanwhile. Raises ProviderDown."""
        trip = {"state": secrets.token_urlsafe(24), "nonce": secrets.token_urlsafe(24)}
        verifier = secrets.token_urlsafe(48)
        with self._seat():
            known = self._provider()
        with session_for(self.settings, None) as session:
            address, _ = session.create_authorization_url(known.authorize, code_verifier=verifier, **trip)
        away = {**trip, "verifier": verifier, "home": home, "lang": lang, "until": int(epoch_s(self._clock())) + AWAY_S}
        return address, jwt.encode(_SEAL, away, self._seal, registry=_registry())

    def finish(self, carried: str, said: Mapping[str, str]) -> tuple[Person, str]:
        """Who came back, and where they wanted to go. Raises ProviderRefused and ProviderDown."""
        away = self._away(carried)
        if not hmac.compare_digest(away["state"].encode(), said.get("state", "").encode("utf-8", "replace")):
            raise ProviderRefused("state")
        if said.get("iss", self.settings.issuer) != self.settings.issuer:
            raise ProviderRefused("iss")
        code = said.get("code", "")
        if "error" in said or not code or len(code) > _LONGEST:
            raise ProviderRefused(said.get("error", "code")[:60])
        with self._seat():
            known = self._provider()
            tokens = exchange(known.token, code, away["verifier"], self.settings, self._secret)
            claims = self._claims(tokens, away["nonce"])
        return person_of(claims, self.settings), away["home"]

    def lang_of(self, carried: str) -> str:
        """The language in which they went away, for what is said when they are back; also when they are late."""
        try:
            return str(jwt.decode(carried[:_LONGEST], self._seal, registry=_registry()).claims["lang"])
        except _BAD_TOKEN:
            return ""

    def _away(self, carried: str) -> dict[str, Any]:
        try:
            away = jwt.decode(carried[:_LONGEST], self._seal, registry=_registry()).claims
            is_late = epoch_s(self._clock()) > away["until"]
        except _BAD_TOKEN:
            raise ProviderRefused("cookie") from None
        if is_late:
            raise ProviderRefused("late")
        return away

    def _claims(self, tokens: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        """What the id_token says, once all about it is right."""
        try:
            found = self._signed(str(tokens["id_token"]))
            claims = CodeIDToken(
                found.claims,
                found.header,
                {
                    "iss": {"essential": True, "value": self.settings.issuer},
                    "sub": {"essential": True},
                    "aud": {"essential": True, "value": self.settings.client_id},
                    "nonce": {"essential": True, "value": nonce},
                },
                {"nonce": nonce, "client_id": self.settings.client_id, "access_token": tokens.get("access_token")},
            )
            if len(found.claims["sub"]) > _LONGEST_SUBJECT:
                raise ValueError("sub")
            claims.validate(now=int(epoch_s(self._clock())), leeway=_LEEWAY_S)
        except _BAD_TOKEN as error:
            raise ProviderRefused(f"id_token: {type(error).__name__}") from None
        return dict(claims)

    def _signed(self, token: str) -> jwt.Token:
        """By a key that is known, or that the provider has changed to meanwhile."""
        known = self._provider()
        try:
            return jwt.decode(token, known.keys, algorithms=_SIGNED)
        except InvalidKeyIdError:
            if self._clock_s() - known.at_s < _KEYS_REST_S:
                raise
            self._known = None
            return jwt.decode(token, self._provider().keys, algorithms=_SIGNED)

    def _provider(self) -> _Known:
        now_s, known = self._clock_s(), self._known
        if known is not None and now_s - known.at_s < _KNOWN_S:
            return known
        if now_s < self._down_until_s:
            raise ProviderDown("it was down a moment ago")
        try:
            self._known = known = self._asked(now_s)
        except ProviderDown:
            self._down_until_s = now_s + _DOWN_S
            raise
        return known

    def _asked(self, now_s: float) -> _Known:
        issuer = self.settings.issuer
        said = ask(f"{issuer.rstrip('/')}/.well-known/openid-configuration", self.settings)
        if said.get("issuer") != issuer:
            raise ProviderDown("it calls itself by another name than [oidc] issuer")
        addresses = [said.get(key) for key in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        if not all(is_sealed(address) for address in addresses):
            raise ProviderDown("one of its addresses is missing or not https")
        authorize, token, keys_at = map(str, addresses)
        keys = keys_of(ask(keys_at, self.settings))
        return _Known(authorize=authorize, token=token, keys_at=keys_at, keys=keys, at_s=now_s)

    @contextmanager
    def _seat(self) -> Iterator[None]:
        if not self._seats.acquire(timeout=self.settings.timeout_s):
            raise ProviderDown("too many people sign in just now")
        try:
            yield
        finally:
            self._seats.release()


def _registry() -> JWERegistry:
    return JWERegistry(algorithms=list(_SEAL.values()))


def keys_of(said: Mapping[str, Any]) -> KeySet:
    """The keys for signatures; one of a kind we do not know is passed over. Raises ProviderDown when none is left."""
    found = []
    listed = said.get("keys")
    for one in listed[:_MOST_KEYS] if isinstance(listed, list) else ():
        try:
            key = import_key(one)
            if key.key_type != "oct" and one.get("use", "sig") == "sig":
                found.append(key)
        except _BAD_TOKEN:
            continue
    if not found:
        raise ProviderDown("it shows no key that we know")
    return KeySet(found)


def person_of(claims: Mapping[str, Any], settings: OidcSettings) -> Person:
    """What the provider says of a person, by the names that the settings give it."""
    groups = _words(_claim(claims, settings.group_claim))
    wanted: dict[str, tuple[str, ...]] = settings.roles.model_dump()
    role = next((role for role in ROLES if groups & set(wanted[role])), None)
    agency = next(iter(sorted(_words(_claim(claims, settings.agency_claim)))), None) if settings.agency_claim else None
    if role == "head" and settings.agency_claim and agency is None:
        role = None  # without their agency they would see everybody's
    names = tuple(claims[key] for key in (settings.name_claim, "email") if isinstance(claims.get(key), str))
    return Person(
        subject=f"{settings.issuer}#{claims['sub']}",
        names=names,
        role=role,
        agency=agency if role == "head" else None,
    )


def _claim(claims: Mapping[str, Any], name: str) -> object:
    """By its whole name, else each dot one object deeper."""
    if name in claims:
        return claims[name]
    found: object = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _words(said: object) -> set[str]:
    if isinstance(said, str):
        return {said}
    return {one for one in said if isinstance(one, str)} if isinstance(said, list) else set()
