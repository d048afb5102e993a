"""The compose file: pinned images, nothing open to the network, and the commands that the README gives."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import time

import adbutils
import pytest
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


@pytest.fixture
def inside(android, tmp_path):
    """Give the double, and an environment with the container's programs, where it goes by the emulator's name."""
    double = android(root="adbd")
    words = f'for word do shift; [ "$word" = emulator:5555 ] && word={double.serial}; set -- "$@" "$word"; done'
    programs = {
        "adb": f'{words}; exec {shlex.quote(adbutils.adb_path())} -P {double.server[1]} "$@"',
        "sleep": f'echo "$1" >> {tmp_path}/slept; exec /bin/sleep 0.2',
        "analyzer": f'cd {ROOT}; exec {shlex.quote(sys.executable)} -m analyzer "$@" --workspace {tmp_path}/workspace',
    }
    for name, text in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    server = {"ANDROID_ADB_SERVER_HOST": double.server[0], "ANDROID_ADB_SERVER_PORT": str(double.server[1])}
    return double, {**os.environ, **server, "PATH": f"{tmp_path}:{os.environ['PATH']}"}, tmp_path / "slept"


@pytest.mark.xdist_group("android")
def test_the_readmes_wait_ends_when_android_has_started_and_not_before(inside):
    double, environment, slept = inside
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"run --rm --entrypoint sh analyzer -c \\\n  '([^']+)'", readme)
    double.change("properties", "sys.boot_completed", to="")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    waiting = subprocess.Popen(["sh", "-c", line], env=environment, text=True, **pipes)
    end = time.monotonic() + 60
    while not slept.exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert waiting.poll() is None, waiting.communicate()
    double.change("properties", "sys.boot_completed", to="1")
    out, err = waiting.communicate(timeout=120)
    assert (waiting.returncode, out.splitlines()[-1]) == (0, "1"), err
    assert set(slept.read_text().split()) == {"5"}


@pytest.mark.xdist_group("android")
def test_the_analyzers_container_finds_the_emulator_by_itself(inside):
    double, environment, _ = inside
    adbutils.AdbClient(*double.server).disconnect(double.serial)
    service = SERVICES["analyzer"]
    entry = service["build"]["dockerfile_inline"].rpartition("ENTRYPOINT ")[2].replace("$$", "$")
    line = [*yaml.safe_load(entry), *service["command"]]
    done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert double.serial in done.stdout
