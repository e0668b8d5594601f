#!/usr/bin/env python3
"""The second verifier: holds what a register says against its own evidence, without any of the register's code.

    verify.py REGISTER.db                    an export, or the file of an embedded register: all seven checks of evidence.md
    verify.py REGISTER.db --checkpoint FILE  … and a checkpoint that was kept elsewhere must be a beginning of the log there
    verify.py REGISTER.db --files DIRECTORY  … and each file that was left as evidence must lie there as it was left
    verify.py --receipt FILE                 one event, offline
    verify.py --consistency FILE             that one tree is how another began; with --checkpoint OLD --checkpoint NEW
                                             both ends must be signed checkpoints (a receipt's may be one of them)
    … --key KEY                              trust this key alone, a verifier's key (NAME+ID+BASE64) or the public key in
                                             base64; more than one may be given. Without it, the keys are taken from the
                                             file itself, which proves nothing against whoever made it
    verify.py --self-test                    the published vectors of RFC 6962 (Certificate Transparency) and RFC 8032

Written from evidence.md, RFC 6962/9162, RFC 8032 and C2SP's signed-note and tlog-checkpoint. Needs Python 3.9 or newer
with SQLite 3.37 or newer, and nothing else. Prints what was counted and then OK, or the first bad position, and ends with
0 or 1 (2: it was called in a wrong way). It changes nothing, and asks nothing of any network.
"""

import argparse
import base64
import functools
import hashlib
import itertools
import json
import os
import pathlib
import re
import sqlite3
import sys

# --- What is wrong ----------------------------------------------------------------------------------------------------


class Damage(Exception):
    """The first thing that does not hold, and where."""

    def __init__(self, what, log=None, n=None):
        place = [] if log is None else ["log %s" % log] + ([] if n is None else ["n %s" % n])
        said = (", ".join(place) + ": " if place else "") + what
        super().__init__(re.sub("[\x00-\x1f\x7f]+", " ", said))  # one line, whatever stands in a broken file


def require(holds, what, log=None, n=None):
    if not holds:
        raise Damage(what, log, n)


# --- Bytes, numbers and JSON, read letter by letter -------------------------------------------------------------------


def unbase64(text, length=None):
    """Base64 as it is written in one way only: what decodes, but would be written otherwise, is refused."""
    if not isinstance(text, str):
        raise ValueError("not text")
    decoded = base64.b64decode(text.encode("ascii"), validate=True)
    if base64.b64encode(decoded).decode("ascii") != text or length not in (None, len(decoded)):
        raise ValueError("not exact base64")
    return decoded


def natural(number):
    """A position or a size: JSON's 1, not 1.0, true or "1"."""
    if type(number) is not int or not 0 <= number < 2**64:
        raise ValueError("not a position or a size")
    return number


def read_json(source):
    """JSON without what readers could understand differently: doubled names, NaN, lone surrogates."""

    def object_of(pairs):
        made = dict(pairs)
        if len(made) != len(pairs):
            raise ValueError("a name stands twice in one object")
        return made

    def refuse(word):
        raise ValueError("%s is not JSON" % word)

    text = source.decode("utf-8") if isinstance(source, bytes) else source
    value = json.loads(text, object_pairs_hook=object_of, parse_constant=refuse)
    if "\\u" in text or not text.isascii():
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


def same(one, other):
    """Whether two JSON values are the same. Python's own == takes true for 1."""
    numbers = (int, float)
    if type(one) in numbers and type(other) in numbers:
        return one == other
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


# --- The tree of RFC 6962 ---------------------------------------------------------------------------------------------


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(entry):
    return sha256(b"\x00" + entry)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


class Tree:
    """A tree that grows leaf by leaf. Remembers the roots of its perfect subtrees, one for each bit of its size."""

    def __init__(self):
        self.size = 0
        self.frontier = []  # the largest first
        self.nodes = {}  # (level, position) → root, for the levels 8, 16, 24 … that a register stores

    def push(self, leaf):
        root, level, position = leaf, 0, self.size
        while position & 1:
            root, level, position = node_hash(self.frontier.pop(), root), level + 1, position >> 1
            if level % 8 == 0:
                self.nodes[level, position] = root
        self.frontier.append(root)
        self.size += 1

    def root(self):
        if not self.frontier:
            return sha256(b"")
        return functools.reduce(lambda right, left: node_hash(left, right), reversed(self.frontier))


def includes(leaf, index, size, path, root):
    """RFC 9162 2.1.3.2: whether the path leads from the leaf at `index` to the root of the tree of `size` leaves."""
    if index >= size:
        return False
    at, last, made = index, size - 1, leaf
    for other in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            made = node_hash(other, made)
            while not at & 1 and at != 0:
                at, last = at >> 1, last >> 1
        else:
            made = node_hash(made, other)
        at, last = at >> 1, last >> 1
    return last == 0 and made == root


def consistent(first, first_root, second, second_root, path):
    """RFC 9162 2.1.4.2: whether the tree of `first` leaves is how the tree of `second` leaves began."""
    if first == 0 or first > second:
        return False  # of an empty tree there is nothing to show
    if first == second:
        return not path and first_root == second_root
    if first & (first - 1) == 0:
        path = [first_root] + path  # a perfect first tree is not repeated in the proof
    if not path:
        return False
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    one = two = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            one, two = node_hash(other, one), node_hash(other, two)
            while not at & 1 and at != 0:
                at, last = at >> 1, last >> 1
        else:
            two = node_hash(two, other)
        at, last = at >> 1, last >> 1
    return last == 0 and one == first_root and two == second_root


# --- Ed25519 (RFC 8032 5.1), checking alone ---------------------------------------------------------------------------
# Nothing here is secret, so nothing needs to take the same time each time.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)  # X, Y, Z, T, where x = X/Z, y = Y/Z and xy = T/Z


def add(one, other):
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * D * one[3] * other[3] % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def equal(one, other):
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (one[1] * other[2] - other[1] * one[2]) % P == 0


