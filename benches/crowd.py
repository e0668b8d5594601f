#!/usr/bin/env python3
"""What a crowd does to one who works: 10,000 connections that say nothing, speak a byte a second, send bodies without end or let
their answers lie, one that asks without end, and 400 and 2,000 sign-ins at once; and what is left of it a minute later:

    benches/crowd.py target/release/riskregister
    CROWD=2000 benches/crowd.py target/debug/riskregister     # a smaller one

The service is the demo's, on SQLite in a directory of its own, started again after it has made its register, with what
deploy/systemd/riskregister.service says of memory. One client asks for a page of a plan's risks all the while, one request after the other.
It ends with status 1 when a rule is broken: the client's 99th percentile at most 500 ms in every crowd (beside one that asks without end at
most twice its own), the service within 256 MiB, every silent or unread connection cut within a minute, and a minute after the last crowd no
more memory than a quarter above what it was. Memory is what is the process's own (RssAnon): the pages of the program itself can be taken back
at any time; and what it was is what it was when it had been used for some seconds, by sixteen who read and four who sign in. It needs Python 3.9 and room for as many open files, and nothing else.
"""

import asyncio
import http.client
import json
import multiprocessing
import os
import pathlib
import resource
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

UNIT = pathlib.Path(__file__).resolve().parent.parent / "deploy/systemd/riskregister.service"
CROWD = int(os.environ.get("CROWD", "10000"))
SIGN_INS = (400, 2000)
MOST_P99 = 0.5
MOST_MEMORY = 256.0
CUT_WITHIN = 60.0


class Worker(threading.Thread):
    """One who works: a request, its answer, and the next."""

    def __init__(self, port, token, path):
        super().__init__(daemon=True)
        self.port, self.path = port, path
        self.headers = {"Authorization": "Bearer " + token}
        self.times, self.ended = [], False

    def end(self):
        self.ended = True
        self.join()

    def run(self):
        connection = None
        while not self.ended:
            began = time.monotonic()
            try:
                connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                connection.request("GET", self.path, headers=self.headers)
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    self.times.append(60.0)
                    sys.stderr.write("the one who works got %d\n" % answer.status)
            except OSError as fault:
                connection = None
                self.times.append(60.0)
                sys.stderr.write("the one who works was cut off: %s\n" % fault)
            self.times.append(time.monotonic() - began)
            time.sleep(0.02)


def memory(pid, what="RssAnon"):
    text = pathlib.Path("/proc/%d/status" % pid).read_text()
    return int(re.search(what + r":\s+(\d+) kB", text).group(1)) / 1024


class Watch(threading.Thread):
    """The most memory that the service has used since it was last asked."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.most = pid, 0.0

    def run(self):
        while True:
            try:
                self.most = max(self.most, memory(self.pid))
            except (OSError, AttributeError):
                return
            time.sleep(0.05)


async def one(port, first, every, again, gather, held):
    """Says `first`, then `again` every so often; never reads but to see that it is cut. How long it was let be."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
    except OSError:
        return 0.0
    began, looked = time.monotonic(), held.looked
    transport = writer.transport
    own = transport.get_extra_info("sockname")[1]
    # What comes is left where it lies: nobody reads it.
    transport.pause_reading()
    gather.append(writer)
    try:
        writer.write(first)
        while time.monotonic() - began < CUT_WITHIN + 30:
            await asyncio.sleep(every)
            if held.looked > looked + 1 and own not in held.ports:
                return time.monotonic() - began
            if again:
                writer.write(again)
                if transport.is_closing():
                    return time.monotonic() - began
        return None
    except OSError:
        return time.monotonic() - began
    finally:
        transport.abort()


