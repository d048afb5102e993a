# ruff: noqa: INP001, T201 - a script, in no package; what it prints is the answer
"""Measures the report page in headless Chromium: until it is first painted, and how long a frame of zooming takes.

Entries of the shipped session are repeated until there are as many as asked for. Needs Chromium and Playwright, as the
tests do. Wall times are of a machine that does nothing else; CPU times of the page's thread hold on a busy one too.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, sync_playwright

from analyzer.model.exhibits import Exhibits
from analyzer.report.document import ResultDocument
from analyzer.report.html import write_html
from analyzer.workflows.analyze import Lens, judge
from analyzer.workflows.exhibits import exhibits
from analyzer.workflows.home import Home
from analyzer.workflows.shipped import find_session

PAINTED = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>
  done([performance.getEntriesByName("first-contentful-paint")[0].startTime, performance.now()]))))"""
ZOOMS = """async (keys) => {
  const box = document.getElementById("timeline-box");
  const frames = [];
  for (const key of keys) {
    const start = performance.now();
    box.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
    frames.push(performance.now() - start);
  }
  return frames;
}"""
HEAD = """\
                  write  first paint        all drawn            zoom frame
 entries     KiB  CPU s           ms         ms    CPU ms  median / 95 % ms    CPU ms"""
KEYS = ["+", "+", "PageDown", "+", "PageUp", "+", "-", "PageDown", "-", "-", "+", "+", "PageUp", "-", "-", "-", "0"] * 3


def main() -> int:
    """Measure pages of several sizes and print a table."""
    parser = argparse.ArgumentParser(prog="scripts/bench report", description=__doc__)
    parser.add_argument("--entries", type=int, nargs="+", default=[74, 2_000, 20_000])
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        print("Chromium is not installed: `apt-get install chromium` brings it", file=sys.stderr)
        return 3
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        document, shown = _material(Path(folder))
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        print(HEAD)
        for count in options.entries:
            _measure(browser, Path(folder), repeated(document, count), shown, options.runs)
        browser.close()
    return 0


def _material(folder: Path) -> tuple[ResultDocument, Exhibits]:
    path = find_session(Home(folder), "shipped")
    document = judge(path, Lens())[0].document
    return document, exhibits(path, document)


def repeated(document: ResultDocument, count: int) -> ResultDocument:
    """Give a document with so many timeline entries, a millisecond apart, and as many observations, calls and flows."""
    start, step = document.timeline[0].at_us, 1000
    times = max(1, count // len(document.timeline))

    def again(entries: tuple, gap: int) -> tuple:
        return tuple(
            one.model_copy(update={"at_us": start + (turn * len(entries) + at) * gap})
            for turn in range(times)
            for at, one in enumerate(entries)
        )

    timeline = again(document.timeline, step)
    timeline += timeline[: count - len(timeline)]
    length = len(timeline) * step
    return document.model_copy(
        update={
            "timeline": timeline[:count],
            "observations": again(document.observations, step),
            "events": again(document.events, step),
            "flows": again(document.flows, step),
            "recordings": (document.recordings[0].model_copy(update={"start_us": start, "end_us": start + length}),),
        }
    )


def _measure(browser: Browser, folder: Path, document: ResultDocument, shown: Exhibits, runs: int) -> None:
    began = time.process_time()
    data = write_html(document, "en", shown)
    took = time.process_time() - began
    file = folder / "report.html"
    file.write_bytes(data)
    paints, drawn, frames, loads, zooms = [], [], [], [], []
    for _ in range(runs):
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        probe = page.context.new_cdp_session(page)
        probe.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.goto(file.as_uri())
        first, whole = page.evaluate(PAINTED)
        page.evaluate("document.getElementById('explore').scrollIntoView({ behavior: 'instant' })")
        loads.append(_worked(probe))
        frames += page.evaluate(ZOOMS, KEYS)
        zooms.append((_worked(probe) - loads[-1]) / len(KEYS))
        paints.append(first)
        drawn.append(whole)
        page.close()
    slow = sorted(frames)[int(len(frames) * 0.95)]
    print(
        f"{len(document.timeline):>8} {len(data) // 1024:>7} {took:>6.2f} {statistics.median(paints):>12.0f} "
        f"{statistics.median(drawn):>10.0f} {statistics.median(loads):>9.0f} "
        f"{statistics.median(frames):>8.1f} / {slow:.1f} {statistics.median(zooms):>9.1f}",
        flush=True,
    )


def _worked(probe: CDPSession) -> float:
    """Give how long the page's thread has worked, in milliseconds of its own CPU time."""
    metrics = {one["name"]: one["value"] for one in probe.send("Performance.getMetrics")["metrics"]}
    return metrics["TaskDuration"] * 1000


if __name__ == "__main__":
    sys.exit(main())
