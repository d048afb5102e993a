from __future__ import annotations

import csv
import io
import json
import re

import pytest

from analyzer.cli.options import ExportFormat
from analyzer.report.document import ResultDocument, to_bytes
from analyzer.workflows.analyze import stored
from analyzer.workflows.export_capture import CAPTURES
from analyzer.workflows.export_result import WRITERS, export_result
from analyzer.workflows.home import Home


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    stored(home, "shipped")
    return home


def test_every_format_that_the_command_line_offers_has_a_writer():
    assert {one.value for one in ExportFormat} == {*WRITERS, *CAPTURES, "bundle"}


def test_json_is_the_kept_document_and_no_other(home):
    data = b"".join(export_result(home, "shipped", "json", "en"))
    assert to_bytes(ResultDocument.model_validate_json(data)) == data == stored(home, "shipped").data


def test_a_table_has_a_row_per_entry_of_what_it_tells(home):
    result = json.loads(b"".join(export_result(home, "shipped", "json", "en")))
    told = ("timeline", "observations")
    for data, parts in (
        (b"".join(export_result(home, "shipped", "csv", "en")), (*told, "verdicts", "frequencies", "permissions")),
        (b"".join(export_result(home, "shipped", "timesketch", "en", table=True)), told),
    ):
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        assert len(rows) == sum(len(result[part]) for part in parts)
    assert len(b"".join(export_result(home, "shipped", "timesketch", "en")).splitlines()) == sum(
        len(result[one]) for one in told
    )


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("format_", WRITERS)
def test_equal_results_give_equal_bytes_that_hold_what_was_found(home, format_, language):
    data = b"".join(export_result(home, "shipped", format_, language))
    assert data == b"".join(export_result(home, "shipped", format_, language))
    assert b"id.imei" in data


def test_reports_for_people_speak_their_language(home):
    assert "逐条结论" in b"".join(export_result(home, "shipped", "markdown", "zh")).decode()
    assert "逐条结论" not in b"".join(export_result(home, "shipped", "markdown", "en")).decode()
    for language in ("en", "zh"):  # the page speaks both, and begins with the one that was asked for
        assert f'<html lang="{language}">' in b"".join(export_result(home, "shipped", "html", language)).decode()


def test_the_page_shows_requests_and_screens_and_a_redacted_one_no_value(home):
    page = b"".join(export_result(home, "shipped", "html", "en")).decode()
    pictures = re.findall(r"data:image/webp;base64,[\w+/=]+", page)
    assert pictures
    assert '["867431059238179",' in page
    redacted = b"".join(export_result(home, "shipped", "html", "en", redact=True)).decode()
    assert "867431059238179" not in redacted
    assert re.findall(r"data:image/webp;base64,[\w+/=]+", redacted) == pictures  # no value was on these screens
    assert "[id.imei#" in redacted
