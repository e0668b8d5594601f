"""What no generator can guess: the ids of things that exist, and the ETag that a change must name.

Every second request to `/nouns/{id}…` goes to a thing from the list `/nouns`, and every second one that may carry
If-Match carries the right one. The other half keeps what was generated, so that 404, 412 and 428 are asked for too.
A service account of its own is there, so that tokens can be got.
"""

import os
import random
import re
import uuid
from datetime import datetime, timedelta, timezone

import requests
import schemathesis

BASE = os.environ["CONTRACT_BASE"]
SESSION = requests.Session()
SESSION.trust_env = False
SESSION.headers["Authorization"] = "Bearer " + os.environ["CONTRACT_TOKEN"]

CHOICE = random.Random(1)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
ids: dict[str, list[str]] = {}
ME = SESSION.get(BASE + "/me", timeout=20).json()
OWN = ME["id"]


def make_client():
    """What a service account of the region gets its tokens by."""
    form = {
        "organisationId": ME["grants"][0]["organisationId"],
        "name": "Contract",
        "scopes": ["read", "webhooks"],
        "expiresAt": (datetime.now(timezone.utc) + timedelta(days=30)).isoformat(),
    }
    account = SESSION.post(BASE + "/service-accounts", json=form, timeout=20).json()
    made = SESSION.post(f"{BASE}/service-accounts/{account['id']}/credentials", timeout=20).json()
    return {
        "grant_type": "client_credentials",
        "client_id": made["clientId"],
        "client_secret": made["clientSecret"],
    }


CLIENT = make_client()


def answer(path):
    return SESSION.get(BASE + path, timeout=20, headers={"Accept": "application/json"})


def known(noun):
    """The ids in the list of that noun."""
    if noun not in ids:
        listed = answer(f"/{noun}?limit=200")
        items = listed.json().get("items", []) if listed.status_code == 200 else []
        ids[noun] = [item["id"] for item in items if "id" in item]
    return ids[noun]


@schemathesis.hook
def before_call(context, case, kwargs):
    given = case.path_parameters
    nested = re.match(r"/([a-z-]+)/\{id\}", case.path)
    # Stateful tests follow the things that they made themselves.
    stateful = case.meta is not None and case.meta.phase.name == "stateful"
    if nested and not stateful and UUID.fullmatch(str(given.get("id"))) and CHOICE.random() < 0.5:
        if existing := known(nested[1]):
            given["id"] = CHOICE.choice(existing)
    # A thing within that thing: a role of a person, a credential of an account.
    within = re.match(r"/([a-z-]+)/\{id\}/([a-z-]+)/\{(\w+Id)\}", case.path)
    if within and not stateful and given.get("id") in known(within[1]) and CHOICE.random() < 0.5:
        if existing := known(f"{within[1]}/{given['id']}/{within[2]}"):
            given[within[3]] = CHOICE.choice(existing)
    if case.path == "/oauth/token" and isinstance(case.body, dict) and CHOICE.random() < 0.5:
        case.body.update(CLIENT)
    # Who deactivates or locks out themselves has no more questions. Schemathesis learns ids from answers, too.
    if nested and nested[1] == "users" and str(given.get("id")).lower() == OWN:
        given["id"] = str(uuid.UUID(int=CHOICE.getrandbits(128), version=4))
    declared = {parameter.name.lower() for parameter in case.operation.headers}
    if "if-match" in declared and CHOICE.random() < 0.5:
        etag = answer(case.formatted_path).headers.get("ETag")
        if etag:
            case.headers["If-Match"] = etag
