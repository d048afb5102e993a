"""Starts the double: becomes its `init`, builds its world, and serves; runs in namespaces of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import encodings.idna  # noqa: F401 - found by name later, when the host's files are elsewhere

import layout
import programs_apps
import programs_content
import programs_screen
import programs_system
import programs_ui
import zygote
from adb_services import Services
from channel import close_all, receive, send
from framework import Framework
from kernel import call_itself, die_with_parent
from levels import RUNNING
from orders import Orders

_INTERFACES = ("dummy", "ifb", "veth")


def main() -> None:
    config = json.loads(sys.argv[1])
    die_with_parent(signal.SIGKILL)
    socket.sethostname(config["hostname"])
    programs = programs_system.PROGRAMS | programs_apps.PROGRAMS | programs_screen.PROGRAMS | programs_ui.PROGRAMS
    if config["root"] == "magisk":
        programs["su"] = programs_system.su_of_a_manager
    elif config["root"] == "su":
        programs["su"] = programs_system.su_of_the_platform
    programs |= programs_content.PROGRAMS
    config["programs"] = sorted(programs)
    layout.build(config)
    _network()
    call_itself("init")
    served = os.fork()
    if served == 0:
        call_itself("adbd")
        _serve(config, programs)
    while True:
        pid, _ = os.wait()
        if pid == served:
            os._exit(0)


def _network() -> None:
    """Give the device an interface with a way out, to nowhere: what is not redirected is not answered."""
    run = ["/system/bin/ip"]
    kind = next(
        k
        for k in _INTERFACES
        if not subprocess.run([*run, "link", "add", "wlan0", "type", k], check=False, capture_output=True).returncode
    )
    lines = (
        "link set lo up",
        "link set wlan0 up",
        "addr add 10.0.2.15/24 dev wlan0",
        "route add default via 10.0.2.2 dev wlan0",
        "-6 addr add fec0::15/64 dev wlan0 nodad",
        "-6 route add default dev wlan0",
    )
    for line in lines:
        done = subprocess.run([*run, *line.split()], check=False, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"ip {line} ({kind}): {done.stderr}")
    # Netfilter makes each table at its first use; Android's are there from the start, with chains of netd.
    for program in ("iptables", "ip6tables"):
        text = "".join(
            f"*{table}\n:{chain} - [0:0]\n-A OUTPUT -j {chain}\nCOMMIT\n"
            for table, chain in (
                ("filter", "fw_OUTPUT"),
                ("nat", "oem_nat_out"),
                ("mangle", "tetherctrl_out"),
                ("raw", "bw_raw_out"),
            )
        )
        subprocess.run([f"/system/bin/{program}-restore"], input=text.encode(), check=True)


def _serve(config: dict[str, Any], programs: dict[str, Any]) -> None:
    orders, questions = (socket.socket(fileno=number) for number in config["channels"])
    listener = socket.socket(fileno=config["listener"])
    lock = threading.Lock()
    os.environ.clear()

    def ask_host(**question: Any) -> Any:
        with lock:
            send(questions, question)
            answer, files = receive(questions)
            close_all(files)
            return answer

    framework = Framework(config, ask_host)
    framework.zygotes = zygote.start(config["abi"], private=config["private_mounts"])
    framework.programs.update(programs)
    threading.Thread(target=framework.serve, daemon=True).start()
    while not os.path.exists("/dev/socket/framework"):
        time.sleep(0.001)
    for name, uid in RUNNING.items():
        programs_apps.fork_app(framework, name, name, uid)
    services = Services(framework, listener)
    threading.Thread(target=services.accept, daemon=True).start()
    inside = Orders(framework, services)
    with suppress(EOFError, OSError):
        send(orders, "ready")
        while True:
            order, files = receive(orders)
            inside.carry_out(orders, order, files)
    os._exit(0)


if __name__ == "__main__":
    main()