class Held(threading.Thread):
    """The connections that the service holds, by the ports of those at the other end: its own side of them, since who is cut
    is not always told."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.ports, self.looked = port, frozenset(), 0

    def run(self):
        while True:
            held = set()
            for line in open("/proc/net/tcp"):
                parts = line.split()
                if parts[3] == "01" and parts[1].endswith(":%04X" % self.port):
                    held.add(int(parts[2].rsplit(":", 1)[1], 16))
            self.ports, self.looked = frozenset(held), self.looked + 1
            time.sleep(1)


async def crowd(port, count, first, held, every=1.0, again=b""):
    gather = []
    tasks = []
    for n in range(count):
        tasks.append(asyncio.ensure_future(one(port, first, every, again, gather, held)))
        if n % 200 == 199:
            await asyncio.sleep(0.05)
    return await asyncio.gather(*tasks)


def flood(port, seconds):
    """A body without end, as fast as it is taken; again when it is cut."""
    until = time.monotonic() + seconds
    piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    while time.monotonic() < until:
        try:
            met = socket.create_connection(("127.0.0.1", port), timeout=5)
            met.sendall(b"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        b"Transfer-Encoding: chunked\r\n\r\n")
            while time.monotonic() < until:
                met.sendall(piece)
        except OSError:
            pass


def ask_without_end(port, seconds):
    """One at an address of its own that asks as fast as it is answered, in a process that gives way to all others here."""
    os.nice(19)
    until = time.monotonic() + seconds
    asked = b"GET /api/v1/risks?limit=50 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer none\r\n\r\n" * 16
    while time.monotonic() < until:
        try:
            met = socket.create_connection(("127.0.0.1", port), timeout=5, source_address=("127.0.0.2", 0))
            while time.monotonic() < until:
                met.sendall(asked)
                met.recv(1 << 20)
        except OSError:
            pass


def sign_in(port, email, answers):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        connection.request("POST", "/api/v1/sessions", json.dumps({"email": email, "password": "fel lösenord här"}),
                           {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        answers.append(answer.status)
    except OSError as fault:
        answers.append(str(fault))


def started(binary, place, environment):
    """The demo's service, its port, and somebody's address and password."""
    service = subprocess.Popen([binary, "demo"], cwd=place, env=environment, stdout=subprocess.PIPE, text=True)
    port = told = None
    for line in service.stdout:
        port = port or (re.search(r"listens on http://[^:]+:(\d+)", line) or [None, None])[1]
        found = re.search(r"(\S+@\S+)\s+(\S.*)$", line.strip())
        told = told or (found and (found[1], found[2].split("  ")[0].strip()))
        if port and told:
            return service, int(port), told
    sys.exit("%s demo ended with status %s" % (binary, service.wait()))


def p99(times):
    return statistics.quantiles(times, n=100)[98] if len(times) > 1 else float("inf")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < CROWD + 200:
        sys.exit("room for %d open files is needed (ulimit -n): there is some for %d" % (CROWD + 200, hard))
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, CROWD + 2000), hard))
    faults = []
    with tempfile.TemporaryDirectory(prefix="riskregister-crowd.") as place:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("RISKREGISTER")}
        environment["LISTEN"] = "127.0.0.1:0"
        environment.update(re.findall(r"(MIMALLOC_\w+)=(\S+)", UNIT.read_text()))
        service, port, told = started(binary, place, environment)
        # Again, since it is a service that is measured, and not how its register is made.
        service.terminate()
        service.wait()
        service, port, told = started(binary, place, environment)
        try:
            threading.Thread(target=service.stdout.read, daemon=True).start()
            login = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            login.request("POST", "/api/v1/sessions", json.dumps({"email": told[0], "password": told[1]}),
                          {"Content-Type": "application/json"})
            answer = json.loads(login.getresponse().read())
            token = answer.get("accessToken") or sys.exit("nobody could sign in: %s" % answer)
            worker, watch = Worker(port, token, "/api/v1/risks?limit=50"), Watch(service.pid)
            held = Held(port)
            worker.start()
            watch.start()
            held.start()

            print("%-46s %10s %10s %12s %10s" % ("crowd", "p99 ms", "most MiB", "longest let", "asked"), flush=True)
            before = None

            def report(name, let=None, allowed=None):
                nonlocal before
                times, worker.times = worker.times, []
                most, watch.most = watch.most, 0.0
                shown = "" if let is None else "%.0f s" % let if let != float("inf") else "never"
                print("%-46s %10.0f %10.0f %12s %10d" % (name, p99(times) * 1000, most, shown, len(times)), flush=True)
                if p99(times) > MOST_P99:
                    faults.append("%s: p99 %.0f ms" % (name, p99(times) * 1000))
                if most > MOST_MEMORY:
                    faults.append("%s: %.0f MiB" % (name, most))
                if allowed and let > allowed:
                    faults.append("%s: not cut within %.0f s" % (name, allowed))

            # As on any morning: with every connection to the database in use, and passwords judged.
            many = [Worker(port, token, "/api/v1/risks?limit=50") for _ in range(16)]
            [one.start() for one in many]
            few = [threading.Thread(target=sign_in, args=(port, "nobody%d@example.net" % n, [])) for n in range(4)]
            [one.start() for one in few]
            time.sleep(8)
            [one.end() for one in many]

            def gone(lets):
                return max((float("inf") if let is None else let) for let in lets)

            worker.times, watch.most = [], 0.0
            # Long enough for a round of the service, which comes each minute.
            time.sleep(65)
            before = memory(service.pid)
            calm = p99(worker.times)
            report("nobody else")
            lets = asyncio.run(crowd(port, CROWD, b"", held))
            report("%d that say nothing" % CROWD, gone(lets), CUT_WITHIN)
            lets = asyncio.run(crowd(port, CROWD, b"GET / HTTP/1.1\r\nHost: x\r\n", held, again=b"X"))
            report("%d that speak a byte a second" % CROWD, gone(lets), CUT_WITHIN)
            body = (b"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    b"Content-Length: 900000\r\n\r\n")
            lets = asyncio.run(crowd(port, CROWD, body, held, again=b"x"))
            report("%d bodies of a byte a second" % CROWD, gone(lets), CUT_WITHIN)
            asked = b"GET /api/v1/openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\n" * 8
            lets = asyncio.run(crowd(port, CROWD, asked, held))
            report("%d that let their answers lie" % CROWD, gone(lets), CUT_WITHIN)
            floods = [threading.Thread(target=flood, args=(port, 20)) for _ in range(20)]
            [one.start() for one in floods]
            [one.join() for one in floods]
            report("20 bodies without end, at full speed")
            worker.times = []
            one_more = multiprocessing.Process(target=ask_without_end, args=(port, 20))
            one_more.start()
            one_more.join()
            beside = p99(worker.times)
            report("one that asks without end")
            if beside > max(2 * calm, 0.02):
                faults.append("one that asks without end: p99 %.0f ms, and %.0f alone" % (beside * 1000, calm * 1000))
            answers = []
            for count in SIGN_INS:
                tries = [threading.Thread(target=sign_in, args=(port, "nobody%d@example.org" % n, answers))
                         for n in range(count)]
                [one.start() for one in tries]
                [one.join() for one in tries]
                report("%d sign-ins at once" % count)
            odd = [status for status in answers if status not in (401, 429, 503)]
            if odd:
                faults.append("sign-ins were answered %s" % sorted(set(map(str, odd))))
            time.sleep(60)
            after = memory(service.pid)
            worker.end()
            report("a minute later")
            print("memory: %.0f MiB before, %.0f MiB a minute after" % (before, after))
            if after > before * 1.25:
                faults.append("memory did not come back: %.0f MiB before, %.0f after" % (before, after))
        finally:
            service.send_signal(signal.SIGKILL)
            service.wait()
    print("\n".join("BROKEN: " + fault for fault in faults) if faults else "Every rule holds.")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
