"""Holds what the alarms and the board name against what a running service says at /metrics.

    tests/deploy/metrics.py BINARY

Starts the demo, with a mail server that is away and a webhook that nobody takes, so that what counts these has counted.
A name that only a fault of the machine brings forth (a queue that runs over) is looked for in the sources.
"""

import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

import yaml

binary = str(pathlib.Path(sys.argv[1]).resolve())
top = pathlib.Path(__file__).resolve().parents[2]
# Made by Prometheus and by the blackbox exporter.
OTHERS = {"up", "probe_success", "probe_ssl_earliest_cert_expiry"}
WORDS = {"sum", "by", "rate", "increase", "absent", "or", "unless", "offset", "topk", "vector", "time", "label_values", "histogram_quantile"}
LABELS = {"job", "instance", "le"}


def fail(what):
    sys.exit(f"tests/deploy/metrics.py: {what}")


# --- What is named ----------------------------------------------------------------------------------------------------
alerts = yaml.safe_load((top / "deploy/prometheus/alerts.yaml").read_text())
rules = [rule for group in alerts["groups"] for rule in group["rules"]]
board = json.loads((top / "deploy/grafana/riskregister.json").read_text())
asked = {rule["alert"]: rule["expr"] for rule in rules}
for panel in board["panels"]:
    for target in panel["targets"]:
        asked[f"the board's {panel['title']!r}"] = target["expr"]
for variable in board["templating"]["list"]:
    if variable["type"] == "query":
        asked[f"the board's variable {variable['name']}"] = variable["query"]

# Panels of their own, side by side.
taken = set()
for panel in board["panels"]:
    place = panel["gridPos"]
    for cell in [(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])]:
        if cell in taken or cell[0] >= 24:
            fail(f"the board's {panel['title']!r} lies on another, or beside the board")
        taken.add(cell)
if len({panel["id"] for panel in board["panels"]}) != len(board["panels"]):
    fail("two panels of the board have one id")

told = (top / "docs/operations.md").read_text()
for rule in rules:
    if f"#### {rule['alert']}\n" not in told:
        fail(f"docs/operations.md has no {rule['alert']}")
for name in re.findall(r"^#### (Riskregister\w+)$", told, re.M):
    if name not in asked:
        fail(f"docs/operations.md tells of {name}, and there is no such alarm")


# --- What is said -----------------------------------------------------------------------------------------------------
def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def said(directory):
    port, nobody = free_port(), free_port()
    settings = {
        "PATH": os.environ["PATH"],
        "LISTEN": f"127.0.0.1:{port}",
        "DATABASE_URL": f"sqlite://{directory}/riskregister.db",
        "RISKREGISTER_SECRET_FILE": f"{directory}/riskregister.secret",
        "RISKREGISTER_SIGNING_KEY_FILE": f"{directory}/riskregister.key",
        "RISKREGISTER_CHECKPOINTS": f"{directory}/checkpoints",
        "RISKREGISTER_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "RISKREGISTER_WEBHOOK_HOSTS": f"127.0.0.1:{nobody}",
        "SMTP_URL": f"smtp://127.0.0.1:{nobody}",
        "MAIL_FROM": "risk@example.org",
        # So few that somebody is over it.
        "RISKREGISTER_REQUESTS_PER_MINUTE": "60",
    }

    def ask(path, token=None, form=None):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection.request("GET" if form is None else "POST", path, form and json.dumps(form), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status >= 400 and token:
            fail(f"{path}: {answer.status} {text}")
        return text

    log = open(f"{directory}/log", "wb")
    server = subprocess.Popen(
        [binary, "demo"], env=settings, cwd=directory, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
    )
    try:
        end = time.monotonic() + 90
        while True:
            try:
                if ask("/readyz") == "ready\n":
                    break
            except OSError:
                pass
            if server.poll() is not None or time.monotonic() > end:
                fail("the demo did not start: " + pathlib.Path(f"{directory}/log").read_text()[-2000:])
            time.sleep(0.2)
        user = "regionadministrator@demo.example"
        token = subprocess.run(
            [binary, "token", user], env=settings, cwd=directory, check=True, capture_output=True, text=True
        ).stdout.strip()
        api = "/api/v1"
        ask(f"{api}/plans", token)
        ask(f"{api}/sessions", form={"email": user, "password": "another one altogether"})
        ask(f"{api}/password-resets", form={"email": user})
        root = json.loads(ask(f"{api}/organisations?kind=region", token))["items"][0]["id"]
        ask(f"{api}/webhooks", token, {"organisationId": root, "name": "Nobody", "url": f"http://127.0.0.1:{nobody}/"})
        # Something to be told of.
        ask(f"{api}/webhooks", token, {"organisationId": root, "name": "Nor here", "url": f"http://127.0.0.1:{nobody}/x"})
        for _ in range(100):
            ask("/sign-in")
        wanted = ["riskregister_requests_limited_total", "riskregister_mails_total", "riskregister_webhook_deliveries_total"]
        end = time.monotonic() + 60
        while not all(name in (text := ask("/metrics")) for name in wanted):
            if time.monotonic() > end:
                fail(f"not within a minute: {wanted}; there is\n{text}")
            time.sleep(0.5)
        return text
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)


with tempfile.TemporaryDirectory() as directory:
    text = said(directory)
exposed = {}
for name, labels in re.findall(r"^(\w+)(?:\{(.*)\})? \S+$", text, re.M):
    exposed.setdefault(name, set()).update(re.findall(r'(\w+)="', labels))

# --- One against the other --------------------------------------------------------------------------------------------
sources = "\n".join(file.read_text() for file in (top / "src").rglob("*.rs"))
contract = (top / "openapi.yaml").read_text()
seen = set()
for where, expression in asked.items():
    bare = re.sub(r'"[^"]*"', '""', expression)
    names = re.findall(r"\b([a-z_]+)\b(?=\s*(?:[{\[)]|unless|offset|==|,))", re.sub(r"\{[^}]*\}", "{}", bare))
    names = {name for name in names if name not in WORDS | LABELS and name.startswith(("riskregister_", "up", "probe_"))}
    names |= set(re.findall(r"\briskregister_\w+", expression))
    if not names:
        fail(f"{where} names no metric: {expression}")
    for name in names - OTHERS:
        if name not in exposed and f'"{re.sub("_(count|sum|bucket)$", "", name)}"' not in sources:
            fail(f"{where} names {name}, which the service does not say")
        seen.add(name)
    for name, selectors in re.findall(r"\b(\w+)\{([^}]*)\}", expression):
        for label, values in re.findall(r'(\w+)(?:=~|!~|!=|=)"([^"]*)"', selectors):
            if name in exposed and label not in exposed[name] | LABELS:
                fail(f"{where}: {name} has no {label}")
            for value in values.split("|"):
                if label == "route" and f"\n  {value.removeprefix('/api/v1')}:\n" not in contract and f'"{value}"' not in sources:
                    fail(f"{where}: there is no route {value}")
                if label == "status" and f'"{value}"' not in sources:
                    fail(f"{where}: there is no status {value}")
                if label == "outcome" and f'"{value}"' not in sources:
                    fail(f"{where}: there is no outcome {value}")

only_named = sorted(seen - set(exposed))
print(f"{len(asked)} alarms and panels name {len(seen)} metrics of the service; {len(seen) - len(only_named)} were read at /metrics")
if only_named:
    print(f"In the sources alone, as nothing brought it forth: {', '.join(only_named)}")
