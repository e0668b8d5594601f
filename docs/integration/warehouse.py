#!/usr/bin/env python3
"""Keeps a copy of a register in a warehouse, an SQLite file: all of it the first time, and then each night what has changed.

    export REGISTER=https://risk.example.org/api/v1 CLIENT_ID=… CLIENT_SECRET_FILE=/etc/warehouse/secret
    python3 warehouse.py warehouse.db               # what has changed; all of it where the file is new
    python3 warehouse.py --anew warehouse.db        # all of it, whatever the file holds
    python3 warehouse.py --csv DIRECTORY warehouse.db     # and each table as CSV too, for what cannot read SQLite

It signs in as a service account with the scope `read`, and needs Python 3.9 and nothing else. A run is one transaction: the
file is always the register as one run has read it, whenever it is stopped or falls, and who runs it twice changes nothing.
docs/integration.md says how it is set up, and docs/integration/fields.md what each field means.

How it stays true: the feed of events (`GET /events`) tells what has happened, in order. What an event is about is read anew
from the lists, since what is computed of a thing can change with others: a risk is read anew with its plan. So what was
deleted goes by itself. All is read anew after the register was put back from a backup.
"""

import argparse
import csv
import http.client
import io
import json
import os
import pathlib
import re
import sqlite3
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

LIMIT = 200
# How long one request is waited for, how often one is sent again, and how long all of that may take.
PATIENCE, TRIES, LONGEST = 120, 12, 3600

# What is copied: table, path, what its rows are read anew by, and its fields: of text, or whole numbers (:i), yes and no (:b)
# and what holds more than one thing, kept as JSON (:j). Fields that are not named here are not asked for, so that a newer
# register changes nothing. Names of people are not copied: what a warehouse counts needs none.
TABLES = """
organisations /organisations -
    id parentId kind name abbreviation bodyId plans:b validFrom validTo successorId createdAt updatedAt version:i
plans /plans -
    id organisationId year:i status adoptedRevision:i policyVersionId goalOrder:j diaryNumbers:j decidedOn decidingBoard
    paragraph deliveredOn deliveredRevision:i fromPlanId revisionReason revisedBecause returnReason closingReason
    illustrative:b createdAt updatedAt version:i
risks /risks planId
    id planId identityId previousId organisationId number:i reference name description category ownCategory goalId localGoal
    ownerId likelihood:i consequence:i score:i level confirmed:b adoptedScore:i adoptedLevel targetLevel response
    justification irregularity:b secrecy:j mandatory:b mandatoryId areaId included:b inclusionReason decisionReason
    setAsideReason retiredOn retirementReason currentlyQualifies:b needsRevision:b monitored:b adopted:b
    addedAfterAdoptionOn createdAt updatedAt version:i
assessments /assessments planId
    id riskId planId sequence:i likelihood:i consequence:i score:i level reason confirmed:b assessedAt assessedById
    policyVersionId copiedFromId
controls /controls planId
    id riskId planId previousId position:i name description frequency recurrences:j duePeriod dueDate responsibleId
    indicatorIds:j adopted:b addedAfterAdoptionOn createdAt updatedAt version:i
actions /actions planId
    id riskId planId previousId fromControlId position:i name description startDate endDate endDateReason responsibleId
    financialEffect:j adopted:b addedAfterAdoption:b createdAt updatedAt version:i
controlReports /control-reports planId
    id controlId planId period sequence:i status comment counts:j references:j secrecy:j reportedAt reportedById onBehalfOfId
    correctionReason
actionReports /action-reports planId
    id actionId planId period sequence:i status effect completedOn realisedEffect comment references:j secrecy:j reportedAt
    reportedById onBehalfOfId correctionReason
reports /reports planId
    id planId kind number:i status revision:i replacesId decidedOn decidingBoard paragraph diaryNumbers:j deliveredOn
    shownToManagementOn earlyReason introduction conclusion assurance createdAt updatedAt version:i
revisions /revisions planId
    id planId number:i decidedOn decidingBoard paragraph diaryNumbers:j policyVersionId documentSha256 snapshotSha256 createdAt
goals /goals -
    id organisationId year:i parentId continuesId number name position:i createdAt updatedAt version:i
indicators /indicators -
    id goalId organisationId name unit comparator decidedBy councilTarget boardTarget laterTargets:j localTargets:j concerns:j
    baselineYear:i baselineValue continuesId note createdAt updatedAt version:i
outcomes /outcomes indicatorId
    id indicatorId organisationId period value forecast judgement proposedJudgement cause actionIds:j ownActions:j
    withoutAction:b createdAt updatedAt version:i
mandatoryRisks /mandatory-risks -
    id year:i kind goalId name description continuesId issuedAt withdrawnAt withdrawalReason version:i
deficiencies /deficiencies -
    id organisationId planId riskId controlId title description severity suspectedCrime:b secrecy:j foundOn foundBy
    reportedToBoardOn boardParagraph reportedToRegionOn regionYear:i regionPeriod measures crimeHandledOn closedOn
    closureReason createdAt updatedAt version:i
recommendations /recommendations -
    id organisationId year:i source report diaryNumber text responsibleId actionIds:j closedOn closureReason createdAt
    updatedAt version:i
auditOpinions /audit-opinions -
    id organisationId year:i judgement report diaryNumber comment givenOn createdAt updatedAt version:i
"""

