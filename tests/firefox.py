"""A real Firefox for tests, without a window, spoken to in WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/)."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from browser import missing
from websockets.sync.client import ClientConnection, connect

# It has nothing to ask anybody for.
PREFERENCES = {
    "app.normandy.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
}
PATIENCE = 60


class Firefox:
    """One window of Firefox; `complaints` are what its pages reported to the console."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._sent = 0
        self.complaints: list[str] = []
        self.call("session.new", capabilities={})
        self.call("session.subscribe", events=["log.entryAdded"])
        self._window = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and give its result."""
        self._sent += 1
        self._connection.send(json.dumps({"id": self._sent, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._connection.recv(timeout=PATIENCE))
            if answer.get("id") == self._sent:
                assert answer["type"] == "success", answer
                return answer["result"]
            self.complaints.append(str(answer.get("params", {}).get("text")))

    def open(self, file: Path) -> None:
        """Open a file, and wait until it is there."""
        self.call("browsingContext.navigate", context=self._window, url=file.as_uri(), wait="complete")

    def evaluate(self, expression: str) -> Any:
        """Give the value of an expression (text, number, truth) or of its promise."""
        result = self.call(
            "script.evaluate", expression=expression, target={"context": self._window}, awaitPromise=True
        )
        assert result["type"] == "success", result
        return result["result"].get("value")


@contextlib.contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    """Start Firefox for as long as the block lasts."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        missing("Firefox", "firefox-esr")
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines))
    command = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            address = next(line.split()[-1] for line in process.stderr if "WebDriver BiDi listening on" in line)
            with connect(f"{address}/session", max_size=None) as connection:
                yield Firefox(connection)
        finally:
            process.terminate()
