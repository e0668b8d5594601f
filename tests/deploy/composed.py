"""Holds compose.yaml together: what each container reads is there and is its own, and all are kept in alike.

    tests/deploy/composed.py FOLDER BINARY     # a copy of deploy/compose in which `prepare` has run
"""

import os
import pathlib
import re
import subprocess
import sys

import yaml

folder, binary = pathlib.Path(sys.argv[1]), sys.argv[2]
composed = yaml.safe_load((folder / "compose.yaml").read_text())


def hold(true, what):
    if not true:
        sys.exit(f"tests/deploy/composed.py: {what}")


named = set()
for name, service in composed["services"].items():
    hold(service.get("read_only") and service["cap_drop"] == ["ALL"], f"{name} is not kept in")
    hold(service["security_opt"] == ["no-new-privileges:true"], f"{name} may gain privileges")
    user = int(service["user"].split(":")[0])
    hold(user > 0, f"{name} is root")
    hold("healthcheck" in service, f"nobody asks how {name} is")
    for secret in service["secrets"]:
        named.add(secret)
        file = folder / composed["secrets"][secret]["file"]
        hold(file.stat().st_mode & 0o777 == 0o400, f"{file.name} can be read by others")
        hold(file.stat().st_uid == user, f"{name} cannot read {secret}")
    # What is named as a file in the environment is a secret that the container gets.
    for variable, value in service.get("environment", {}).items():
        if variable.endswith("_FILE"):
            hold(value.removeprefix("/run/secrets/") in service["secrets"], f"{name}: {variable} names no secret of it")
    hold("migration-database-url" not in service["secrets"] or name == "migrate", f"{name} gets the owner's password")
hold(named == set(composed["secrets"]) == {file.name for file in (folder / "secrets").iterdir()}, "a secret nobody reads")

# What each instance is told, on top of what its image says, is what the register takes, the key that was made too.
dockerfile = (pathlib.Path(__file__).resolve().parents[2] / "Dockerfile").read_text()
image = dict(re.findall(r"(\w+)=(\S+)", re.search(r"^ENV ((?:.*\\\n)*.*)", dockerfile, re.M)[1]))
hold("DATABASE_URL" in image, "the image says nothing")
for name, service in composed["services"].items():
    if service["image"].startswith("${RISKREGISTER_IMAGE"):
        told = {variable: value.replace("/run/secrets", str(folder / "secrets")) for variable, value in service["environment"].items()}
        told = {variable: re.sub(r"\$\{\w+:\?[^}]*\}", "risk.example.org", value) for variable, value in told.items()}
        told = {variable: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value) for variable, value in told.items()}
        told = image | told | {"PATH": os.environ["PATH"]}
        taken = subprocess.run([binary, "key"], env=told, cwd=folder, capture_output=True, text=True)
        hold(taken.returncode == 0 and len(taken.stdout) > 40, f"{name}: {taken.stderr}")
print(f"{len(composed['services'])} containers, none of them root, and {len(named)} secrets of one owner each")