# What is read anew when something of this kind has changed. A plan's own version counts with each change in it; more of it
# is named where the plan itself has changed.
OF_PLAN = ("risks", "assessments", "controls", "actions", "controlReports", "actionReports", "reports", "revisions")
TOUCHES = {
    "organisation": ("organisations",),
    "plan": ("plans",),
    "risk": ("risks",),
    "assessment": ("assessments", "risks"),
    # What was reported of a control that leaves the plan leaves the lists with it.
    "control": ("controls", "controlReports", "risks"),
    "action": ("actions", "actionReports"),
    "controlReport": ("controlReports",),
    "actionReport": ("actionReports",),
    "report": ("reports",),
    "revision": ("revisions", "plans"),
    "goal": ("goals",),
    "indicator": ("indicators", "outcomes"),
    "outcome": ("outcomes",),
    "mandatoryRisk": ("mandatoryRisks",),
    "deficiency": ("deficiencies",),
    "recommendation": ("recommendations",),
    "auditOpinion": ("auditOpinions",),
}
# In which table the things are that are a part of a plan or of an indicator.
KEPT_IN = {
    "risk": "risks",
    "assessment": "assessments",
    "control": "controls",
    "action": "actions",
    "controlReport": "controlReports",
    "actionReport": "actionReports",
    "report": "reports",
    "revision": "revisions",
    "outcome": "outcomes",
}
# Read each night, since what one sees of them can change by what one is not told: a suspicion of crime is for few.
NIGHTLY = ("organisations", "deficiencies")


class Table:
    """A list of the register, and the table that it is kept in."""

    def __init__(self, name, path, by, fields):
        self.name, self.path, self.by = name, path, None if by == "-" else by
        pairs = [(field.partition(":")[0], field.partition(":")[2]) for field in fields]
        self.fields, self.kinds = [name for name, _ in pairs], dict(pairs)

    def made(self):
        types = {"i": "INTEGER", "b": "INTEGER"}
        columns = ['"%s" %s' % (name, types.get(kind, "TEXT")) for name, kind in self.kinds.items()]
        return "CREATE TABLE %s (%s, PRIMARY KEY (id)) WITHOUT ROWID" % (self.name, ", ".join(columns))

    def row(self, item):
        """A thing as the warehouse keeps it.

        >>> Table("t", "/t", "-", ["id", "on:b", "all:j"]).row({"id": "x", "on": True, "all": ["å", 1], "more": 2})
        ['x', 1, '["å",1]']
        """
        row = []
        for name, kind in self.kinds.items():
            value = item[name]
            if kind == "j" and value is not None:
                value = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
            elif kind == "b" and value is not None:
                value = int(value)
            row.append(value)
        return row

    def rows_of_csv(self, text):
        """The rows of the list as CSV, if its columns are the fields by their own names and each cell can be read back as it
        was sent; else nothing, and the list is read page by page.

        >>> table = Table("t", "/t", "-", ["id", "n:i", "on:b", "all:j", "name"])
        >>> table.rows_of_csv('\\ufeffid;n;on;all;name;more\\r\\nx;4;true;[1,2];"\\'=a;b";y\\r\\nz;;false;;c\\r\\n')
        [['x', 4, 1, '[1,2]', '=a;b'], ['z', None, 0, None, 'c']]
        >>> table.rows_of_csv('\\ufeffId;Nummer;Namn\\r\\nx;4;c\\r\\n') is None
        True
        >>> table.rows_of_csv('id;n;on;all;name\\r\\nx;fyra;true;[];c\\r\\n') is None
        True
        """
        lines = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=";", strict=True)
        header = next(lines, [])
        if not set(self.fields) <= set(header):
            return None
        at = [(header.index(name), kind) for name, kind in self.kinds.items()]
        try:
            return [[in_cell(line[i], kind) if i < len(line) else None for i, kind in at] for line in lines if line]
        except (ValueError, KeyError, csv.Error):
            return None


