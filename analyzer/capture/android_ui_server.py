"""UI hierarchies from uiautomator2's server on the device, where its package is installed here; else nobody starts it.

It answers at once and does not wait until the screen rests, as `uiautomator dump` does. Whoever reaches its port can
touch the screen, so the port is closed to apps and to other machines before it is opened: the app under test could
otherwise accept in its user's place. Its program (`u2.jar`), its start and its words are those of uiautomator2 3.7
(https://github.com/openatx/uiautomator2, `core.py`).
"""

from __future__ import annotations

import http.client
import importlib.util
import json
import secrets
import shlex
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from analyzer.capture.android_redirect import Rule, removal
from analyzer.capture.android_screen import Hierarchies
from analyzer.capture.android_shell import AndroidShell, LineStream
from analyzer.capture.device import EnvironmentProblem

UI_SERVER: Final = "ui_server"
"""The kind of change; its facts are root kind, place of the program and port."""

Note = Callable[[str, Mapping[str, Any]], object]
"""Notes a change before it is made: its kind and its facts (JSON values)."""

TellReader = Callable[[str, str], object]
"""What reads the screen from now on, and why it is not what was to; empty where it is."""
BY_SERVER: Final = "uiautomator2"
BY_DUMP: Final = "uiautomator dump"

_PACKAGE: Final = "uiautomator2"
_JAR: Final = Path("assets/u2.jar")
_MAIN: Final = "com.wetest.uia2.Main"
_PLACE: Final = "/data/local/tmp/ui-"
_PORTS: Final = range(20_000, 28_000)
_CALLERS: Final = (0, 2000)
"""Root and adb's shell, as which adb forwards connections."""
_CALLS, _VISITS = "observer_ui", "observer_ui_in"
_RESET: Final = ("-p", "tcp", "-j", "REJECT", "--reject-with", "tcp-reset")
_REMOVE_RULES: Final = removal(
    [(program, "filter", {"OUTPUT": (_CALLS,), "INPUT": (_VISITS,)}) for program in ("iptables", "ip6tables")]
)
_END: Final = (
    "tries=0; while [ $tries -lt 50 ]; do left=; for p in $(pidof app_process); do "
    'case "$(tr "\\0" " " </proc/$p/cmdline)" in *'
    + _MAIN
    + '\\ -p\\ {port}*) left=1; kill -9 $p;; esac; done; [ "$left" ] || break; tries=$((tries + 1)); sleep 0.1; done; '
    '[ -z "$left" ] && rm -f {place}'
)
_SECONDS_TO_START: Final = 30.0
_SECONDS_TO_ANSWER: Final = 15.0
_PAUSE: Final = 0.1
_DEEPEST: Final = 50
"""So many levels of views uiautomator2 itself asks for."""
_LONGEST: Final = 8_000_000


def find_program() -> Path | None:
    """Give the server's program from the installed package of uiautomator2, which is not loaded; `None` without it."""
    found = importlib.util.find_spec(_PACKAGE)
    places = found.submodule_search_locations if found is not None else None
    return next((jar for place in places or () if (jar := Path(place) / _JAR).is_file()), None)