def read_point(encoded):
    """A point from its 32 bytes; None when there is none, when it is written in an unusual way, and when it is one of
    the eight of small order, under which a signature would hold for more than one message."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if len(encoded) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    point = eightfold = (x, y, 1, x * y % P)
    for _ in range(3):
        eightfold = add(eightfold, eightfold)
    return None if equal(eightfold, NEUTRAL) else point


@functools.lru_cache(maxsize=16)
def multiples(point):
    """0 to 15 times each 16^i times the point: with them a multiplication is 64 additions."""
    table = []
    for _ in range(64):
        row = list(itertools.accumulate([point] * 15, add, initial=NEUTRAL))
        table.append(row)
        point = add(row[15], point)
    return table


def times(point, number):
    made = NEUTRAL
    for i, row in enumerate(multiples(point)):
        made = add(made, row[number >> 4 * i & 15])
    return made


BASE = read_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(public_key, message, signature):
    """Whether the signature over the message is the key's: [S]B = R + [k]A, S below L, A and R whole and proper points."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key, r = read_point(public_key), read_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % L
    return equal(times(BASE, s), add(r, times(key, k)))


# --- Checkpoints and keys ---------------------------------------------------------------------------------------------


def read_origin(name):
    """Log and epoch of what checkpoints and keys call a log; (None, None) of any other name."""
    found = re.fullmatch("riskregister/([^/]+)(?:/epoch-([1-9][0-9]{0,17}))?", name)
    return (found[1], int(found[2] or 0)) if found else (None, None)


def key_id(name, public_key):
    return sha256(name.encode("utf-8") + b"\n\x01" + public_key)[:4]


def read_key(text):
    """Name and public key of a verifier's key, the line NAME+ID+BASE64."""
    try:
        name, identifier, encoded = text.split("+", 2)
        algorithm_and_key = unbase64(encoded, 33)
        public_key = algorithm_and_key[1:]
        if algorithm_and_key[0] == 1 and name and identifier == key_id(name, public_key).hex():
            return name, public_key
    except (ValueError, AttributeError):
        pass
    raise Damage("the key cannot be read")


def read_key_given(text):
    """The public key of --key: a verifier's key, or the 32 bytes alone in base64."""
    try:
        return unbase64(text, 32)
    except ValueError:
        return read_key(text)[1]


class Checkpoint:
    """A signed note, read; its signature is not yet checked."""

    def __init__(self, note):
        try:
            if not isinstance(note, str) or re.search("[\x00-\x09\x0b-\x1f]", note):
                raise ValueError("not a note")
            text, _, lines = note.rpartition("\n\n")
            self.text = text + "\n"
            self.origin, size, root = text.split("\n")
            if not self.origin or not re.fullmatch("0|[1-9][0-9]{0,19}", size) or not lines.endswith("\n"):
                raise ValueError("not a checkpoint")
            self.size, self.root = natural(int(size)), unbase64(root, 32)
            self.signatures = []
            for line in lines[:-1].split("\n"):
                mark, name, signature = line.split(" ")
                signature = unbase64(signature)
                if mark != "\u2014" or not name or "+" in name or len(signature) < 5:
                    raise ValueError("not a signature")
                self.signatures.append((name, signature[:4], signature[4:]))
            self.text.encode("utf-8")
        except ValueError:
            raise Damage("the checkpoint cannot be read") from None

    @property
    def log(self):
        return read_origin(self.origin)[0]

    @property
    def epoch(self):
        return read_origin(self.origin)[1]

    def signed_by(self, public_keys):
        """Whether one of the keys signed it as the origin's. A signature in the name of one that does not hold spoils the
        note; those of others, such as witnesses, are passed over."""
        found = False
        for name, identifier, signature in self.signatures:
            for key in public_keys if name == self.origin else ():
                if identifier == key_id(name, key):
                    if not signed(key, self.text.encode("utf-8"), signature):
                        return False
                    found = True
        return found


# --- Events -----------------------------------------------------------------------------------------------------------

FIELDS = set("schema log n time actor requestId kind entity id version organisationId reason before after effects".split())
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


class Change:
    """What an event says of one thing. `place` is where in the event it stands."""

    def __init__(self, place, said):
        self.place = place
        self.entity, self.id, self.version = said["entity"], said["id"], said["version"]
        self.before, self.after = said["before"], said["after"]
        natural(self.version)
        sides = [self.before, self.after]
        if not isinstance(self.entity, str) or not isinstance(self.id, str):
            raise ValueError("it does not say what was changed")
        if not all(side is None or isinstance(side, dict) for side in sides):
            raise ValueError("before or after are no fields")
        if (self.version == 0) != (sides == [None, None]):
            raise ValueError("version %d does not fit its before and after" % self.version)


def read_event(body):
    """An event and the changes it tells of, the effects after their cause."""
    event = read_json(body)
    if not isinstance(event, dict):
        raise ValueError("it is no object")
    if event.get("schema") != 1:
        raise ValueError("its schema is %r, which this verifier does not know" % event.get("schema"))
    if event.keys() != FIELDS:
        raise ValueError("its fields are not an event's")
    if not isinstance(event["time"], str) or not TIME.fullmatch(event["time"]):
        raise ValueError("its time is none")
    changes = [Change("", event)]
    for i, effect in enumerate(event["effects"]):
        changes.append(Change("/effects/%d" % i, effect))
    return event, changes


def commitment_of(value):
    """The hash, when the value stands for a text: {"commitment": HEX}."""
    if isinstance(value, dict) and value.keys() == {"commitment"}:
        return value["commitment"]
    return None


def commit(salt, value):
    return sha256(salt + value.encode("utf-8")).hex()


def commitments_in(event, changes):
    """Pointer → (hash, id of the thing) for every text that the event hides."""
    found = {}
    if commitment_of(event["reason"]) is not None:
        found["/reason"] = commitment_of(event["reason"]), event["id"]
    for change in changes:
        for side, fields in (("before", change.before), ("after", change.after)):
            for key, value in (fields or {}).items():
                if commitment_of(value) is not None:
                    found["%s/%s/%s" % (change.place, side, key)] = commitment_of(value), change.id
    return found


# --- Receipts and proofs, offline -------------------------------------------------------------------------------------


def resolve(value, pointer):
    """What stands at a JSON pointer (RFC 6901)."""
    if not pointer.startswith("/"):
        raise ValueError("not a pointer")
    for part in pointer[1:].split("/"):
        if isinstance(value, list) and re.fullmatch("0|[1-9][0-9]*", part):
            value = value[int(part)]
        else:
            value = value[part.replace("~1", "/").replace("~0", "~")]
    return value


