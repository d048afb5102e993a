"""The system's trust store on Android: the proxy's authority is laid over it, and taken away without a trace.

Nothing is written to flash. A tmpfs is filled with the authorities of the device and ours, and then bound over the
store in one step, so that no app ever sees it empty. Where Conscrypt's module brings the store (Android 14, and older
ones that got the module later), it is bound there too, in every process. Only where that cannot be done before
Android 10, whose system's partition can still be made writable, is the certificate written there, and taken away again.
Sources: https://httptoolkit.com/blog/android-14-install-system-ca-certificate/ (places, mounts, order, rights),
https://docs.mitmproxy.org/stable/howto/install-system-trusted-ca-android/ and OpenSSL's `-subject_hash_old` (names;
from memory).
"""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from analyzer.capture.android_mounts import bind_everywhere, unmount_everywhere
from analyzer.capture.android_shell import AndroidShell, Said
from analyzer.capture.device import EnvironmentProblem

KIND: Final = "trust_store"
WRITTEN: Final = "system_store"
"""The kind of change where the certificate is a file of the system's partition."""
STORE: Final = "/system/etc/security/cacerts"
MODULE_STORE: Final = "/apex/com.android.conscrypt/cacerts"
MARK: Final = "cacerts"
"""The name of our tmpfs in lists of mounts: what bears it there is ours."""

Note = Callable[[str, Mapping[str, Any]], object]
"""Notes a change before it is made: its kind and its facts (JSON values)."""

_STAGE: Final = "/data/local/tmp/cacerts"
_CONTEXT: Final = re.compile(r"\bu:object_r:[\w:,]+")
_LIKE_SYSTEM: Final = "u:object_r:system_file:s0"
_NUMBERS: Final = 10
_SEVERAL: Final = 2
_FIELDS: Final = 3
_ADVICE: Final = (
    ("No space left", "free some space on the device"),
    ("denied", "SELinux or the root manager forbids it: allow it there, or run `setenforce 0` as root and try again"),
    ("not permitted", "the root manager forbids it: give the shell full root there, and try again"),
)
_OTHERWISE: Final = "restart the device and try again"
_FIRST_SEALED: Final = 29
"""From Android 10 on the system's partition may be shared and read-only for good (logical partitions; memory)."""
_FILE: Final = re.compile(re.escape(STORE) + r"/[0-9a-f]{8}\.\d")


class Look(NamedTuple):
    """How a file looks to the system: `uid:gid`, octal rights, SELinux context."""

    owner: str
    mode: str
    context: str


