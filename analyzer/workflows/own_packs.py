"""Rule packs of one's own: copies are kept beside the results, so that these can be made again and be bundled."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from analyzer.packs.loader import ALL, digest_files, shipped_packs
from analyzer.packs.rule_files import folder_name, pack_id
from analyzer.report.outline import Outline
from analyzer.store.files import FILE_MODE
from analyzer.workflows.home import Home

MOST_FILES: Final = 200
MOST_BYTES: Final = 4 * 1024 * 1024
"""So much of a pack is kept; the shipped ones have at most a tenth of it."""

_FOLDER: Final = "packs"
_RULES: Final = "rules/"
_NAME: Final = re.compile(r"[\w][\w. -]{0,79}")
"""How a folder may be called so that it is one on every file system and in every archive."""


def keep_own(home: Home, selection: Sequence[str]) -> None:
    """Keep a copy of each pack that is named by its folder, under its digest; what is too much for one is left out."""
    for folder in (Path(word) for word in selection if word != ALL and word not in shipped_packs()):
        files, name = sorted(folder.glob("*.yaml")), folder_name(folder)
        if len(files) > MOST_FILES or sum(file.stat().st_size for file in files) > MOST_BYTES:
            continue
        place = home.folder(_FOLDER, digest_files(files)) / name
        if _NAME.fullmatch(name) and not place.exists():
            _copy(files, place)


def _copy(files: Iterable[Path], place: Path) -> None:
    young = Path(tempfile.mkdtemp(prefix=".young-", dir=place.parent))
    try:
        for file in files:
            (young / file.name).write_bytes(file.read_bytes())
            (young / file.name).chmod(FILE_MODE)
        young.rename(place)
    finally:
        shutil.rmtree(young, ignore_errors=True)


def kept_own(home: Home, outline: Outline) -> dict[str, Path]:
    """Give the copies of the packs of one's own that judged, by the id of the pack; those that are there still."""
    by, shipped = outline.session.judged_by, shipped_packs()
    found: dict[str, Path] = {}
    for name, digest in (by.packs if by else {}).items():
        folder = home.path / _FOLDER / digest / name.removeprefix(_RULES)
        if not name.startswith(_RULES) or not _NAME.fullmatch(folder.name) or not re.fullmatch(r"[0-9a-f]{64}", digest):
            continue
        if folder.is_dir() and digest_files(folder.glob("*.yaml")) == digest:
            found[pack_id(folder)] = folder
    return {pack: folder for pack, folder in found.items() if pack in outline.packs and pack not in shipped}


def chosen(outline: Outline, own: Mapping[str, Path]) -> tuple[str, ...]:
    """Name the packs that judged, in their order: those of one's own by the folders of their copies."""
    return tuple(str(own.get(pack, pack)) for pack in outline.packs)