def check_receipt(receipt, trusted):
    """The event that the receipt proves, with its texts in place, and the checkpoint. `trusted`: public keys, or none."""
    try:
        if receipt.keys() != set("format log n event openings proof checkpoint key".split()):
            raise ValueError
        if receipt["proof"].keys() != {"size", "hashes"} or receipt["format"] != "riskregister-receipt/1":
            raise ValueError
        log, n, size = receipt["log"], natural(receipt["n"]), natural(receipt["proof"]["size"])
        body = unbase64(receipt["event"])
        path = [unbase64(text, 32) for text in receipt["proof"]["hashes"]]
        event = read_json(body)
        openings = [(one["pointer"], unbase64(one["salt"]), one["value"]) for one in receipt["openings"]]
        if not isinstance(event, dict) or any(len(one) != 3 for one in receipt["openings"]):
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Damage("the receipt cannot be read") from None
    name, key = read_key(receipt["key"])
    require(read_origin(name)[0] == log, "the key is another log's")
    require(not trusted or key in trusted, "the receipt's key is not one that is trusted")
    checkpoint = Checkpoint(receipt["checkpoint"])
    require(checkpoint.origin == name, "the checkpoint is another log's")
    require(checkpoint.size == size, "the proof is for another tree than the checkpoint's")
    require(checkpoint.signed_by([key]), "the checkpoint is not signed by the key")
    require(
        includes(leaf_hash(body), n, size, path, checkpoint.root),
        "the event does not stand at its position in the log of the checkpoint",
    )
    require(event.get("log") == log and same(event.get("n"), n), "the event says another log or position")
    texts = {}
    for pointer, salt, value in openings:
        try:
            hidden = resolve(event, pointer)
            # Without the length a byte could go over from the value to the salt.
            holds = len(salt) == 32 and commitment_of(hidden) == commit(salt, value)
            texts[pointer] = hidden, read_json(value)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
            holds = False
        require(holds, "%s: the text is not the one that the event commits to" % pointer, log, n)
    for hidden, text in texts.values():
        hidden["text"] = text  # beside its commitment, for the reader
    return event, checkpoint


def read_consistency(proof):
    """Log, sizes, roots and hashes of a proof of consistency."""
    try:
        return (
            natural(proof["from"]), unbase64(proof["fromRoot"], 32), natural(proof["to"]), unbase64(proof["toRoot"], 32),
            [unbase64(text, 32) for text in proof["hashes"]],
        )
    except (ValueError, KeyError, TypeError):
        raise Damage("the proof cannot be read") from None


# --- A whole register -------------------------------------------------------------------------------------------------

# The tables whose rows are things with a history, and what their kind is called in events.
THINGS = {
    "action_reports": "actionReport",
    "actions": "action",
    "assessments": "assessment",
    "audit_opinions": "auditOpinion",
    "compiled_reports": "compiledReport",
    "control_reports": "controlReport",
    "controls": "control",
    "deadlines": "deadline",
    "deficiencies": "deficiency",
    "erasures": "erasure",
    "files": "file",
    "financial_measures": "financialMeasures",
    "goals": "goal",
    "grants": "grant",
    "indicators": "indicator",
    "mandatory_risks": "mandatoryRisk",
    "notes": "note",
    "organisations": "organisation",
    "outcomes": "outcome",
    "periods": "period",
    "plan_deficiencies": "planDeficiency",
    "plan_sections": "planSection",
    "plans": "plan",
    "policy_versions": "policyVersion",
    "recommendation_entries": "recommendationEntry",
    "recommendations": "recommendation",
    "reports": "report",
    "restores": "restore",
    "revisions": "revision",
    "risks": "risk",
    "scoring_policies": "scoringPolicy",
    "self_assessments": "selfAssessment",
    "service_accounts": "serviceAccount",
    "service_credentials": "serviceCredential",
    "signing_keys": "signingKey",
    "standing_texts": "standingText",
    "users": "user",
    "webhooks": "webhook",
    "wordings": "wording",
}
# The evidence itself: checked each in its own way.
EVIDENCE = {"heads", "events", "openings", "tree_nodes", "checkpoints", "sealed_files", "turns"}
# No history, by name: passwords and sessions, kept answers, drafts, uploads and locks; an index of what the risks say, and the one row that
# names the topmost organisation, which are held to what they follow from.
EXEMPT = {
    "credentials", "sessions", "sign_in_attempts", "idempotency", "years", "risk_references", "register", "traces",
    "service_secrets", "webhook_secrets", "webhook_states", "webhook_cursors", "webhook_deliveries",
    "reminder_settings", "mails", "calendar_feeds", "password_links", "drafts",
    "imports", "import_files", "import_words", "stored_files",
    "__diesel_schema_migrations",
}  # fmt: skip
# Columns that follow from others, and so are held to them: they may change without an event.
DERIVED = {"organisations": {"path", "body_id"}}
# The kinds of organisations that have logs of their own.
BODIES = ("board", "company", "federation")
# What stands where a text was.
ERASED = "[gallrad]"
# The fields that name sealed files, and what lies under such a hash.
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SEALED = {
    "proposedSha256": "application/json",
    "followedSha256": "application/json",
    "snapshotSha256": "application/json",
    "documentSha256": "application/pdf",
    "docxSha256": DOCX,
    "xlsxSha256": XLSX,
    "finalSha256": "application/json",
    "publicSnapshotSha256": "application/json",
    "publicDocumentSha256": "application/pdf",
    "publicDocxSha256": DOCX,
    "publicXlsxSha256": XLSX,
}


def wire_name(column):
    """organisation_id → organisationId"""
    first, *rest = column.split("_")
    return first + "".join(part.capitalize() for part in rest)


def open_register(path):
    """The file, so that nothing in it or beside it is changed; what a running server has not yet moved out of its
    write-ahead log is read too."""
    alive = os.path.exists(path + "-wal") or os.path.exists(path + "-journal")
    address = pathlib.Path(path).resolve().as_uri() + "?mode=ro" + ("" if alive else "&immutable=1")
    register = sqlite3.connect(address, uri=True, isolation_level=None)
    # Bytes that are no UTF-8 must not stop the reading: they become what equals no text.
    register.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    register.execute("PRAGMA query_only = ON")
    register.execute("PRAGMA trusted_schema = OFF")
    # Older SQLite takes an absent JSON value for a broken one here; what the columns hold is compared below anyway.
    register.execute("PRAGMA ignore_check_constraints = ON")
    register.execute("BEGIN")  # one moment, however long it takes
    return register


