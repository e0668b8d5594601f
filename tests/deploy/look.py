"""Looks at the service that systemd has started: that it serves, writes what it must, sends mail, and can do no more."""

import glob
import http.client
import json
import os
import re
import socketserver
import subprocess
import sys
import threading
import time

DATABASE, PASSED = sys.argv[1:]
letters = []

class Mailbox(socketserver.StreamRequestHandler):
    """As much of a mail server as a letter needs."""

    def handle(self):
        def say(line):
            self.wfile.write(line.encode() + b"\r\n")

        say("220 here")
        letter = None
        while line := self.rfile.readline():
            if letter is not None:
                if line == b".\r\n":
                    letters.append(b"".join(letter))
                    letter = None
                    say("250 taken")
                else:
                    letter.append(line)
            elif line[:4].upper() == b"DATA":
                letter = []
                say("354 go on")
            elif line[:4].upper() == b"QUIT":
                return say("221 farewell")
            else:
                say("250 yes")

def ask(path, form=None, token=None):
    connection = http.client.HTTPConnection("127.0.0.1", 8080, timeout=60)
    headers = {} if form is None else {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = "Bearer " + token
    connection.request("GET" if form is None else "POST", path, form, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def until(what, seen, seconds=40):
    end = time.monotonic() + seconds
    while not seen():
        if time.monotonic() > end:
            sys.exit(f"not within {seconds} s: {what}")
        time.sleep(0.2)
    print(what)

def ready():
    try:
        return ask("/readyz")[0] == 200
    except OSError:
        return False

until("it is ready", ready)
socketserver.ThreadingTCPServer.daemon_threads = True
server = socketserver.ThreadingTCPServer(("127.0.0.1", 2525), Mailbox)
threading.Thread(target=server.serve_forever, daemon=True).start()

home = "/var/lib/riskregister"
for name in ["riskregister.secret", "riskregister.key"] + ["riskregister.db"] * (DATABASE == "sqlite"):
    mode = os.stat(f"{home}/{name}").st_mode & 0o777
    if mode & 0o077:
        sys.exit(f"{name} is {mode:o}")
until("checkpoints are written", lambda: glob.glob(f"{home}/checkpoints/*/*.txt"))

# A letter is sent, by way of a name that is looked up.
status, told = ask("/api/v1/password-resets", '{"email":"controller@demo.example"}')
if status >= 300:
    sys.exit(f"POST /password-resets: {status} {told}")
until("a letter is sent", lambda: letters)

# A document is typeset, without memory that is written and run.
command = "setpriv --reuid=riskregister --regid=riskregister --clear-groups /usr/bin/riskregister token controller@demo.example"
settings = {"RISKREGISTER_CONFIG": "/etc/riskregister/riskregister.toml", "PATH": os.environ["PATH"]}
token = subprocess.run(command.split(), env=settings, cwd=home, check=True, capture_output=True, text=True).stdout.strip()
# A draft's, so that it is made and not taken from where it is kept.
plan = json.loads(ask("/api/v1/plans?status=draft", token=token)[1])["items"][0]["id"]
status, document = ask(f"/api/v1/plans/{plan}/document", token=token)
if status != 200 or not document.startswith(b"%PDF"):
    sys.exit(f"no document: {status} {document[:200]}")
print("a document is typeset")

process = next(p for p in glob.glob("/proc/[0-9]*") if open(f"{p}/cmdline", "rb").read().startswith(b"/usr/bin/riskregister\0serve"))
state = open(f"{process}/status").read()
for line in ["NoNewPrivs:\t1", "Seccomp:\t2", "CapEff:\t0000000000000000", "CapBnd:\t0000000000000000"]:
    if line not in state:
        sys.exit(f"it does not say {line!r}")
print("it has no capability, no new privileges, and a filter of system calls")
if re.search(r"^Uid:\t0\t", state, re.M):
    sys.exit("it runs as root")
open(PASSED, "w").close()
