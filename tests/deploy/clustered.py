"""Holds the manifests together, where a schema sees each by itself: names that lead to one another, labels that are met,
pods that Kubernetes' own strictest rules take, and the same image everywhere.

    tests/deploy/clustered.py FOLDER BINARY
"""

import base64
import os
import pathlib
import subprocess
import sys
import tempfile

import yaml

things = {}
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.yaml")):
    for thing in yaml.safe_load_all(file.read_text()):
        things[thing["kind"], thing["metadata"]["name"]] = thing


def hold(true, what):
    if not true:
        sys.exit(f"tests/deploy/clustered.py: {what}")


def meets(selector, labels):
    return selector.items() <= labels.items()


pods = {name: thing["spec"]["template"] for name, thing in things.items() if "template" in thing.get("spec", {})}
images = set()
for (kind, name), pod in pods.items():
    spec, where = pod["spec"], f"{kind} {name}"
    hold(spec["securityContext"]["runAsNonRoot"] and spec["securityContext"]["runAsUser"] > 0, f"{where} may be root")
    hold(spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, f"{where} has no filter")
    # Its variables are called as settings are.
    hold(spec["enableServiceLinks"] is False, f"{where} gets variables of services")
    hold(spec["automountServiceAccountToken"] is False, f"{where} gets a token")
    volumes = {volume["name"]: volume for volume in spec.get("volumes", [])}
    for volume in volumes.values():
        claim = volume.get("persistentVolumeClaim")
        hold(not claim or ("PersistentVolumeClaim", claim["claimName"]) in things, f"{where}: no claim {claim}")
    for container in spec["containers"]:
        kept = container["securityContext"]
        hold(kept["readOnlyRootFilesystem"] and not kept["allowPrivilegeEscalation"], f"{where} is not kept in")
        hold(kept["capabilities"] == {"drop": ["ALL"]}, f"{where} has capabilities")
        hold(container["resources"]["limits"]["memory"], f"{where} may take all memory")
        hold({mount["name"] for mount in container.get("volumeMounts", [])} <= volumes.keys(), f"{where}: no such volume")
        images.add(container["image"])
        for source in container["envFrom"]:
            for kind_of, reference in source.items():
                wanted = "ConfigMap" if kind_of == "configMapRef" else "Secret"
                hold((wanted, reference["name"]) in things, f"{where}: there is no {wanted} {reference['name']}")
hold(len(images) == 1, f"more than one image: {images}")

deployment = things["Deployment", "riskregister"]
served = deployment["spec"]["template"]
hold(deployment["spec"]["replicas"] >= 2, "one instance is none while it is restarted")
hold(meets(deployment["spec"]["selector"]["matchLabels"], served["metadata"]["labels"]), "the deployment misses its pods")
container = served["spec"]["containers"][0]
probes = {name: container[name]["httpGet"]["path"] for name in ("livenessProbe", "readinessProbe")}
hold(probes == {"livenessProbe": "/healthz", "readinessProbe": "/readyz"}, probes)
wait = int(container["lifecycle"]["preStop"]["exec"]["command"][-1])
# The service itself takes twenty seconds at most to end.
hold(served["spec"]["terminationGracePeriodSeconds"] >= wait + 20 + 5, "it is killed before it has ended")
owner = {"secretRef": {"name": "riskregister-owner"}}
hold(owner not in container["envFrom"], "the service gets the owner's password")
hold(owner in things["Job", "riskregister-migrate"]["spec"]["template"]["spec"]["containers"][0]["envFrom"], "no owner")

for name in ("PodDisruptionBudget", "NetworkPolicy"):
    spec = things[name, "riskregister"]["spec"]
    selector = spec.get("selector") or spec["podSelector"]
    hold(meets(selector["matchLabels"], served["metadata"]["labels"]), f"{name} misses the pods")
for (kind, name), thing in things.items():
    if kind == "Service":
        met = [pod for pod in pods.values() if meets(thing["spec"]["selector"], pod["metadata"]["labels"])]
        hold(met == ([] if name == "riskregister-nowhere" else [served]), f"Service {name} leads to {len(met)}")
        target = thing["spec"]["ports"][0]["targetPort"]
        hold(target == 8080 or target in {port["name"] for port in container["ports"]}, f"Service {name}: no port {target}")
for rule in things["Ingress", "riskregister"]["spec"]["rules"]:
    leads = {path["path"]: path["backend"]["service"]["name"] for path in rule["http"]["paths"]}
    hold(leads == {"/metrics": "riskregister-nowhere", "/": "riskregister"}, leads)
# What the pods are told is what the register takes, once the template is filled in.
told = things["ConfigMap", "riskregister"]["data"] | things["Secret", "riskregister"]["stringData"]
told["RISKREGISTER_SECRET"] = "x" * 48
told["RISKREGISTER_SIGNING_KEY"] = base64.b64encode(bytes(32)).decode()
told["PATH"] = os.environ["PATH"]
with tempfile.TemporaryDirectory() as nowhere:
    taken = subprocess.run([sys.argv[2], "key"], env=told, cwd=nowhere, capture_output=True, text=True)
hold(taken.returncode == 0, taken.stderr)
print(f"{len(things)} things that know each other by their names")
