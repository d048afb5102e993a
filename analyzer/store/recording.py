"""The writer of one recording: records and bytes in, chained files out."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from analyzer.codec.manifest import decode_manifest
from analyzer.codec.migrate import FormatProblem
from analyzer.codec.records import SOURCES, encode
from analyzer.model.evidence import Blob, Record
from analyzer.model.vocabulary import Source
from analyzer.store.contents import SEAL
from analyzer.store.files import make_folder, write_whole
from analyzer.store.journal import Journal
from analyzer.store.lines import MAX_LINE
from analyzer.store.problems import SessionBusy

FLUSH_SECONDS: Final = 0.03
"""How long a record may wait before the operating system has it.

The promise is a quarter of a second from the call to the file, and most of it is needed on the way here: the agent
gathers for 50 ms, and while Frida enters a second process it hands over nothing, for more than 100 ms.
"""

OWN_FILES: Final = frozenset(Source) - {Source.FLOWS}
"""What the analyzer's own process writes; flows belong to the proxy's."""

LONGEST_PAYLOAD: Final = MAX_LINE - 1024
"""The longest record in bytes; the reader takes the line with its chain, and little more."""

_PENDING_LIMIT: Final = 8 * 1024 * 1024
_SUFFIX: Final = re.compile(r"(\.[a-z0-9]{1,8})?")
_SCREEN_SUFFIXES: Final = frozenset({".xml", ".png"})


class RecordingWriter:
    """Appends records to the files of one recording; thread-safe, an `EvidenceSink`.

    Records reach the operating system within 250 ms. Once something could not be written, every further `append`
    and `keep` raises `OSError`, and `failed` says why: a recording with a hole that nobody notes is worse than none.
    """

    def __init__(self, path: Path, session_id: str, files: Iterable[Source]) -> None:
        self.path = path
        self._adding = threading.Condition()
        self._writing = threading.Lock()
        self._failure: OSError | None = None
        self._closing = False
        self._dirty = False
        self._kept: set[str] = set()
        self._journals: dict[Source, Journal] = {}
        try:
            for source in sorted(files):
                self._journals[source] = Journal(path / f"{source}.jsonl", session_id, path.name)
        except BaseException:
            self._close_journals()
            raise
        self._flusher = threading.Thread(target=self._flush_often, name=f"flush {path.name}", daemon=True)
        self._flusher.start()

    @classmethod
    def open_existing(cls, path: Path, files: Iterable[Source] = (Source.FLOWS,)) -> Self:
        """Write some files of a recording that another process has begun.

        `path` is the recording's folder inside its session. Raises `SessionBusy` when a file has a writer already.
        """
        if (path.parent.parent / SEAL).exists():
            raise SessionBusy(f"session {path.parent.parent.name} is sealed: its recorder is gone, nothing may follow")
        info = decode_manifest((path.parent.parent / "manifest.json").read_bytes())
        return cls(path, info.id, files)

    @property
    def failed(self) -> OSError | None:
        """Say why evidence could not be written; `None` while all is well."""
        return self._failure

    def append(self, record: Record) -> None:
        """Write one record to the file of its kind.

        Raises `OSError` when evidence cannot be written, `FormatProblem` for a record that no reader would take, and
        `ValueError` for a kind whose file belongs to another writer, or after `close`.
        """
        payload = encode(record)
        if len(payload) > LONGEST_PAYLOAD:
            raise FormatProblem(f"a record of {len(payload)} bytes is too long: keep large bytes with `keep`")
        source = SOURCES[type(record)]
        with self._adding:
            self._ensure_usable()
            if source not in self._journals:
                raise ValueError(f"this writer does not own {source}.jsonl of {self.path.name}: open it with that file")
            full = self._journals[source].add(payload) >= _PENDING_LIMIT
            if not self._dirty:
                self._dirty = True
                self._adding.notify()
        if full:
            self.flush()

    def keep(self, data: bytes, suffix: str = "") -> Blob:
        """Keep bytes beside the records, named by their sha256; equal bytes are kept once.

        `.xml` and `.png` go to `screens/`, all else to `bodies/`. Raises `OSError` when they cannot be written.
        """
        if not _SUFFIX.fullmatch(suffix):
            raise ValueError(f"a suffix is a dot and up to eight letters or digits, not {suffix!r:.40}")
        digest = sha256(data).hexdigest()
        path = f"{'screens' if suffix in _SCREEN_SUFFIXES else 'bodies'}/{digest}{suffix}"
        with self._writing:
            self._ensure_usable()
            if path not in self._kept:
                self._keep_file(self.path / path, data)
                self._kept.add(path)
        return Blob(path, digest, len(data))

    def flush(self) -> None:
        """Hand everything that waits to the operating system; raises `OSError`."""
        with self._writing:
            with self._adding:
                batch = [(journal, journal.take()) for journal in self._journals.values()]
                self._dirty = False
            if self._failure is None:
                try:
                    for journal, lines in batch:
                        journal.write(lines)
                except OSError as problem:
                    self._failure = problem
        if self._failure is not None:
            raise OSError(*self._failure.args) from self._failure

    def close(self) -> None:
        """Flush, make durable and let go; safe to call twice. Raises `OSError` when evidence was lost."""
        with self._adding:
            if self._closing:
                return
            self._closing = True
            self._adding.notify()
        self._flusher.join()
        try:
            self.flush()
        finally:
            self._close_journals()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ensure_usable(self) -> None:
        if self._failure is not None:
            raise OSError(*self._failure.args) from self._failure
        if self._closing:
            raise ValueError(f"the recording {self.path.name} is closed")

    def _keep_file(self, path: Path, data: bytes) -> None:
        try:
            make_folder(path.parent)
            write_whole(path, data, durable=False)
        except OSError as problem:
            self._failure = problem
            raise

    def _flush_often(self) -> None:
        while True:
            with self._adding:
                self._adding.wait_for(lambda: self._dirty or self._closing)
                self._adding.wait_for(lambda: self._closing, FLUSH_SECONDS)
                if self._closing:
                    return
            try:
                self.flush()
            except OSError:
                # Kept in `failed`: the next append raises it where somebody can act.
                return

    def _close_journals(self) -> None:
        for journal in self._journals.values():
            journal.close()
