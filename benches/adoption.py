#!/usr/bin/env python3
"""What the adoption of the demo's plan for 2024 costs, by one or more builds of the register, in turns:

    benches/adoption.py target/release/riskregister
    benches/adoption.py BEFORE/riskregister AFTER/riskregister    # the same work by both, the middle of three rounds

Each round makes a new demo in a directory of its own (SQLite, a real disk), gives the plan what it lacks through the API, has it
proposed, and adopts it: milliseconds from the request to its answer, and processor time of the service meanwhile. The answer is given
when the snapshot and the documents are sealed and safe on the disk. It needs Python 3.9 and nothing else.
"""

import http.client
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 3


class Caller:
    def __init__(self, port, token):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        self.headers = {"Authorization": "Bearer " + token, "Content-Type": "application/json"}

    def ask(self, method, path, form=None, patch=False, condition=None):
        headers = dict(self.headers)
        if patch:
            headers["Content-Type"] = "application/merge-patch+json"
        headers.update(condition or {})
        self.connection.request(method, "/api/v1" + path, None if form is None else json.dumps(form), headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        if answer.status >= 400 and answer.status != 404:
            sys.exit("%s %s: %d %s" % (method, path, answer.status, text))
        return answer.status, answer.headers.get("ETag"), json.loads(text) if text else None

    def get(self, path):
        return self.ask("GET", path)[2]

    def all(self, path):
        return self.get(path + ("&" if "?" in path else "?") + "limit=200")["items"]

    def change(self, method, thing, step, form, patch=False):
        """With the thing's own ETag."""
        tag = self.ask("GET", thing)[1]
        return self.ask(method, thing + step, form, patch, {"If-Match": tag})


def complete(controller, plan, owner):
    """Gives the plan what it lacks."""
    for risk in controller.all("/plans/%s/risks" % plan):
        path = "/risks/" + risk["id"]
        values = {"ownerId": owner, "category": "financial", "response": "limit"}
        patch = {field: value for field, value in values.items() if risk[field] is None}
        if patch:
            controller.change("PATCH", path, "", patch, patch=True)
        if risk.get("confirmed") is False or risk["likelihood"] is None:
            score = {field: risk[field] if risk[field] is not None else 2 for field in ("likelihood", "consequence")}
            controller.ask("POST", path + "/assessments", score)
        if not controller.all(path + "/controls"):
            controller.ask("POST", path + "/controls", {"name": "Stickprov", "responsibleId": owner})
    for missing in controller.get("/plans/%s/checks" % plan)["missing"]:
        kind, thing, field = missing["entity"], missing["id"], missing.get("field")
        words = {"responsibleId": owner, "ownerId": owner, "endDate": "2024-12-31", "startDate": "2024-01-31"}
        if kind in ("control", "action") and field in words:
            controller.change("PATCH", "/%ss/%s" % (kind, thing), "", {field: words[field]}, patch=True)
        elif kind == "risk" and missing["code"].startswith("action"):
            form = {"name": "Se över rutinen", "responsibleId": owner, "endDate": "2024-12-31"}
            controller.ask("POST", "/risks/%s/actions" % thing, form)
    left = controller.get("/plans/%s/checks" % plan)["missing"]
    if left:
        sys.exit("the plan lacks still: %s" % "; ".join(one["detail"] for one in left[:10]))


def processor_time(process):
    fields = pathlib.Path("/proc/%d/stat" % process).read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def adopted(binary):
    """Milliseconds and processor time, in milliseconds, of one adoption."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        settings = {"PATH": os.environ["PATH"], "LISTEN": "127.0.0.1:0"}
        server = subprocess.Popen([binary, "demo"], env=settings, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            for line in server.stdout:
                if "listens on" in line:
                    port = int(re.search(r":(\d+)\s*$", line)[1])
                    break

            def caller(who):
                token = subprocess.run([binary, "token", who], env=settings, cwd=folder, check=True, capture_output=True, text=True)
                return Caller(port, token.stdout.strip())

            controller, head = caller("controller@demo.example"), caller("forvaltningschef@demo.example")
            owner = caller("riskagare@demo.example").get("/me")["id"]
            plan = next(plan["id"] for plan in controller.all("/plans") if plan["year"] == 2024)
            complete(controller, plan, owner)
            head.change("POST", "/plans/" + plan, "/proposal", {})
            decision = {"decidedOn": "2024-02-01", "decidingBoard": "Sjukvårdsnämnden", "paragraph": "12", "diaryNumbers": ["SLSO 2024-1"]}
            before, begun = processor_time(server.pid), time.monotonic()
            controller.change("POST", "/plans/" + plan, "/adoption", decision)
            return (time.monotonic() - begun) * 1000, (processor_time(server.pid) - before) * 1000
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


def main():
    binaries = [str(pathlib.Path(name).resolve()) for name in sys.argv[1:]]
    if not binaries:
        sys.exit(__doc__)
    seen = {binary: [] for binary in binaries}
    for _ in range(ROUNDS):
        for binary in binaries:
            seen[binary].append(adopted(binary))
    print("load %s" % " ".join("%.1f" % load for load in os.getloadavg()))
    for binary, rounds in seen.items():
        wall, cpu = (statistics.median(values) for values in zip(*rounds))
        print("%s: %.0f ms, %.0f ms of processor time" % (binary, wall, cpu))


if __name__ == "__main__":
    main()
