"""Holds every setting that deploy/ names, in comments too, against those that the program reads.

    tests/deploy/settings.py
"""

import pathlib
import re
import sys

import yaml

top = pathlib.Path(__file__).resolve().parents[2]
deploy = top / "deploy"
read = set()
for file in (top / "src").rglob("*.rs"):
    read |= set(re.findall(r'"([A-Z][A-Z_]+)"', file.read_text()))

named = {}
for line in (deploy / "systemd/riskregister.toml").read_text().splitlines():
    if found := re.match(r"#?(\w+) = ", line):
        named.setdefault(found[1].upper(), "riskregister.toml")
for line in (deploy / "systemd/riskregister.service").read_text().splitlines():
    if line.startswith("Environment="):
        for name in re.findall(r"(\w+)=", line.removeprefix("Environment=")):
            named.setdefault(name, "riskregister.service")
for file in ["configmap.yaml", "secret.template.yaml"]:
    text = (deploy / "kubernetes" / file).read_text()
    for thing in yaml.safe_load_all(text):
        for name in {**thing.get("data", {}), **thing.get("stringData", {})}:
            named.setdefault(name, file)
    for name in re.findall(r"^  # ([A-Z_]+): ", text, re.M):
        named.setdefault(name, file)
for name, service in yaml.safe_load((deploy / "compose/compose.yaml").read_text())["services"].items():
    if name.startswith(("riskregister", "migrate")):
        for setting in service["environment"]:
            named.setdefault(setting, "compose.yaml")
for name in re.findall(r"`((?:RISKREGISTER|SMTP|MIGRATION|DATABASE)_[A-Z_]+)`", (top / "docs/operations.md").read_text()):
    named.setdefault(name, "docs/operations.md")

# What begins so is the allocator's.
unknown = {name: where for name, where in named.items() if name not in read and not name.startswith("MIMALLOC_")}
if unknown:
    sys.exit("\n".join(f"tests/deploy/settings.py: {where}: there is no setting {name}" for name, where in unknown.items()))
print(f"{len(named)} settings are named, and the program reads each")