class Verification:
    """All seven checks of one register, in one pass over its history and one over its tables."""

    def __init__(self, register, trusted, kept, files=None):
        self.register = register
        self.files = files  # the directory where what people left lies, each under its SHA-256
        self.trusted = trusted
        self.kept = {}  # log → checkpoints that were kept elsewhere
        for checkpoint in kept:
            self.kept.setdefault(checkpoint.log, []).append(checkpoint)
        self.counts = dict.fromkeys(["logs", "events", "checkpoints", "openings", "erased", "things", "sealed files"], 0)
        # Commitments without an opening, with where they stand; and those whose openings the events say were erased.
        self.unopened, self.erased = {}, set()
        self.roots, self.told = [], []
        self.bodies_of_plans = {}
        # What the events say of each thing, to be read again thing by thing. On disk, for there may be millions.
        self.notes = sqlite3.connect("", isolation_level=None)
        self.notes.executescript(
            """
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;
            CREATE TABLE changes (entity, id, version, gone, log, n, before, after);
            CREATE TABLE referred (body, reference, identity, PRIMARY KEY (body, reference, identity)) WITHOUT ROWID;
            CREATE TABLE named (sha256, media_type, log, n, PRIMARY KEY (sha256, media_type)) WITHOUT ROWID;
            BEGIN;
            """
        )

    def run(self):
        self.check_file()
        self.public_keys = self.keys()
        self.check_logs()
        self.check_erasures()
        self.notes.execute("CREATE INDEX by_thing ON changes (entity, id, version, gone)")
        bodies = None
        for table, entity in sorted(THINGS.items()):
            found = self.check_things(table, entity)
            bodies = found if table == "organisations" else bodies
        self.check_paths()
        self.check_which_logs(bodies)
        self.check_references()
        self.check_turns()
        self.check_sealed_files()
        if self.files is not None:
            self.check_left_files()

    def check_file(self):
        """The file is whole, and every table in it is one that is known."""
        said = [line for (line,) in self.register.execute("PRAGMA integrity_check(1)")]
        require(said == ["ok"], "the file is broken: %s" % " ".join(map(str, said)))
        names = "SELECT type, name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        kinds = {name: kind for kind, name in self.register.execute(names)}
        require("events" in kinds, "this is no register: it has no table of events")
        for name in sorted(EVIDENCE | THINGS.keys()):
            require(kinds.get(name) == "table", "the table %s is missing (run `riskregister migrate`?)" % name)
        for name in sorted(kinds):
            known = name in EVIDENCE or name in THINGS or name in EXEMPT
            require(known, "the table %s is neither a thing of the register nor exempt" % name)

    def keys(self):
        """The public keys that checkpoints may be signed with: those that were given, or else the register's own."""
        if self.trusted:
            return self.trusted
        keys = []
        for number, encoded in self.register.execute("SELECT id, public_key FROM signing_keys ORDER BY id"):
            try:
                keys.append(unbase64(encoded, 32))
            except ValueError:
                raise Damage("signing_keys %s: the public key cannot be read" % number) from None
        return keys

    # Checks 1 to 4 and 7, log by log.

    def check_logs(self):
        heads = self.register.execute("SELECT log_id, size, last_time, frontier, checkpoints FROM heads ORDER BY log_id").fetchall()
        known = [head[0] for head in heads]
        require(len(set(known)) == len(known), "a log has two heads")
        for table in ("events", "openings", "tree_nodes", "checkpoints"):
            stray = "SELECT log_id FROM %s WHERE log_id NOT IN (SELECT log_id FROM heads) LIMIT 1" % table
            for (log,) in self.register.execute(stray):
                raise Damage("there are %s of a log that has no head" % table.replace("_", " "), log)
        for log in self.kept:
            require(log in known, "there is no such log, but a checkpoint of it was kept elsewhere", log)
        openings = self.grouped("SELECT log_id, n, commitment, pointer, entity_id, salt, value FROM openings ORDER BY log_id, n")
        for head in heads:
            self.check_log(*head, openings)
        openings(None)

    def grouped(self, query):
        """Gives the rows of one event after the other; the events must be asked for in order."""
        rows = self.register.execute(query)
        waiting = [next(rows, None)]

        def of(place):
            found = []
            while waiting[0] is not None:
                if place is None or waiting[0][:2] < place:
                    raise Damage("an opening of %s belongs to no event" % waiting[0][3], *waiting[0][:2])
                if waiting[0][:2] > place:
                    break
                found.append(waiting[0][2:])
                waiting[0] = next(rows, None)
            return found

        return of

    def check_log(self, log, size, last_time, frontier, made, openings):
        tree, last, epoch, restores = Tree(), "", 0, []
        kept = sorted(self.kept.get(log, []), key=lambda checkpoint: checkpoint.size)
        checkpoints = self.checkpoints(log)
        following = next(checkpoints, None)
        events = self.register.execute(
            "SELECT n, time, actor_kind, actor_id, kind, entity, entity_id, organisation_id, schema_version, body"
            " FROM events WHERE log_id = ? ORDER BY n", (log,)
        )  # fmt: skip
        for row in itertools.chain(events, [None]):
            # Every checkpoint of this size must have this root.
            while following and following[1].size == tree.size:
                of_epoch = following[1].log == log and following[1].epoch == epoch
                require(of_epoch, "checkpoint %d is of another log or epoch" % following[0], log, tree.size - 1)
                require(following[1].root == tree.root(), "checkpoint %d has another root than its events" % following[0], log, tree.size - 1)
                following = next(checkpoints, None)
            for checkpoint in [one for one in kept if one.size == tree.size and one.epoch >= epoch]:
                require(checkpoint.epoch == epoch, "the checkpoint that was kept elsewhere is of a later epoch", log, tree.size - 1)
                require(checkpoint.root == tree.root(), "the checkpoint that was kept elsewhere has another root", log, tree.size - 1)
                kept.remove(checkpoint)
            if row is None:
                break
            n, *columns, body = row
            require(n == tree.size, "here position %d was due" % tree.size, log, n)
            require(isinstance(body, bytes), "the body is not bytes", log, n)
            tree.push(leaf_hash(body))
            try:
                event, changes = read_event(body)
                said = [event["time"], event["actor"]["kind"], event["actor"]["id"], event["kind"], event["entity"],
                        event["id"], event["organisationId"], event["schema"]]  # fmt: skip
            except (ValueError, KeyError, TypeError, RecursionError) as fault:
                raise Damage("the event cannot be read: %s" % fault, log, n) from None
            require(event["log"] == log and same(event["n"], n), "the event says that it stands elsewhere", log, n)
            require(event["time"] >= last, "the time goes back", log, n)
            last = event["time"]
            require(same(columns, said), "a column beside the body says something else than the body", log, n)
            self.check_openings(log, n, commitments_in(event, changes), openings((log, n)))
            self.note(log, n, changes)
            if event["entity"] == "restore" and event["before"] is None and event["after"] is not None:
                restores.append(self.restore(log, n, event, epoch))
                epoch = restores[-1][0]
        require(following is None, "checkpoint %d is of a longer log" % (following or [0])[0], log, tree.size)
        self.check_lost(log, tree.size, epoch, restores, kept)
        end = max(tree.size - 1, 0)
        require(size == tree.size, "the head says %s events, there are %d" % (size, tree.size), log, end)
        require(size == 0 or last_time == last, "the head says another last time", log, end)
        require(frontier == b"".join(tree.frontier), "the head's frontier is not that of the events", log, end)
        counted = self.one("SELECT count(*) FROM checkpoints WHERE log_id = ?", log)
        require(made == counted, "the head says %s checkpoints, there are %d" % (made, counted), log)
        self.check_nodes(log, tree)
        for count, number in (("logs", 1), ("events", tree.size), ("checkpoints", counted)):
            self.counts[count] += number
        self.roots.append("log %s: %d events, root %s" % (log, tree.size, base64.b64encode(tree.root()).decode()))

    def restore(self, log, n, event, before):
        """What the first event of an epoch tells: the epoch, where it begins, when, and the newest checkpoint that was known."""
        said = event["after"]
        epoch, note = said.get("epoch"), said.get("knownCheckpoint")
        holds = type(epoch) is int and epoch > before and said.get("logId") == log and same(said.get("size"), n)
        require(holds, "the restore that it tells of did not begin here", log, n)
        known = None if note is None else Checkpoint(note)
        holds = known is None or (known.log == log and known.epoch < epoch)
        require(holds, "the checkpoint that the restore names is not one of this log", log, n)
        return epoch, n, event["time"], known

    def check_lost(self, log, size, epoch, restores, kept):
        """What the restores lost, of what is known. What is left of the checkpoints from elsewhere must be of that."""
        here = 0
        for begun, n, time, known in restores:
            lost = "no event is known to be lost"
            if known is not None and known.epoch != here:
                lost = "all of epoch %d up to event %d is lost" % (known.epoch, max(known.size - 1, 0))
            elif known is not None and known.size > n:
                lost = "events %d to %d of epoch %d are lost" % (n, known.size - 1, known.epoch)
            self.told.append("log %s: restored from a backup at %s, event %d begins epoch %d; %s" % (log, time, n, begun, lost))
            here = begun
        for checkpoint in kept:
            require(checkpoint.epoch <= epoch, "the checkpoint that was kept elsewhere is of a later epoch", log, size)
            after = [restore for restore in restores if restore[0] > checkpoint.epoch]
            require(after, "the log is shorter than the checkpoint that was kept elsewhere", log, size)
            _, n, _, known = after[0]
            if known is not None and (known.epoch, known.size) == (checkpoint.epoch, checkpoint.size):
                require(known.root == checkpoint.root, "the restore names another tree than the checkpoint that was kept elsewhere", log, n)
            more = known is None or (known.epoch, known.size) < (checkpoint.epoch, checkpoint.size)
            self.told.append(
                "log %s: the checkpoint from elsewhere of %d events, epoch %d, is of what was lost at the restore at event %d%s"
                % (log, checkpoint.size, checkpoint.epoch, n, ", and the restore did not know of it" if more else "")
            )

    def checkpoints(self, log):
        """The log's checkpoints, each with its number: whole, signed, numbered without gaps and growing."""
        stored = self.register.execute("SELECT number, size, note FROM checkpoints WHERE log_id = ? ORDER BY number", (log,))
        grown = 0
        for due, (number, size, note) in enumerate(stored, 1):
            what = "checkpoint %s" % number
            require(number == due, "%s stands where %d was due" % (what, due), log)
            try:
                checkpoint = Checkpoint(note)
            except Damage as fault:
                raise Damage("%s: %s" % (what, fault), log) from None
            require(checkpoint.size == size, "%s: the column beside the note says another size" % what, log)
            require(checkpoint.size > grown, "%s has not grown" % what, log)
            require(checkpoint.signed_by(self.public_keys), "%s is not signed by a known key" % what, log)
            grown = checkpoint.size
            yield number, checkpoint

    def check_nodes(self, log, tree):
        stored = {}
        for level, position, root in self.register.execute("SELECT level, position, hash FROM tree_nodes WHERE log_id = ?", (log,)):
            require((level, position) not in stored, "node %s of level %s is stored twice" % (position, level), log)
            stored[level, position] = root
        for level, position in sorted(stored.keys() | tree.nodes.keys()):
            holds = stored.get((level, position)) == tree.nodes.get((level, position))
            require(holds, "node %s of level %s is not that of the events" % (position, level), log)

    def check_openings(self, log, n, hidden, openings):
        """Each opening opens the commitment at its place, and each commitment has one, or an erasure tells of it."""
        for commitment, pointer, thing, salt, value in openings:
            hash_, of = hidden.pop(pointer, (None, None))
            require(hash_ is not None, "%s: an opening of what is not hidden there" % pointer, log, n)
            require(thing == of, "%s: the opening is said to be of another thing" % pointer, log, n)
            whole = isinstance(salt, bytes) and len(salt) == 32 and isinstance(value, str)
            try:
                holds = whole and commitment == hash_ == commit(salt, value)
            except UnicodeEncodeError:
                holds = False
            require(holds, "%s: the opening does not open the commitment" % pointer, log, n)
            self.counts["openings"] += 1
        for pointer in sorted(hidden):
            # The erasure may be told of later, or in another log.
            self.unopened[hidden[pointer][0]] = Damage("%s: the commitment has no opening" % pointer, log, n)

    def check_erasures(self):
        """What the erasures tell of has no opening, and nothing else lacks one."""
        for hash_ in sorted(self.erased):
            require(hash_ in self.unopened, "the commitment %s was erased, and is opened all the same" % hash_)
            self.counts["erased"] += 1
        for hash_, damage in self.unopened.items():
            if hash_ not in self.erased:
                raise damage

    def note(self, log, n, changes):
        for change in changes:
            if change.version == 0:
                continue
            require(change.entity in THINGS.values(), "a change of what is not known: %s" % change.entity, log, n)
            gone = int(change.after is None)
            kept = [None if side is None else json.dumps(side) for side in (change.before, change.after)]
            row = (change.entity, change.id, change.version, gone, log, n, *kept)
            self.notes.execute("INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
            if change.entity == "erasure":
                self.erased.update(map(str, (change.after or {}).get("commitments") or []))
            for field, media_type in SEALED.items():
                for side in (change.before or {}, change.after or {}):
                    if side.get(field) is not None:
                        row = (str(side[field]), media_type, log, n)
                        self.notes.execute("INSERT OR IGNORE INTO named VALUES (?, ?, ?, ?)", row)

    # Check 5, table by table.

    def check_things(self, table, entity):
        """The rows of a table against what the events lead to, both in the order of their ids. Answers with the ids that
        ever were their own body, and of what has nothing above it: organisations with a log."""
        cursor = self.register.execute('SELECT * FROM "%s" ORDER BY id' % table)
        columns = {column[0]: wire_name(column[0]) for column in cursor.description}
        require("id" in columns and "version" in columns, "%s has not the columns it should have" % table)
        rows = (dict(zip(columns, row)) for row in cursor)
        row = next(rows, None)
        stored = self.notes.execute(
            "SELECT id, version, log, n, before, after FROM changes WHERE entity = ? ORDER BY id, version, gone", (entity,)
        )
        with_log = set()
        for thing, changes in itertools.groupby(stored, lambda change: change[0]):
            state, version, log, n = self.fold(entity, thing, changes, with_log)
            require(row is None or str(row["id"]) >= thing, "%s %s has no history" % (table, row and row["id"]))
            is_there = row is not None and row["id"] == thing
            if state is None:
                require(not is_there, "%s %s was removed, and is there" % (table, thing), log, n)
                continue
            require(is_there, "%s %s is gone, which no event tells" % (table, thing), log, n)
            require(same(row["version"], version), "%s %s: version is not what the history says" % (table, thing), log, n)
            for column, name in columns.items():
                if name != "version" and column not in DERIVED.get(table, ()):
                    holds = self.stands(row[column], state.get(name))
                    require(holds, "%s %s: %s is not what the history says" % (table, thing, column), log, n)
            for name in state.keys() - set(columns.values()):
                raise Damage("%s %s: the table has no column for %s" % (table, thing, name), log, n)
            self.counts["things"] += 1
            row = next(rows, None)
        require(row is None, "%s %s has no history" % (table, row and row["id"]))
        return with_log

    def fold(self, entity, thing, changes, with_log):
        """What the changes lead to, in the order of versions, whichever logs they stand in."""
        state, version, log, n = None, 0, None, None
        for _, number, log, n, before, after in changes:
            before, after = (None if side is None else json.loads(side) for side in (before, after))
            what = "%s %s" % (entity, thing)
            if before is None:
                # What was removed can come back, as the version after.
                require(state is None and number == version + 1, "%s is new, at version %d" % (what, number), log, n)
                state = after
            elif after is None:
                require(state is not None and number == version, "%s is removed at version %d" % (what, number), log, n)
                self.check_before(what, state, before, before.keys() | state.keys(), log, n)
                state = None
            else:
                due = state is not None and number == version + 1
                require(due, "%s comes to version %d from %d" % (what, number, version), log, n)
                self.check_before(what, state, before, before.keys() | after.keys(), log, n)
                state.update(after)
            version = number
            if state is not None:
                require(state.get("id") == thing, "%s says another id" % what, log, n)
                require("version" not in state or same(state["version"], version), "%s says another version" % what, log, n)
                if entity == "organisation" and (state.get("parentId") is None or state.get("kind") in BODIES):
                    with_log.add(thing)
                elif entity == "plan":
                    self.bodies_of_plans[thing] = str(state.get("organisationId"))
                elif entity == "risk":
                    body = self.bodies_of_plans.get(state.get("planId"), "")
                    row = (body, str(state.get("reference")), str(state.get("identityId")))
                    self.notes.execute("INSERT OR IGNORE INTO referred VALUES (?, ?, ?)", row)
        return state, version, log, n

    def check_before(self, what, state, before, names, log, n):
        """What an event says was there before is what the events before it left."""
        for name in sorted(names):
            if what.startswith("organisation ") and name == "bodyId":
                continue  # derived
            one, other = state.get(name), before.get(name)
            if commitment_of(one) in self.unopened or commitment_of(other) in self.unopened:
                continue  # erased since
            if commitment_of(one) is not None and commitment_of(other) is not None:
                one, other = self.opened(one), self.opened(other)
            require(same(one, other), "%s: %s was something else before" % (what, name), log, n)

    def opened(self, hidden):
        return read_json(self.one("SELECT value FROM openings WHERE commitment = ?", commitment_of(hidden)))

    def stands(self, value, expected):
        """Whether a column holds what a field says. SQLite knows neither true nor JSON: they are 1 and text."""
        if commitment_of(expected) in self.unopened:
            return False  # an erasure tells what stands there instead
        if commitment_of(expected) is not None:
            expected = self.opened(expected)
        try:
            if isinstance(expected, bool):
                return same(value, int(expected))
            if isinstance(expected, (dict, list)):
                return isinstance(value, str) and same(read_json(value), expected)
            return same(value, expected)
        except (ValueError, RecursionError):
            return False

    def check_paths(self):
        """An organisation's path is its parent's, and its own id; its body the nearest one on the way up."""
        above = {row[0]: row[1:] for row in self.register.execute("SELECT id, parent_id, kind, path, body_id FROM organisations")}
        for thing, (parent, kind, path, body) in sorted(above.items()):
            _, _, begin, inherited = above.get(parent, (None, None, "" if parent is None else "?", None))
            holds = path == "%s%s/" % (begin, thing) and body == (thing if kind in BODIES else inherited)
            require(holds, "organisations %s: the path or the body does not follow from those above" % thing)
        topmost = [thing for thing, (parent, *_) in above.items() if parent is None]
        roots = [root for (root,) in self.register.execute("SELECT root_id FROM register")]
        require(len(topmost) == 1 and roots == topmost, "the register's root is not the topmost organisation")

    def check_references(self):
        """The reference of a risk is kept for it in its body, and none is kept for what never had it."""
        missing = """
            SELECT r.id FROM risks r JOIN plans p ON p.id = r.plan_id LEFT JOIN risk_references x
            ON x.body_id = p.organisation_id AND x.reference = r.reference AND x.identity_id = r.identity_id
            WHERE x.identity_id IS NULL LIMIT 1
            """
        for (risk,) in self.register.execute(missing):
            raise Damage("risks %s: its reference is not kept for it" % risk)
        for row in self.register.execute("SELECT body_id, reference, identity_id FROM risk_references ORDER BY 1, 2"):
            known = "SELECT 1 FROM referred WHERE body = ? AND reference = ? AND identity = ?"
            held = self.notes.execute(known, row).fetchone()
            require(held, "risk_references %s of %s: kept for what never had it" % (row[1], row[0]))

    def check_turns(self):
        """Each event has its turn among those of all logs, and nothing else has; in a log they follow its positions."""
        if not self.register.execute("SELECT 1 FROM sqlite_master WHERE name = 'turns'").fetchone():
            return  # Of a version before there were any.
        without = """
            SELECT e.log_id, e.n FROM events e LEFT JOIN turns t ON t.log_id = e.log_id AND t.n = e.n
            WHERE t.turn IS NULL LIMIT 1
            """
        for log, n in self.register.execute(without):
            raise Damage("it has no turn among those of all logs", log, n)
        counts = "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM turns)"
        for events, taken in self.register.execute(counts):
            require(events == taken, "there are %d turns of %d events" % (taken, events))
        crossed = """
            SELECT a.log_id, a.n FROM turns a JOIN turns b ON b.log_id = a.log_id AND b.n = a.n + 1
            WHERE b.turn < a.turn LIMIT 1
            """
        for log, n in self.register.execute(crossed):
            raise Damage("its turn is after that of the next", log, n)

    def check_which_logs(self, bodies):
        """The region has a log, and every board and company that ever was; nobody else."""
        logs = {log for (log,) in self.register.execute("SELECT log_id FROM heads")}
        require(logs, "there is not a single log: this holds no register")
        for log in sorted(bodies - logs):
            raise Damage("the log has no head", log)
        for log in sorted(logs - bodies):
            raise Damage("a log of what is no body", log)

    # Check 6.

    def check_sealed_files(self):
        media_types = {}
        for name, media_type, content in self.register.execute("SELECT sha256, media_type, content FROM sealed_files"):
            holds = isinstance(content, bytes) and name == sha256(content).hex() and name not in media_types
            require(holds, "sealed file %s: the bytes have another hash" % name)
            media_types[name] = media_type
            self.counts["sealed files"] += 1
        for name, media_type, log, n in self.notes.execute("SELECT * FROM named ORDER BY log, n"):
            require(name in media_types, "the sealed file %s is gone" % name, log, n)
            require(media_types[name] == media_type, "the sealed file %s is not %s" % (name, media_type), log, n)
        known = {name for (name,) in self.notes.execute("SELECT sha256 FROM named")}
        for name in sorted(media_types.keys() - known):
            raise Damage("sealed file %s: no event tells of it" % name)

    def check_left_files(self):
        """What people left as evidence, and nobody has erased: its name is erased together with its bytes."""
        self.counts["files"] = 0
        wanted = "SELECT DISTINCT sha256, size FROM files WHERE name <> ? ORDER BY sha256"
        for name, size in self.register.execute(wanted, (ERASED,)):
            require(re.fullmatch("[0-9a-f]{64}", name), "a file is named by no hash")
            path = os.path.join(self.files, name[:2], name)
            require(os.path.isfile(path), "the file %s is gone from where files are kept" % name)
            content = read_file(path)
            holds = len(content) == size and sha256(content).hex() == name
            require(holds, "the file %s is not what was left" % name)
            self.counts["files"] += 1

    def one(self, query, *values):
        row = self.register.execute(query, values).fetchone()
        return None if row is None else row[0]


# --- The published vectors --------------------------------------------------------------------------------------------

# RFC 6962 as google/certificate-transparency-go tests it (merkletree/merkle_verifier_test.go): eight entries, the roots
# of their trees of 1 to 8, audit paths (entry, size) and proofs of consistency (first, second).
ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
# RFC 8032 7.1, tests 1 to 3: public key, message, signature.
SIGNATURES = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]  # fmt: skip


