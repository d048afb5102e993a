"""The compose file: pinned images, nothing open to the network, and the commands that the README gives."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import yaml
from house import ROOT

COMPOSE = ROOT / "docker-compose.yml"
SERVICES = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
PINNED = re.compile(r"\S+(?::\d+\.\d+[\w.-]*|@sha256:[0-9a-f]{64})")


def test_there_is_an_emulator_the_analyzer_and_perhaps_a_database():
    assert set(SERVICES) == {"emulator", "analyzer", "postgresql"}
    assert SERVICES["emulator"]["devices"] == ["/dev/kvm:/dev/kvm"]
    assert "profiles" not in SERVICES["emulator"]
    assert SERVICES["postgresql"]["profiles"] == ["postgresql"]


def test_every_image_is_pinned():
    build = SERVICES["analyzer"]["build"]["dockerfile_inline"]
    images = [one["image"] for one in SERVICES.values() if "image" in one] + re.findall(
        r"^FROM (\S+)", build, re.MULTILINE
    )
    assert len(images) == 3
    for image in images:
        assert PINNED.fullmatch(image), image


def test_nothing_is_reachable_from_another_machine():
    ports = [port for one in SERVICES.values() for port in one.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert not any(one.get("privileged") or one.get("network_mode") for one in SERVICES.values())


def test_what_the_build_copies_is_there():
    build = SERVICES["analyzer"]["build"]["dockerfile_inline"]
    for line in re.findall(r"^COPY (.+)$", build, re.MULTILINE):
        for name in line.split()[:-1]:
            assert (ROOT / name).exists(), name


def test_the_readme_names_only_services_that_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"docker compose (?:up -d|run --rm) ([a-z]+)", readme)
    assert named
    assert set(named) <= set(SERVICES)


def test_compose_itself_takes_the_file_where_it_is_installed():
    docker = shutil.which("docker")
    if docker and subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0:
        done = subprocess.run(
            [docker, "compose", "-f", COMPOSE, "--profile", "*", "config"],
            capture_output=True, text=True, check=False, env={**os.environ, "ADBKEY": "key"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