def in_cell(text, kind):
    """What a cell of the register's CSV holds."""
    if text == "":
        return None
    if kind == "i":
        return int(text)
    if kind == "b":
        return {"true": 1, "false": 0}[text]
    # What a spreadsheet would run stands after an apostrophe more than it has.
    if re.match(r"'['\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]", text):
        text = text[1:]
    if kind == "j":
        return json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text


def read_tables():
    words, tables = [], {}
    for line in TABLES.strip().splitlines() + ["-"]:
        if not line.startswith(" ") and words:
            tables[words[0]] = Table(words[0], words[1], words[2], words[3:])
            words = []
        words += line.split()
    return tables


ALL = read_tables()
# Another list of tables than the file was made by: it is made anew.
MODEL = "\n".join(table.made() for table in ALL.values())


class Failed(Exception):
    """Nothing was changed; the next run begins where this one did."""


class Refused(Failed):
    def __init__(self, status, why):
        super().__init__(why)
        self.status = status


class Anew(Exception):
    """What the warehouse holds is not all there any more, or not what this account sees: all is read anew."""


class Register:
    """The register, as a service account reads it."""

    def __init__(self, base, client, secret):
        self.base, self.client, self.secret = base.rstrip("/"), client, secret
        self.token, self.requests, self.contract = None, 0, None
        # The secret goes to the address that was given, and nowhere that it points to.
        self.opener = urllib.request.build_opener(NoRedirect())

    def sent(self, path, headers, form=None):
        """An answer: its status, headers and body. What the register asks one to wait for is waited for."""
        began, pause = time.monotonic(), 1.0
        for attempt in range(TRIES):
            request = urllib.request.Request(self.base + path, form, headers)
            self.requests += 1
            try:
                with self.opener.open(request, timeout=PATIENCE) as answer:
                    return answer.status, answer.headers, answer.read()
            except urllib.error.HTTPError as answer:
                body = answer.read()
                if answer.code not in (429, 502, 503, 504):
                    return answer.code, answer.headers, body
                why = "%d" % answer.code
                asked = answer.headers.get("Retry-After", "")
                pause = float(asked) if asked.isdigit() else pause * 2
            except (OSError, http.client.HTTPException) as fault:
                why, pause = fault, pause * 2
            if attempt + 1 == TRIES or time.monotonic() - began + pause > LONGEST:
                raise Failed("%s: %s, however often it is asked" % (path.partition("?")[0], why))
            time.sleep(pause)
        raise AssertionError("the last attempt ends it")

    def sign_in(self):
        form = {"grant_type": "client_credentials", "client_id": self.client, "client_secret": self.secret}
        form = urllib.parse.urlencode(form).encode()
        status, _, body = self.sent("/oauth/token", {"Content-Type": "application/x-www-form-urlencoded"}, form)
        if status != 200:
            raise Failed("the service account is not let in: %s" % said(body))
        self.token = json.loads(body)["access_token"]

    def get(self, path, query=None, accept="application/json"):
        """An answer that is as it should be. A token holds a quarter of an hour; a new one is fetched as one ends."""
        whole = path + ("?" + urllib.parse.urlencode(query) if query else "")
        for attempt in range(2):
            if self.token is None:
                self.sign_in()
            headers = {"Authorization": "Bearer " + self.token, "Accept": accept, "Accept-Language": "en"}
            status, told, body = self.sent(whole, headers)
            if status == 200:
                return told, body
            if status == 410:
                raise Anew("the register was put back from a backup")
            if status == 401 and attempt == 0:
                self.token = None
                continue
            raise Refused(status, "%s: %d %s" % (path, status, said(body)))
        raise AssertionError("the second attempt ends it")

    def offers_csv(self, path):
        if self.contract is None:
            self.contract = json.loads(self.get("/openapi.json")[1])
        return "text/csv" in self.contract["paths"][path]["get"]["responses"]["200"]["content"]

    def rows(self, table, narrowed=None, whole=False):
        """The rows of a list, or of a part of it, by its cursor; a large one as CSV in one answer, where that says the same."""
        query = {"limit": LIMIT, "fields": ",".join(table.fields), **(narrowed or {})}
        while True:
            headers, body = self.get(table.path, query)
            page = json.loads(body)
            after = after_of(headers.get("Link", ""))
            if whole and "after" not in query and page["total"] > 2 * LIMIT and self.offers_csv(table.path):
                asked = {"format": "csv", "fields": ",".join(table.fields)}
                found = table.rows_of_csv(self.get(table.path, asked, "text/csv")[1].decode("utf-8"))
                if found is not None:
                    yield from found
                    return
            yield from map(table.row, page["items"])
            if after is None:
                return
            query["after"] = after

    def events(self, after):
        """All events after a cursor, and the cursor to go on by."""
        events = []
        while True:
            page = json.loads(self.get("/events", {"limit": LIMIT, "after": after})[1])
            events += page["items"]
            after = page["after"]
            if not page["more"]:
                return events, after, page["epoch"]


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def said(body):
    """What a refusal says."""
    try:
        told = json.loads(body)
        faults = ["%s: %s" % (fault.get("pointer"), fault.get("detail")) for fault in told.get("errors", [])]
        return "; ".join([told.get("detail") or told.get("error_description") or told.get("title") or ""] + faults)
    except (ValueError, AttributeError):
        return ""


