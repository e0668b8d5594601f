"""Asks what is behind the proxies: what they hand on and what they keep, and a person's way through the pages."""

import collections
import contextlib
import html.parser
import http.client
import http.cookiejar
import http.server
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

top = pathlib.Path(sys.argv[1])
binary = os.environ["RISKREGISTER"]
trust = ssl.create_default_context(cafile="/run/secrets/tls-certificate")
SITE = "risk.example.org"
started = []


def fail(what):
    sys.exit(f"tests/deploy/proxies.py: {what}")


def hold(true, what):
    if not true:
        fail(what)


def until(what, seen, seconds=60):
    end = time.monotonic() + seconds
    while True:
        try:
            if seen():
                return
        except OSError:
            pass
        hold(time.monotonic() < end, f"not within {seconds} s: {what}")
        time.sleep(0.1)


def start(*command, log, **environment):
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, stdout=open(log, "ab"), stderr=subprocess.STDOUT
    )
    started.append(process)
    return process


def stop(process):
    process.send_signal(signal.SIGTERM)
    hold(process.wait(timeout=40) is not None, "it did not stop")


def raw(port, request, client="127.0.0.1"):
    """What is answered to these very bytes: clients tidy paths up before they ask."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(client, 0))
    with trust.wrap_socket(connection, server_hostname=SITE) as talk:
        talk.sendall(request.encode())
        answer = http.client.HTTPResponse(talk)
        answer.begin()
        return answer.status, answer.headers, answer.read()


def ask(port, path, headers=(), method="GET", body="", client="127.0.0.1"):
    lines = [f"{method} {path} HTTP/1.1", f"Host: {SITE}", "Connection: close", f"Content-Length: {len(body)}"]
    return raw(port, "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers), "", body]), client)


# --- What the proxies hand on -----------------------------------------------------------------------------------------
bodies = []


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with what it was asked, in the register's place."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        taken = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        bodies.append(len(taken))
        told = json.dumps({"path": self.path, "bytes": len(taken), "headers": [*map(list, self.headers.items())]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(told)))
        self.send_header("Strict-Transport-Security", "max-age=31536000")
        self.end_headers()
        # A proxy that refuses the body hangs up.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(told)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


FORGED = [
    ("Forwarded", "for=203.0.113.7;proto=http"),
    ("X-Forwarded-For", "203.0.113.7, 203.0.113.8"),
    ("X-Forwarded-Host", "evil.example"),
    ("X-Forwarded-Proto", "http"),
    ("X-Request-Id", "mine"),
    ("Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
]
METRICS = ["/metrics", "//metrics", "/./metrics", "/x/../metrics", "/%6detrics", "/metrics?x=1", "/%2e/metrics"]


def handing_on(port, addresses):
    echoes = [http.server.ThreadingHTTPServer(address, Echo) for address in addresses]
    for echo in echoes:
        threading.Thread(target=echo.serve_forever, daemon=True).start()
    until("the proxy answers", lambda: ask(port, "/")[0] == 200)
    status, answer, body = ask(port, "/a/path?q=1", FORGED)
    told = json.loads(body)
    got = collections.defaultdict(list)
    for name, value in told["headers"]:
        got[name.lower()].append(value)
    hold(status == 200 and told["path"] == "/a/path?q=1", told)
    hold(got["x-forwarded-for"] == ["127.0.0.1"], f"X-Forwarded-For is not the client's alone: {got}")
    hold(not got["forwarded"], f"Forwarded is handed on: {got}")
    hold(got["x-forwarded-proto"] == ["https"], got)
    hold("evil.example" not in str(got), got)
    hold(len(got["x-request-id"]) == 1 and got["x-request-id"] != ["mine"], got)
    hold(got["traceparent"] == [FORGED[-1][1]], got)
    hold(got["host"] == [SITE], got)
    hold(answer.get_all("Strict-Transport-Security") == ["max-age=63072000"], f"HSTS is not the proxy's alone: {answer}")
    for path in METRICS:
        status, _, body = ask(port, path)
        hold(status in (400, 404) and b"headers" not in body, f"{path} is answered by the register: {status} {body[:200]}")
    status, _, body = ask(port, "/", method="POST", body="x" * 1_100_000)
    hold(status == 200 and json.loads(body)["bytes"] == 1_100_000, f"a little too much is the register's to refuse: {status}")
    # A proxy answers before it has it all, or hangs up.
    with contextlib.suppress(OSError):
        status = ask(port, "/", method="POST", body="x" * 3_000_000)[0]
        hold(status in (413, 502), f"3 MB are answered: {status}")
    hold(max(bodies) < 2_200_000, f"3 MB go through: {max(bodies)}")
    for echo in echoes:
        echo.shutdown()
        echo.server_close()


def nginx():
    process = start("nginx", "-g", "daemon off;", log="nginx.log")
    return process


def caddy():
    return start(
        "caddy", "run", "--config", str(top / "deploy/compose/Caddyfile"), "--adapter", "caddyfile",
        log="caddy.log", RISKREGISTER_HOST=SITE, HOME=os.getcwd(),
    )


local = [("127.0.0.1", 8080), ("127.0.0.1", 8081)]
named = [("127.0.0.2", 8080), ("127.0.0.3", 8080)]
def keeping_quiet(port, log):
    """What opens a door, and what somebody looked for, is not in the proxy's log; where it was asked for is."""
    for path in ["password-reset", "calendar", "unsubscribe"]:
        ask(port, f"/{path}/hunter2.ics?q=hunter2")
    ask(port, "/search?q=hunter2")
    told = lambda: pathlib.Path(log).read_text()
    until("the log is written", lambda: "/search" in told())
    hold("hunter2" not in told(), f"a secret stands in {log}")
    hold("/password-reset/" in told() and "/calendar/" in told(), f"{log} does not say what was asked for")


