"""What was found of each device by calibrating it, in the workspace beside the notes of its changes."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import quote

from analyzer.codec.calibration import decode_calibration, encode_calibration
from analyzer.codec.migrate import FormatProblem
from analyzer.model.calibration import Calibration
from analyzer.store.files import make_folder, write_whole

FOLDER: Final = "devices"


def keep(workspace: Path, calibration: Calibration) -> Path:
    """Keep a calibration in the place of an earlier one of the device; gives its file."""
    file = _file(workspace, calibration.serial)
    make_folder(file.parent)
    write_whole(file, encode_calibration(calibration))
    return file


def find(workspace: Path, serial: str) -> Calibration | None:
    """Give the newest calibration of a device; raises `FormatProblem`, which names the file, for one that is none."""
    file = _file(workspace, serial)
    if not file.is_file():
        return None
    try:
        return decode_calibration(file.read_bytes())
    except (FormatProblem, OSError) as problem:
        raise FormatProblem(f"{FOLDER}/{file.name} cannot be read: {problem}") from problem


def _file(workspace: Path, serial: str) -> Path:
    return workspace / FOLDER / f"{quote(serial, safe='')}.calibration.json"