def after_of(link):
    """The cursor of the next page, if there is one.

    >>> after_of('</api/v1/risks?limit=2&page=1>; rel="first", </api/v1/risks?limit=2&after=eyJ4%3D>; rel="next"')
    'eyJ4='
    >>> after_of('</api/v1/risks?limit=2&page=1>; rel="first"')
    """
    for one in link.split(", "):
        address, _, relation = one.partition(">; rel=")
        if relation == '"next"':
            return urllib.parse.parse_qs(urllib.parse.urlsplit(address.lstrip("<")).query)["after"][0]
    return None


class Warehouse:
    def __init__(self, file, register):
        self.register = register
        # It holds what the register keeps to few: a new one is its owner's alone.
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        self.db = sqlite3.connect(file, timeout=10, isolation_level=None)
        # Who reads meanwhile reads what the last run has left.
        self.db.execute("PRAGMA journal_mode = WAL")
        # What goes is written over, and not only let go of.
        self.db.execute("PRAGMA secure_delete = ON")
        self.erased = False
        # One run at a time: the other fails, and nothing is lost by that.
        self.db.execute("BEGIN IMMEDIATE")
        self.db.execute("CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
        self.state = dict(self.db.execute("SELECT key, value FROM state"))

    def keep(self, **values):
        self.db.executemany("INSERT OR REPLACE INTO state VALUES (?, ?)", [(key, str(v)) for key, v in values.items()])

    def count(self, table):
        return self.db.execute("SELECT count(*) FROM %s" % table.name).fetchone()[0]

    def put(self, table, rows, column=None, value=None):
        """Puts what was read in the place of what stood there."""
        where, given = ("", ()) if column is None else (' WHERE "%s" = ?' % column, (value,))
        self.db.execute("DELETE FROM %s%s" % (table.name, where), given)
        marks = ", ".join("?" * len(table.fields))
        self.db.executemany("INSERT OR REPLACE INTO %s VALUES (%s)" % (table.name, marks), rows)

    def first(self):
        """Reads all of it. The feed is asked first, so that what changes meanwhile is read once more the next night."""
        page = json.loads(self.register.get("/events", {"limit": 1, "after": "newest"})[1])
        for table in ALL.values():
            self.db.execute("DROP TABLE IF EXISTS %s" % table.name)
            self.db.execute(table.made())
            if table.by:
                self.db.execute('CREATE INDEX %s_by ON %s ("%s")' % (table.name, table.name, table.by))
            self.put(table, self.register.rows(table, whole=True))
        self.keep(cursor=page["after"], epoch=page["epoch"], model=MODEL)
        return "all was read anew"

    def next(self):
        """Reads what has changed."""
        try:
            events, cursor, epoch = self.register.events(self.state["cursor"])
        except Refused as refused:
            if refused.status != 400:
                raise
            raise Anew("the register does not know the cursor") from None
        if str(epoch) != self.state["epoch"]:
            # What was read after the cursor may be among what was lost.
            raise Anew("the register was put back from a backup")
        self.erased = any(event["kind"] == "text.erased" for event in events)
        touched = self.touched(events)
        for name in NIGHTLY:
            touched[name] = {None}
        made = {event["event"]["id"] for event in events if event["kind"] == "organisation.created"}
        for name in ALL:
            values, table = touched.get(name, ()), ALL[name]
            # So many that reading the list whole is less.
            if None in values or len(values) > self.count(table) // LIMIT + 1:
                rows = self.register.rows(table, whole=True)
                if name == "organisations":
                    rows = list(rows)
                    self.hold_tree(rows, made)
                self.put(table, rows)
            else:
                for value in sorted(values):
                    self.put(table, self.register.rows(table, {table.by: value}), table.by, value)
        self.keep(cursor=cursor, epoch=epoch)
        return "%d events, %d lists or parts of lists read anew" % (len(events), sum(map(len, touched.values())))

    def hold_tree(self, rows, made):
        """Where an organisation stands decides what this account sees below it; what has come into sight, or has gone out
        of it, with all that is there, is told by no event."""
        parents = dict(self.db.execute('SELECT id, "parentId" FROM organisations'))
        now = {row[0]: row[1] for row in rows}
        come = now.keys() - parents.keys() - made
        if come or parents.keys() - now.keys() or any(now[one] != parents[one] for one in now.keys() & parents.keys()):
            raise Anew("organisations have moved")

    def touched(self, events):
        """By the name of each table, what is to be read anew: a plan's rows, an indicator's, or all of it (None)."""
        touched = {}
        for event in events:
            for change in [event["event"]] + event["event"]["effects"]:
                entity, after = change["entity"], change["after"] or {}
                names = TOUCHES.get(entity, ())
                removed = change["before"] is not None and change["after"] is None
                if entity == "plan" and (removed or set(after) - {"version", "updatedAt", "diaryNumbers"}):
                    names += OF_PLAN
                for name in names:
                    touched.setdefault(name, set()).add(self.part(ALL[name], change, event))
        return touched

    def part(self, table, change, event):
        """Which part of a table a change is about; None where that cannot be said, or the table has no parts."""
        if table.by is None:
            return None
        if table.by == "indicatorId" and change["entity"] == "indicator" or table.by == "planId" and change["entity"] == "plan":
            return change["id"]
        for stood in (change["after"], change["before"]):
            if stood and stood.get(table.by):
                return stood[table.by]
        own = KEPT_IN.get(change["entity"])
        if own and table.by in ALL[own].fields:
            found = self.db.execute('SELECT "%s" FROM %s WHERE id = ?' % (table.by, own), (change["id"],)).fetchone()
            if found:
                return found[0]
        return event["planId"] if table.by == "planId" and change is event["event"] else None

    def run(self, anew):
        """A run, until all it has read is kept, or nothing."""
        known = self.state.get("model") == MODEL
        for attempt in range(3):
            try:
                done = self.next() if known and not anew else self.first()
            except Anew as why:
                print("%s: all is read anew" % why, file=sys.stderr)
                anew = True
                continue
            self.keep(readAt=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
            self.db.execute("COMMIT")
            if self.erased or anew:
                # Nothing of it is left in the file either.
                self.db.execute("VACUUM")
                self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return done
        raise Failed("the register is put back again and again while it is read")

    def write_csv(self, directory):
        """Each table as a file, for what cannot read SQLite: UTF-8 with a mark, semicolons, and nothing that a spreadsheet
        would run. A file is whole, the old one or the new."""
        directory.mkdir(parents=True, exist_ok=True)
        for table in ALL.values():
            part = directory / (table.name + ".csv.part")
            with open(part, "w", encoding="utf-8-sig", newline="") as file:
                lines = csv.writer(file, delimiter=";")
                lines.writerow(table.fields)
                for row in self.db.execute("SELECT * FROM %s ORDER BY id" % table.name):
                    lines.writerow([harmless(value) for value in row])
            os.replace(part, directory / (table.name + ".csv"))


def harmless(value):
    """
    >>> harmless("=1+1"), harmless(-1), harmless(None), harmless("ja")
    ("'=1+1", -1, None, 'ja')
    """
    runs = isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r")
    return "'" + value if runs else value


def setting(name):
    """A setting of the environment, or of the file that `…_FILE` names."""
    file = os.environ.get(name + "_FILE")
    value = pathlib.Path(file).read_text(encoding="utf-8").rstrip("\r\n") if file else os.environ.get(name, "")
    if not value:
        raise Failed("%s, or %s_FILE, is not set" % (name, name))
    return value


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("warehouse", help="the SQLite file")
    parser.add_argument("--anew", action="store_true", help="read all of it, whatever the file holds")
    parser.add_argument("--csv", metavar="DIRECTORY", type=pathlib.Path, help="write each table as CSV, too")
    given = parser.parse_args()
    try:
        register = Register(setting("REGISTER"), setting("CLIENT_ID"), setting("CLIENT_SECRET"))
        warehouse = Warehouse(given.warehouse, register)
        done = warehouse.run(given.anew)
        if given.csv:
            warehouse.write_csv(given.csv)
    except (Failed, OSError, sqlite3.Error) as fault:
        print("warehouse.py: %s" % fault, file=sys.stderr)
        return 1
    rows = sum(map(warehouse.count, ALL.values()))
    print("%s; %d rows; %d requests" % (done, rows, register.requests))
    return 0


if __name__ == "__main__":
    sys.exit(main())
