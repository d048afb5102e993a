"""A real browser for tests: Debian's Chromium, driven by Playwright; without one a test skips and says so."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

WIDE = {"width": 1400, "height": 1000}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def missing(program: str, package: str) -> None:
    """Skip a test that lacks a program; where CI is set nothing is to be skipped."""
    sentence = f"{program} is not installed: `apt-get install {package}` brings it"
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium for as long as the block lasts."""
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if program is None:
        missing("Chromium", "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page that was opened from the disk, and everything that it complained of or asked the network for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def assert_quiet(self) -> None:
        """Nothing was reported, nothing was loaded, nothing foreign ran."""
        assert self.complaints == []
        assert self.requests == []
        assert self.page.evaluate("window.hit") is None


@contextlib.contextmanager
def opened(browser: Browser, file: Path, **context: object) -> Iterator[Opened]:
    """Open a file in a window of its own; reports of the Content-Security-Policy count as complaints."""
    window: BrowserContext = browser.new_context(**context)  # type: ignore[arg-type]
    page = window.new_page()
    made = Opened(page)
    page.on("console", lambda message: made.complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: made.complaints.append(f"error: {error}"))
    page.on("dialog", lambda dialog: made.complaints.append(f"dialog: {dialog.message}"))
    address = file.as_uri()
    page.on("request", lambda request: _note(made, address, request.url))
    page.goto(address)
    yield made
    window.close()


def _note(made: Opened, address: str, url: str) -> None:
    if url.split("#", maxsplit=1)[0] != address and not url.startswith("data:image/webp;base64,"):
        made.requests.append(url[:200])
