#!/usr/bin/env python3
"""How many requests the warehouse's nightly job sends (docs/integration.md): the first load of a region, and a night on which
nothing has changed.

    benches/warehouse.py target/release/riskregister                           # 100 bodies, 5 years, 30 risks a plan
    BODIES=10 YEARS=2 benches/warehouse.py target/debug/riskregister           # a smaller region

The service is real, on SQLite in a directory of its own, and all is made through the API: each risk with an assessment, a
control and an action. It ends with status 1 when the first load takes more than 60 requests, or the quiet night more than 10. It
needs Python 3.9 and nothing else.
"""

import concurrent.futures
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
import threading
import time

BODIES, YEARS, RISKS = (int(os.environ.get(name, most)) for name, most in (("BODIES", 100), ("YEARS", 5), ("RISKS", 30)))
MOST_FIRST, MOST_QUIET = 60, 10
JOB = pathlib.Path(__file__).resolve().parent.parent / "docs/integration/warehouse.py"
local = threading.local()


class Service:
    def __init__(self, binary, directory):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": directory, "LISTEN": "127.0.0.1:%d" % self.port,
            "RISKREGISTER_REQUESTS_PER_MINUTE": "10000000", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1",
        }
        self.binary, self.directory = str(pathlib.Path(binary).resolve()), directory
        self.run("init", "--name", "Region Exempel", "--kind", "region", "--admin", "ada@example.org")
        self.token = self.run("token", "ada@example.org").strip()
        self.serving = subprocess.Popen([self.binary, "serve"], cwd=directory, env=self.environment, stdout=subprocess.DEVNULL)
        while True:
            try:
                if self.ask("GET", "/me")[0] == 200:
                    break
            except OSError:
                pass
            if self.serving.poll() is not None:
                sys.exit("the service has ended")
            time.sleep(0.1)

    def run(self, *arguments):
        done = subprocess.run([self.binary, *arguments], cwd=self.directory, env=self.environment, stdout=subprocess.PIPE, check=True)
        return done.stdout.decode()

    def ask(self, method, path, form=None):
        connection = getattr(local, "connection", None)
        if connection is None:
            connection = local.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Authorization": "Bearer " + self.token, "Content-Type": "application/json"}
        try:
            connection.request(method, "/api/v1" + path, None if form is None else json.dumps(form), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        except (OSError, http.client.HTTPException):
            local.connection = None
            raise

    def make(self, path, form):
        status, made = self.ask("POST", path, form)
        if status != 201:
            sys.exit("%s: %d %s" % (path, status, made))
        return made

    def fill(self):
        me = self.ask("GET", "/me")[1]
        root = me["grants"][0]["organisationId"]
        self.make("/users/%s/grants" % me["id"], {"role": "controller", "organisationId": root})
        goals = {year: self.make("/goals", {"organisationId": root, "year": year, "name": "En ekonomi i balans"})["id"]
                 for year in range(2024, 2024 + YEARS)}

        def body(n):
            form = {"parentId": root, "kind": "board", "name": "Nämnd %d" % n, "validFrom": "2020-01-01", "plans": True}
            at = self.make("/organisations", form)["id"]
            for year, goal in goals.items():
                plan = self.make("/plans", {"organisationId": at, "year": year})["id"]
                for i in range(RISKS):
                    form = {"name": "Risk %d" % i, "goalId": goal, "category": "operational", "likelihood": 1 + i % 4, "consequence": 3}
                    risk = self.make("/plans/%s/risks" % plan, form)["id"]
                    self.make("/risks/%s/controls" % risk, {"name": "Stickprov", "recurrences": ["annual"]})
                    self.make("/risks/%s/actions" % risk, {"name": "Se över rutinen"})

        with concurrent.futures.ThreadPoolExecutor(2) as workers:
            list(workers.map(body, range(BODIES)))
        # That of this thread has been idle, and is cut by now.
        local.connection = None
        ends = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 30 * 24 * 3600))
        form = {"organisationId": root, "name": "Lagret", "scopes": ["read"], "expiresAt": ends}
        account = self.make("/service-accounts", form)["id"]
        return self.make("/service-accounts/%s/credentials" % account, None)

    def night(self, account):
        """How many requests the job sends, how many rows it then holds, and how many seconds it takes."""
        environment = dict(self.environment, REGISTER="http://127.0.0.1:%d/api/v1" % self.port,
                           CLIENT_ID=account["clientId"], CLIENT_SECRET=account["clientSecret"])
        began = time.monotonic()
        job = [sys.executable, "-I", str(JOB), "warehouse.db"]
        done = subprocess.run(job, cwd=self.directory, env=environment, stdout=subprocess.PIPE, check=True)
        rows, requests = re.search(r"(\d+) rows; (\d+) requests", done.stdout.decode()).groups()
        return int(requests), int(rows), time.monotonic() - began


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as directory:
        service = Service(sys.argv[1], directory)
        try:
            account = service.fill()
            broken = False
            for what, most in (("the first load", MOST_FIRST), ("a quiet night", MOST_QUIET)):
                requests, rows, seconds = service.night(account)
                told = "%s of %d bodies, %d years, %d risks a plan: %d requests (at most %d), %d rows, %.1f s"
                print(told % (what, BODIES, YEARS, RISKS, requests, most, rows, seconds))
                broken |= requests > most
        finally:
            service.serving.send_signal(signal.SIGTERM)
            service.serving.wait()
    sys.exit(1 if broken else 0)


main()