def self_test():
    tree, made = Tree(), 0
    roots = [bytes.fromhex(root) for root in ROOTS]
    entries = [bytes.fromhex(entry) for entry in ENTRIES]

    def hold(holds, what):
        nonlocal made
        made += 1
        require(holds, "self-test: %s" % what)

    hold(tree.root() == roots[0], "the root of nothing")
    for size, entry in enumerate(entries, 1):
        tree.push(leaf_hash(entry))
        hold(tree.root() == roots[size], "the root of %d entries" % size)
    for (index, size), path in INCLUSION.items():
        leaf, path = leaf_hash(entries[index]), [bytes.fromhex(text) for text in path]
        hold(includes(leaf, index, size, path, roots[size]), "entry %d of %d" % (index, size))
        hold(not includes(leaf, index + 1, size, path, roots[size]), "entry %d of %d elsewhere" % (index, size))
        hold(not includes(leaf, index, size, path + [leaf], roots[size]), "entry %d of %d, a longer path" % (index, size))
        if path:
            hold(not includes(leaf, index, size, path[:-1], roots[size]), "entry %d of %d, a shorter path" % (index, size))
    for (first, second), path in CONSISTENCY.items():
        path = [bytes.fromhex(text) for text in path]
        what = "%d to %d" % (first, second)
        hold(consistent(first, roots[first], second, roots[second], path), what)
        hold(not consistent(first, roots[first - 1], second, roots[second], path), what + " from another root")
        hold(not consistent(first, roots[first], second, roots[second], path + [roots[1]]), what + ", a longer path")
        if path:
            hold(not consistent(first, roots[first], second, roots[second], path[:-1]), what + ", a shorter path")
    for number, vector in enumerate(SIGNATURES, 1):
        key, message, signature = map(bytes.fromhex, vector)
        hold(signed(key, message, signature), "RFC 8032, test %d" % number)
        hold(not signed(key, message + b"\x00", signature), "RFC 8032, test %d, another message" % number)
        more = (int.from_bytes(signature[32:], "little") + L).to_bytes(32, "little")
        hold(not signed(key, message, signature[:32] + more), "RFC 8032, test %d, S beyond the order" % number)
        for bit in range(0, 512, 7):
            other = bytearray(signature)
            other[bit // 8] ^= 1 << bit % 8
            hold(not signed(key, message, bytes(other)), "RFC 8032, test %d, bit %d" % (number, bit))
    print("%d checks" % made)


# --- What is asked for ------------------------------------------------------------------------------------------------


def judge(question):
    """One line of --batch: whether it holds."""
    kind = question["kind"]
    if kind == "inclusion":
        path = [unbase64(text, 32) for text in question["hashes"]]
        leaf, root = unbase64(question["leafHash"], 32), unbase64(question["root"], 32)
        return includes(leaf, natural(question["index"]), natural(question["size"]), path, root)
    if kind == "consistency":
        return consistent(*read_consistency(question))
    if kind == "checkpoint":
        name, key = read_key(question["key"])
        checkpoint = Checkpoint(question["note"])
        return checkpoint.origin == name and checkpoint.signed_by([key])
    if kind == "receipt":
        check_receipt(question["receipt"], [])
        return True
    return False


def batch():
    """For tests that hold this verifier against the register's own: a JSON line in, true or false out."""
    for line in sys.stdin.buffer:
        try:
            holds = judge(read_json(line))
        except (Damage, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            holds = False
        print("true" if holds else "false", flush=True)


def read_file(path):
    """A file as it is: line ends are part of what is signed."""
    with open(path, "rb") as file:
        return file.read()


def read_json_file(path):
    try:
        return read_json(read_file(path))
    except (ValueError, RecursionError):
        raise Damage("%s is not JSON" % path) from None


def read_checkpoint_file(path):
    try:
        return Checkpoint(read_file(path).decode("utf-8"))
    except UnicodeDecodeError:
        raise Damage("%s: the checkpoint cannot be read" % path) from None


def verify_register(path, trusted, kept, files):
    with open(path, "rb") as file:
        require(file.read(16) == b"SQLite format 3\x00", "%s is not an SQLite file" % path)
    try:
        work = Verification(open_register(path), trusted, kept, files)
        for checkpoint in kept:
            holds = checkpoint.log is not None and checkpoint.signed_by(work.keys())
            require(holds, "the checkpoint that was kept elsewhere is not signed by a known key", checkpoint.log)
        work.run()
    except (sqlite3.Error, ValueError, TypeError, OverflowError, RecursionError) as fault:
        # What the checks did not foresee in a broken file is damage too.
        hint = ""
        if sqlite3.sqlite_version_info < (3, 37):
            hint = " (this Python's SQLite is %s; 3.37 or newer is needed)" % sqlite3.sqlite_version
        elif os.path.exists(path + "-wal"):
            hint = " (copy it together with its -wal to where you may write, and verify the copy)"
        raise Damage("the file cannot be read: %s%s" % (fault, hint)) from None
    for line in work.roots + work.told:
        print(line)
    print(" · ".join("%d %s" % (count, name) for name, count in work.counts.items()))
    if not trusted:
        print("Checkpoints were held against the keys in the file itself. Give --key with a key that you got elsewhere.")


def verify_files(receipt, consistency, kept, trusted):
    """A receipt, a proof of consistency, or both, and checkpoints that must be the ends of the proof."""
    for checkpoint in kept:
        require(checkpoint.log is not None and checkpoint.signed_by(trusted), "a checkpoint is not signed by a key given with --key")
    if receipt is not None:
        event, checkpoint = check_receipt(receipt, trusted)
        kept = kept + [checkpoint]
        print(json.dumps(event, ensure_ascii=False, indent=2))
        print("Event %d of log %s, in its tree of %d events." % (event["n"], event["log"], checkpoint.size))
        if not trusted:
            print("Signed by the receipt's own key, %s. Hold it against one that you got elsewhere." % receipt["key"])
    if consistency is not None:
        first, first_root, second, second_root, path = read_consistency(consistency)
        log = consistency.get("log")
        require(consistent(first, first_root, second, second_root, path), "the proof does not hold: the log was changed", log, first)
        for checkpoint in kept:
            require(checkpoint.log == log, "a checkpoint is of another log than the proof", log)
            ends = [(first, first_root), (second, second_root)]
            holds = (checkpoint.size, checkpoint.root) in ends
            require(holds, "the checkpoint of %d events is neither end of the proof" % checkpoint.size, log, checkpoint.size)
        print("Log %s: the tree of %d events is how that of %d began." % (log, first, second))
        if not kept:
            print("The roots in the proof are signed by nobody. Give the checkpoints of both ends with --checkpoint.")


def main():
    for stream in (sys.stdout, sys.stderr):
        # A text that the terminal cannot show must not end the work.
        stream.reconfigure(errors="backslashreplace")
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("register", nargs="?", metavar="REGISTER.db")
    asked.add_argument("--receipt", metavar="FILE")
    asked.add_argument("--consistency", metavar="FILE")
    asked.add_argument("--checkpoint", metavar="FILE", action="append", default=[])
    asked.add_argument("--files", metavar="DIRECTORY")
    asked.add_argument("--key", metavar="KEY", action="append", default=[])
    asked.add_argument("--self-test", action="store_true")
    asked.add_argument("--batch", action="store_true")
    given = asked.parse_args()
    files = given.receipt or given.consistency
    if [bool(given.register), bool(files), given.self_test, given.batch].count(True) != 1:
        asked.error("give a register's file, --receipt and --consistency, or --self-test")
    if given.files and not given.register:
        asked.error("--files goes with a register's file")
    if files and given.checkpoint and not given.key:
        asked.error("whose checkpoints should they be? Give --key")
    try:
        if given.batch:
            return batch()
        if given.self_test:
            self_test()
        else:
            trusted = [read_key_given(text.strip()) for text in given.key]
            kept = [read_checkpoint_file(path) for path in given.checkpoint]
            if given.register:
                verify_register(given.register, trusted, kept, given.files)
            else:
                receipt, consistency = (path and read_json_file(path) for path in (given.receipt, given.consistency))
                verify_files(receipt, consistency, kept, trusted)
    except Damage as fault:
        print(fault)
        sys.exit(1)
    except OSError as fault:
        asked.error(str(fault))
    print("OK")


if __name__ == "__main__":
    main()