proxy = nginx()
handing_on(443, local)
keeping_quiet(443, "/var/log/nginx/riskregister.log")
stop(proxy)
print("nginx hands on the client's address as it sees it, and nothing that the client forged; /metrics is closed")
proxy = caddy()
handing_on(8443, named)
keeping_quiet(8443, "caddy.log")
stop(proxy)
print("Caddy does too")

# --- The register, twice ----------------------------------------------------------------------------------------------
for job in (["migrate"], ["init", "--name", "Region Exempel", "--kind", "region", "--admin", "you@example.org"]):
    made = subprocess.run([binary, *job], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    hold(made.returncode == 0, f"{job[0]}: {made.stderr}")
password = re.search(r"One-time password: (\S+)", made.stdout)[1]
print("migrate and init ran as the owner of the tables")


def instance(host, port, **more):
    listen = f"{host}:{port}"
    process = start(
        binary, "serve", log=f"{listen}.log", LISTEN=listen, RISKREGISTER_PUBLIC_URL=f"https://{SITE}", RISKREGISTER_LOG="info",
        RISKREGISTER_TRUSTED_PROXIES="127.0.0.1", **more,
    )
    until(f"{listen} is ready", lambda: urllib.request.urlopen(f"http://{listen}/readyz", timeout=5).status == 200)
    return process


instances = [instance(*address) for address in local]
# What init printed leads to the choice of one's own, and to nothing else.
chosen = {"email": "you@example.org", "password": password, "newPassword": "en egen lösenordsfras"}
asked = urllib.request.Request(
    "http://%s:%s/api/v1/sessions" % local[0], json.dumps(chosen).encode(), {"Content-Type": "application/json"}
)
hold(urllib.request.urlopen(asked, timeout=60).status == 201, "the administrator cannot choose a password")
password = chosen["newPassword"]
# The role of the application cannot change history.
warned = pathlib.Path("127.0.0.1:8080.log").read_text()
hold("owns the history" not in warned, warned)


class Links(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.links, self.fields = [], {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "a" and attributes.get("href"):
            self.links.append(attributes["href"])
        if tag == "input" and attributes.get("type") == "hidden":
            self.fields[attributes["name"]] = attributes.get("value") or ""


def browser():
    jar = http.cookiejar.CookieJar()
    return jar, urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust), urllib.request.HTTPCookieProcessor(jar)
    )


def walk(port, most):
    """Signs in and follows every link until there have been this many pages."""
    base = f"https://{SITE}" if port == 443 else f"https://{SITE}:{port}"
    jar, opener = browser()
    page = opener.open(f"{base}/", timeout=60)
    hold("/sign-in" in page.url, page.url)
    form = Links(page.read().decode()).fields | {"email": "you@example.org", "password": password}
    request = urllib.request.Request(f"{base}/sign-in", urllib.parse.urlencode(form).encode(), {"Origin": base})
    page = opener.open(request, timeout=60)
    hold(any(cookie.name == "__Host-session" for cookie in jar), f"no session at {page.url}")
    waiting, seen, text = collections.deque(), set(), page.read().decode()
    where = page.url
    while True:
        for link in Links(text).links:
            link = urllib.parse.urldefrag(urllib.parse.urljoin(where, link))[0]
            if link.startswith(f"{base}/") and link not in seen and "/files/" not in link:
                seen.add(link)
                waiting.append(link)
        if not waiting or most == 0:
            return len(seen) - len(waiting)
        most -= 1
        where = waiting.popleft()
        try:
            answer = opener.open(where, timeout=120)
            text = answer.read().decode() if "html" in answer.headers["Content-Type"] else ""
        except urllib.error.HTTPError as error:
            fail(f"{where}: {error.code}")


proxy = nginx()
until("nginx answers", lambda: ask(443, "/healthz")[0] == 200)
count = walk(443, 60)
asked = collections.Counter(json.loads(line)["upstream"] for line in open("/var/log/nginx/riskregister.log"))
hold(min(asked[f"{host}:{port}"] for host, port in local) > 10, f"not both were asked: {asked}")
print(f"signed in through nginx and followed {count} links, answered by both: {dict(asked)}")
for path in [*METRICS, "/metrics#x", "/metrics/", "/metrics;x", "/METRICS"]:
    hold(ask(443, path)[0] in (400, 404), f"{path} can be reached")
hold(urllib.request.urlopen("http://127.0.0.1:8080/metrics").status == 200, "no metrics for Prometheus")
plain = http.client.HTTPConnection(SITE, 80, timeout=5)
plain.request("GET", "/plans?year=2024")
moved = plain.getresponse()
hold((moved.status, moved.headers["Location"]) == (308, f"https://{SITE}/plans?year=2024"), "http does not lead to https")

# Prometheus reads what it is to read, with the very files: every target is up, every instance ready, and no alarm sounds.
exporter = start(
    "prometheus-blackbox-exporter", "--config.file=/etc/prometheus/blackbox.yml", log="blackbox.log",
    SSL_CERT_FILE="/run/secrets/tls-certificate",
)
prometheus = start(
    "prometheus", f"--config.file={top}/deploy/prometheus/prometheus.yaml", "--storage.tsdb.path=prometheus",
    "--web.listen-address=127.0.0.1:9090", log="prometheus.log",
)


def query(what):
    asked = urllib.parse.urlencode({"query": what})
    told = json.load(urllib.request.urlopen(f"http://127.0.0.1:9090/api/v1/query?{asked}", timeout=10))
    return {each["metric"].get("instance"): float(each["value"][1]) for each in told["data"]["result"]}


def all_is_seen():
    return (
        query('up{job="riskregister"}') == {"127.0.0.1:8080": 1, "127.0.0.1:8081": 1}
        and query('probe_success{job="riskregister-ready"}')
        == {"http://127.0.0.1:8080/readyz": 1, "http://127.0.0.1:8081/readyz": 1}
        and query('probe_success{job="riskregister-outside"}') == {f"https://{SITE}/healthz": 1}
        and query("sum(riskregister_statements_total)")[None] > 0
    )


until("Prometheus sees both instances and the outside", all_is_seen)
rules = json.load(urllib.request.urlopen("http://127.0.0.1:9090/api/v1/rules"))["data"]["groups"][0]["rules"]
until("the alarms are asked", lambda: all(rule["health"] == "ok" for rule in json.load(
    urllib.request.urlopen("http://127.0.0.1:9090/api/v1/rules"))["data"]["groups"][0]["rules"]))
hold(not query('ALERTS{alertstate="firing"}'), "an alarm sounds, and nothing is wrong")
print(f"Prometheus sees both instances, ready, and the outside; {len(rules)} alarms are silent")
stop(prometheus)
stop(exporter)

# One is stopped while people go on, and comes again: nobody notices.
faults, going = [], True


def people():
    while going:
        status = ask(443, "/sign-in")[0]
        if status != 200:
            faults.append(status)


crowd = [threading.Thread(target=people) for _ in range(4)]
for person in crowd:
    person.start()
for turn in (0, 1):
    time.sleep(1)
    stop(instances[turn])
    time.sleep(1)
    instances[turn] = instance(*local[turn])
    time.sleep(6)
going = False
for person in crowd:
    person.join()
hold(not faults, f"while one was restarted: {faults}")
print("each was restarted in turn while others asked, and nobody was refused")
for process in instances:
    stop(process)

# Behind the proxy each client is one of its own, whatever it says of itself.
instances = [instance(*address, RISKREGISTER_REQUESTS_PER_MINUTE="20") for address in local]
greedy = [ask(443, "/sign-in", [("X-Forwarded-For", f"203.0.113.{turn}")], client="127.0.0.5")[0] for turn in range(60)]
hold(429 in greedy, f"forged addresses are believed: {greedy}")
hold(ask(443, "/sign-in", client="127.0.0.6")[0] == 200, "one client takes another's room")
print(f"of 60 requests of one client {greedy.count(429)} were refused, and another's was not")
for process in instances:
    stop(process)
stop(proxy)

instances = [instance(*address) for address in named]
proxy = caddy()
until("Caddy answers", lambda: ask(8443, "/healthz")[0] == 200)
print(f"signed in through Caddy and followed {walk(8443, 30)} links")
for path in [*METRICS, "/metrics#x", "/metrics/", "/metrics;x", "/METRICS"]:
    hold(ask(8443, path)[0] in (400, 404), f"{path} can be reached")
stop(proxy)
for process in instances:
    stop(process)
