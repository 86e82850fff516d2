"""Whether the server answers as its OpenAPI document says, whatever it is asked: Schemathesis, as each kind of client.

Right and wrong requests are made from the document; an error of the server's, a status, a media type or a body that the
document does not name is a failure. `--examples=N` per address and role (default 25). Needs the extra `bench`.
"""

import os
import subprocess
import sys

import requests
from served import served

ROLES = ("ingest", "visitor", "wall", "operator", "admin")
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
ENDLESS = "^/live/stream$|/live/|^/api/v1/replay$"
"""Streams: a request for one has no end to wait for."""
OUTWARD = "/discover$"
"""Would call out into the network of whoever runs this."""
SETTINGS = '[server]\ningest_per_s = 10000\n[cameras]\nallow = ["127.0.0.0/8"]\n'
INCIDENT = {"id": "INC-1", "category": "kebakaran", "lon": 117.15, "lat": -0.5, "priority": 2}


def examples():
    """How many per address, from the command line."""
    said = next((word for word in sys.argv if word.startswith("--examples=")), "--examples=25")
    return said.partition("=")[2]


def asked_as(role, server):
    """One run; gives its exit code and what it printed."""
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}/api/v1/openapi.json",
        "--header", f"Authorization: Bearer {server.tokens[role]}",
        "--checks", CHECKS, "--max-examples", examples(), "--exclude-path-regex", f"{ENDLESS}|{OUTWARD}",
        "--phases", "examples,coverage,fuzzing", "--request-timeout", "60", "--seed", "112", "--no-color",
        "--suppress-health-check", "all", "--continue-on-failure", "--generation-database", "none",
    ]  # fmt: skip
    done = subprocess.run(  # noqa: S603 — a program of ours
        command, cwd=server.folder, env={**os.environ, "COLUMNS": "120"}, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def main():
    """Ask as each role; ends in failure when anything was answered as the document does not say."""
    wrong = 0
    with served(SETTINGS, ROLES) as server:
        bearer = {"Authorization": f"Bearer {server.tokens['ingest']}"}
        requests.post(f"{server.url}/api/v1/incidents", json=INCIDENT, headers=bearer, timeout=30).raise_for_status()
        for role in (word for word in ROLES if not _only() or word in _only()):
            code, said = asked_as(role, server)
            print(f"### {role}\n\n{said if code else said[-1500:]}", flush=True)
            wrong += bool(code)
        errors = [line for line in server.log.splitlines() if '"level": "error"' in line or '"level":"error"' in line]
    print(f"{len(errors)} errors in the log", *errors[:10], sep="\n")
    if wrong or errors:
        sys.exit(f"{wrong} of the roles were answered otherwise than the document says, {len(errors)} errors")


def _only():
    """Roles named by `--as=admin,wall`."""
    said = next((word for word in sys.argv if word.startswith("--as=")), "")
    return said.partition("=")[2].split(",") if said else []


if __name__ == "__main__":
    main()