class UiServer:
    """One server on one device; `root` is a root kind of `AndroidShell`. Raises `EnvironmentProblem`."""

    def __init__(self, shell: AndroidShell, root: str, note: Note) -> None:
        self._shell, self._root, self._note = shell, root, note
        self._place, self._port = f"{_PLACE}{secrets.token_hex(4)}.jar", secrets.choice(_PORTS)
        self._facts = {"root": root, "place": self._place, "port": self._port}
        self._stream: LineStream | None = None
        self._reader: threading.Thread | None = None
        self._said: list[str] = []
        self._local = 0
        self._noted = False

    def start(self, program: Path) -> None:
        """Put the program on the device, close its port to others, start it, and wait until it answers."""
        place, port = self._place, self._port
        self._note(UI_SERVER, self._facts)
        self._noted = True
        left = f"({_REMOVE_RULES}) 2>/dev/null"  # by a killed run, also of another workspace
        rules = f"{left}; {' && '.join(map(shlex.join, guard(port)))}"
        said = self._shell.run_as_root(self._root, "sh", "-c", rules)
        if said.code:
            raise self._problem(f"its port cannot be closed to apps ({(said.err or said.out).strip()[-200:]})")
        self._shell.push(program, place)
        line = f"CLASSPATH={place} exec app_process / {_MAIN} -p {port}"
        self._stream = stream = self._shell.stream("sh", "-c", line)
        self._reader = threading.Thread(target=lambda: self._said.extend(stream), name="ui-server", daemon=True)
        self._reader.start()
        self._local = self._shell.forward(port)
        self._await(self._reader)

    def hierarchy(self) -> str:
        """Read what the active window shows now."""
        question = {"jsonrpc": "2.0", "id": 1, "method": "dumpWindowHierarchy", "params": [False, _DEEPEST, True]}
        answer = self._ask("POST", "/jsonrpc/0", json.dumps(question))
        try:
            told = json.loads(answer)
            result = told["result"]
        except (ValueError, KeyError, TypeError):
            raise self._problem(f"it answers {answer[:200]!r}") from None
        if not isinstance(result, str) or "<hierarchy" not in result:
            raise self._problem("it sees no window")
        return result[result.find("<?xml") if "<?xml" in result else 0 :]

    def stop(self) -> None:
        """End it and take everything away; safe to call twice."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None
        if self._local:
            self._shell.end_forward(self._local)
            self._local = 0
        if self._noted:
            remove_ui_server(self._shell, self._facts)
            self._noted = False
        if self._reader is not None:
            self._reader.join()
            self._reader = None

    def _await(self, reader: threading.Thread) -> None:
        last = time.monotonic() + _SECONDS_TO_START
        while True:
            with suppress(EnvironmentProblem):
                if self._ask("GET", "/ping") == b"pong":
                    return
            if not reader.is_alive() or time.monotonic() > last:
                raise self._problem(" ".join(self._said)[-200:] or "it says nothing")
            time.sleep(_PAUSE)

    def _ask(self, method: str, path: str, body: str | None = None) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self._local, timeout=_SECONDS_TO_ANSWER)
        try:
            # Its web server leaks where it compresses, so it is asked not to.
            connection.request(method, path, body, {"Content-Type": "application/json", "Accept-Encoding": ""})
            answer = connection.getresponse()
            data = answer.read(_LONGEST + 1)
        except (OSError, http.client.HTTPException) as error:
            raise self._problem(f"it cannot be reached ({error})") from error
        finally:
            connection.close()
        if answer.status != http.HTTPStatus.OK or len(data) > _LONGEST:
            raise self._problem(f"it answers with {answer.status}, {len(data)} bytes")
        return data

    def _problem(self, why: str) -> EnvironmentProblem:
        return EnvironmentProblem(f"uiautomator2's server on {self._shell.serial} does not work: {why}.")


class PreferredHierarchies:
    """Hierarchies of the server while it answers; once it does not, it is ended, and `uiautomator dump` gives them.

    Two cannot read the screen at once, so the server is gone before the other begins. `tell` hears which reads, and why
    it is not the server.
    """

    def __init__(self, server: UiServer, otherwise: Hierarchies, tell: TellReader = lambda _by, _why: None) -> None:
        self._server: UiServer | None = server
        self._otherwise, self._tell = otherwise, tell

    def hierarchy(self) -> str:
        """Read what the screen shows now."""
        if self._server is not None:
            try:
                return self._server.hierarchy()
            except EnvironmentProblem as problem:
                server, self._server = self._server, None
                server.stop()
                self._tell(BY_DUMP, str(problem))
        return self._otherwise.hierarchy()


def guard(port: int) -> list[Rule]:
    """Give the commands that let only root and adb reach a port of the device."""
    commands: list[Rule] = []
    for program in ("iptables", "ip6tables"):
        head = (program, "-w", "-t", "filter")
        commands += [(*head, "-N", _CALLS), (*head, "-N", _VISITS)]
        commands += [(*head, "-A", _CALLS, "-m", "owner", "--uid-owner", str(uid), "-j", "RETURN") for uid in _CALLERS]
        commands += [(*head, "-A", _CALLS, *_RESET), (*head, "-A", _VISITS, *_RESET)]
        commands.append((*head, "-I", "OUTPUT", "-p", "tcp", "--dport", str(port), "--syn", "-j", _CALLS))
        commands.append((*head, "-I", "INPUT", "!", "-i", "lo", "-p", "tcp", "--dport", str(port), "-j", _VISITS))
    return commands


def remove_ui_server(shell: AndroidShell, facts: Mapping[str, Any]) -> None:
    """End a server of ours and take its program and its rules away; does nothing for what is no place of ours."""
    place, port = str(facts["place"]), facts["port"]
    name = place.removeprefix(_PLACE).removesuffix(".jar")
    if not place.startswith(_PLACE) or not name.isalnum() or port not in _PORTS:
        return
    script = f"({_END.format(place=place, port=port)}) && {_REMOVE_RULES}"
    said = shell.run_as_root(str(facts["root"]), "sh", "-c", script)
    if said.code:
        raise EnvironmentProblem(
            f"uiautomator2's server on {shell.serial} could not be ended and removed "
            f"({(said.err or said.out).strip()[-200:]}); it lies at {place}."
        )