class TrustStore:
    """The trust store of one device; `root` is a root kind of `AndroidShell`."""

    def __init__(self, shell: AndroidShell, root: str) -> None:
        self._shell, self._root = shell, root
        self._enter: tuple[str, ...] | None = None

    def trust(self, certificate: Path, note: Note) -> None:
        """Make every app trust the certificate (PEM), running or not; does nothing where all see it already."""
        ours = x509.load_pem_x509_certificate(certificate.read_bytes())
        if self._laid() and not self.lacking(ours):
            return
        places = self._places()
        note(KIND, {"root": self._root})
        try:
            self._lay_over(ours, places)
        except EnvironmentProblem as problem:
            if not self._may_write():
                raise
            self.remove()
            try:
                self._write(ours, note)
            except EnvironmentProblem as other:
                raise EnvironmentProblem(f"{problem} Nor could it be written there: {other}") from other

    def _lay_over(self, ours: x509.Certificate, places: Sequence[str]) -> None:
        self.remove()  # what an earlier authority, or a killed run, left there
        self._stage(ours, places[-1])
        self._must(bind_everywhere(MARK, _STAGE, places, nsenter=self._can_enter), "bound over the old one")
        self._must(f"umount {_STAGE} && rmdir {_STAGE}", "tidied up")
        if lacking := self.lacking(ours):
            raise EnvironmentProblem(
                f"The certificate was laid over the trust store of {self._shell.serial}, but {lacking}; "
                "set the mount namespace mode of the root manager to “global”, restart the device, and try again."
            )

    def remove(self) -> None:
        """Take away whatever is laid over the store; safe when nothing is."""
        if self._run("id -u").out != "0":
            raise EnvironmentProblem(
                f"The trust store of {self._shell.serial} cannot be put back without root; "
                "give root again, or restart the device, which takes the certificate away."
            )
        places = (MODULE_STORE, STORE, _STAGE)
        self._must(unmount_everywhere(MARK, places, nsenter=self._can_enter), "taken away")
        self._must(f"[ ! -d {_STAGE} ] || rmdir {_STAGE}", "tidied up")

    def unwrite(self, facts: Mapping[str, Any]) -> None:
        """Take the file away that `trust` wrote into the system's partition; safe when it is not there."""
        file, point = str(facts["file"]), shlex.quote(str(facts["point"]))
        if not _FILE.fullmatch(file):
            return
        self._must(f"[ ! -e {file} ] || {{ mount -o rw,remount {point} && rm -f {file}; }}", "put back")
        if facts["read_only"]:
            self._must(f"mount -o ro,remount {point}", "made read-only again")

    def _may_write(self) -> bool:
        api = self._shell.run("getprop", "ro.build.version.sdk").out
        return api.isdecimal() and int(api) < _FIRST_SEALED

    def _write(self, ours: x509.Certificate, note: Note) -> None:
        """Write the certificate beside the others, with their owners, rights and context."""
        look = self._look(f"{STORE}/*", "644")
        file = f"{STORE}/{subject_hash(ours)}.{self._find(STORE, ours)[0]}"
        point, read_only = self._mounted()
        note(WRITTEN, {"root": self._root, "file": file, "point": point, "read_only": read_only})
        pem = shlex.quote(ours.public_bytes(Encoding.PEM).decode())
        lines = ["set -e", f"mount -o rw,remount {shlex.quote(point)}", f"printf %s {pem} > {file}"]
        lines += [f"chown {look.owner} {file}", f"chmod {look.mode} {file}", f"chcon {look.context} {file}"]
        lines += [f"mount -o ro,remount {shlex.quote(point)}"] if read_only else []
        self._must("\n".join(lines), "written to")
        if lacking := self.lacking(ours):
            raise EnvironmentProblem(f"{lacking}; {_OTHERWISE}.")

    def _mounted(self) -> tuple[str, bool]:
        """Give where the partition is mounted that holds the store, and whether it is read-only."""
        rows = [line.split() for line in self._run("cat /proc/self/mounts").out.splitlines()]
        found = [row for row in rows if len(row) > _FIELDS and STORE.startswith(row[1].rstrip("/") + "/")]
        if not found:
            raise EnvironmentProblem(f"{self._shell.serial} does not tell where its system is mounted; {_OTHERWISE}.")
        row = max(reversed(found), key=lambda row: len(row[1]))  # of several at one place the last one is seen
        return row[1], "ro" in row[3].split(",")

    def lacking(self, ours: x509.Certificate) -> str:
        """Say which of the processes that start apps do not see the certificate; nothing when all do."""
        places = self._places()
        for pid in ["1", *self._run("pidof zygote64; pidof zygote").out.split()]:
            for place in places:
                if self._find(f"/proc/{pid}/root{place}", ours)[1] is False:
                    name = self._run(f"tr '\\0' ' ' < /proc/{pid}/cmdline").out.split(" ")[0] or pid
                    return f"{name[:60]!r} does not see it in {place}"
        return ""

    def _laid(self) -> bool:
        return self._run(f'grep -q " - tmpfs {MARK} " /proc/1/mountinfo').code == 0

    @property
    def _can_enter(self) -> bool:
        return bool(self._inside())

    def _places(self) -> list[str]:
        """Give the stores that the device has, the one that counts last."""
        found = [place for place in (STORE, MODULE_STORE) if self._run(f"[ -d {place} ]").code == 0]
        if not found:
            raise EnvironmentProblem(f"{self._shell.serial} has no trust store in {STORE}; use another device.")
        return found

    def _find(self, folder: str, ours: x509.Certificate) -> tuple[int, bool]:
        """Give the number under which a folder has the certificate, or the first free one, and whether it has it."""
        for number in range(_NUMBERS):
            said = self._run(f"cat {folder}/{subject_hash(ours)}.{number}")
            if said.code:
                return number, False
            with suppress(ValueError):
                if x509.load_pem_x509_certificate(said.out.encode()) == ours:
                    return number, True
        return _NUMBERS, False

    def _stage(self, ours: x509.Certificate, original: str) -> None:
        """Fill a tmpfs with the authorities of the device and ours, with the same owners, rights and contexts."""
        folder, file = self._look(original, "755"), self._look(f"{original}/*", "644")
        name = f"{subject_hash(ours)}.{self._find(original, ours)[0]}"
        pem = shlex.quote(ours.public_bytes(Encoding.PEM).decode())
        lines = [
            "set -e",
            f"mkdir -p -m 700 {_STAGE}",
            f"mount -t tmpfs -o mode=755 {MARK} {_STAGE}",
            f"cp {original}/* {_STAGE}/",
            f"printf %s {pem} > {_STAGE}/{name}",
        ]
        for look, what in ((file, f"{_STAGE}/*"), (folder, _STAGE)):
            lines += [f"chown {look.owner} {what}", f"chmod {look.mode} {what}", f"chcon {look.context} {what}"]
        self._must("\n".join(lines), "copied")

    def _look(self, pattern: str, usual_mode: str) -> Look:
        """Read how the first match looks; the usual where the device has no program that tells."""
        said = self._run(f"for file in {pattern}; do stat -c '%u:%g %a' $file; ls -Zd $file; break; done")
        context = _CONTEXT.search(said.out)
        words = said.out.split()
        owner, mode = words[:2] if len(words) > _SEVERAL and words[1].isdecimal() else ("0:0", usual_mode)
        return Look(owner, mode, context[0] if context else _LIKE_SYSTEM)

    def _must(self, script: str, done: str) -> None:
        said = self._run(script)
        if said.code:
            why = " ".join((said.err or said.out or f"exit code {said.code}").split())[:300]
            advice = next((advice for word, advice in _ADVICE if word in why), _OTHERWISE)
            raise EnvironmentProblem(f"The trust store of {self._shell.serial} could not be {done} ({why}); {advice}.")

    def _run(self, script: str) -> Said:
        """Run a script where all mounts of the device begin: a root manager may give its shell mounts of its own."""
        return self._shell.run_as_root(self._root, *self._inside(), "sh", "-c", script)

    def _inside(self) -> tuple[str, ...]:
        if self._enter is None:
            words = ("nsenter", "--mount=/proc/1/ns/mnt", "--")
            self._enter = words if self._shell.run_as_root(self._root, *words, "true").code == 0 else ()
        return self._enter


def subject_hash(certificate: x509.Certificate) -> str:
    """Give the name under which OpenSSL of old, and Android to this day, look for an authority."""
    digest = hashlib.md5(certificate.subject.public_bytes(), usedforsecurity=False).digest()
    return f"{int.from_bytes(digest[:4], 'little'):08x}"
