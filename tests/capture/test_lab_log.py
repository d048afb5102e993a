from __future__ import annotations

from pathlib import Path

from analyzer.capture.lab_log import LARGEST_LOG, LabLog


def test_the_log_keeps_what_was_printed_and_the_last_lines_of_each_process(tmp_path: Path) -> None:
    log = LabLog(tmp_path / "deep" / "a.log")
    log.write(1, "你好\n".encode())
    log.write(2, b"other\n")
    log.write(1, b"end\n")
    assert log.tail(1) == "你好\nend"
    assert log.tail(3) == ""
    log.close()
    assert (tmp_path / "deep" / "a.log").read_text(encoding="utf-8") == "你好\nother\nend\n"


def test_an_app_that_prints_without_end_fills_no_disk(tmp_path: Path) -> None:
    log = LabLog(tmp_path / "a.log")
    for _ in range(9):
        log.write(1, b"x" * 1_000_000)
    log.write(1, b"the last words")
    log.close()
    log.write(1, b"too late")
    assert (tmp_path / "a.log").stat().st_size == LARGEST_LOG
    assert log.tail(1).endswith("the last wordstoo late")
    assert len(log.tail(1)) == 2_000
