"""The report page of the shipped session, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import chromium

from analyzer.model.exhibits import Exhibits
from analyzer.report.document import ResultDocument
from analyzer.report.html import write_html
from analyzer.workflows.analyze import stored
from analyzer.workflows.exhibits import exhibits
from analyzer.workflows.home import Home


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def material(tmp_path_factory) -> tuple[ResultDocument, Exhibits]:
    result = stored(Home(tmp_path_factory.mktemp("home")), "shipped")
    return result.document, exhibits(result.path, result.document)


@pytest.fixture(scope="session")
def file(material, tmp_path_factory) -> Path:
    document, shown = material
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_bytes(write_html(document, "en", shown))
    return path
