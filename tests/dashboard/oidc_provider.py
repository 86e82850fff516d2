"""A provider of OpenID Connect on 127.0.0.1: real sockets, real keys, real signatures; and it can be told to cheat."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "layar-112", "rahasia-klien-kenari-9f2c41"
SUBJECT = "f6a1c0de"


class LocalProvider:
    """`start`, then sign in there as `person`; `cheat` changes the claims, `sign` how the token is signed."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.person: dict[str, Any] = {"sub": SUBJECT, "preferred_username": "rina", "groups": ["112-operator"]}
        self.key = RSAKey.generate_key(2048, {"use": "sig"})
        self.shown = [self.key]
        self.cheat: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.now: Callable[[], float] = time.time
        self.is_down = False
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self._host = host
        self._server = make_server(host, 0, self._app(), threaded=True)

    @property
    def issuer(self) -> str:
        """As it calls itself."""
        return f"http://{self._host}:{self._server.port}/realms/samarinda"

    def start(self) -> "LocalProvider":
        """Listen."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()

    def signed(self, claims: dict[str, Any], key: RSAKey | None = None) -> str:
        """As an honest provider signs."""
        used = key or self.key
        used.ensure_kid()
        return jwt.encode({"alg": "RS256", "kid": used.kid}, claims, used)

    def unsigned(self, claims: dict[str, Any]) -> str:
        """With `alg` none, as an attacker writes it."""
        head, body = _b64(b'{"alg":"none"}'), self.signed(claims).split(".")[1]
        return f"{head}.{body}."

    def signed_with_our_own_word(self, claims: dict[str, Any]) -> str:
        """HMAC with what everybody can read: the public key; and its `kid`, so that it would be found."""
        head = _b64(json.dumps({"alg": "HS256", "kid": self.key.kid}).encode())
        body = f"{head}.{self.signed(claims).split('.')[1]}"
        proof = hmac.digest(self.key.as_pem(private=False), body.encode(), "sha256")
        return f"{body}.{_b64(proof)}"

    def rotate(self) -> None:
        """Sign with another key from now on, and show that one alone."""
        self.key = RSAKey.generate_key(2048, {"use": "sig"})
        self.shown = [self.key]

    def _app(self) -> Flask:
        app = Flask("provider")
        app.add_url_rule("/realms/samarinda/.well-known/openid-configuration", "about", self._about)
        app.add_url_rule("/keys", "keys", lambda: jsonify(KeySet(self.shown).as_dict(private=False)))
        app.add_url_rule("/authorize", "authorize", self._authorize)
        app.add_url_rule("/token", "token", self._token, methods=["POST"])
        app.before_request(self._note)
        return app

    def _note(self) -> Response | None:
        self.asked.append(request.path)
        return Response("busy", 503) if self.is_down else None

    def _about(self) -> Response:
        root = request.host_url.rstrip("/")
        return jsonify(
            issuer=self.issuer,
            authorization_endpoint=f"{root}/authorize",
            token_endpoint=f"{root}/token",
            jwks_uri=f"{root}/keys",
        )

    def _authorize(self) -> Any:
        """The person is signed in here already: the browser goes straight back."""
        said = request.args
        assert said["response_type"] == "code"
        assert said["code_challenge_method"] == "S256"
        assert said["client_id"] == CLIENT
        code = f"code-{len(self._codes)}"
        self._codes[code] = {name: said[name] for name in ("nonce", "code_challenge", "redirect_uri")}
        return redirect(f"{said['redirect_uri']}?{urlencode({'code': code, 'state': said['state']})}")

    def _token(self) -> Any:
        form, known = request.form, self._codes.pop(request.form["code"], None)
        proof = _b64(hashlib.sha256(form["code_verifier"].encode()).digest())
        is_client = request.authorization is not None and request.authorization.password == SECRET
        is_right = known is not None and (proof, form["redirect_uri"]) == (
            known["code_challenge"], known["redirect_uri"],
        )  # fmt: skip
        if known is None or not is_right or not is_client:
            return jsonify(error="invalid_grant" if is_client else "invalid_client"), 400
        now = int(self.now())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": known["nonce"]}
        token = self.sign(self.cheat({**claims, **self.person}))
        return jsonify(access_token="opaque", token_type="Bearer", id_token=token)  # noqa: S106 — no password


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
