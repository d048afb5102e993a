"""Bundles that somebody changed, with and without signing them again."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from analyzer.analysis.identity import name_run
from analyzer.codec.bundle import Voucher, decode_environment, encode_environment, encode_voucher
from analyzer.codec.seal import decode_seal
from analyzer.model.results import JudgedBy
from analyzer.store import keys
from analyzer.store.bag import BagWriter

SESSION = "20261123-200703-com.example-f67b"


def rewritten(bundle: Path, target: Path, change: dict[str, bytes | None], *, sign: bool = False) -> Path:
    """Make a bundle again with files changed; with `sign`, all digests and signatures made anew by another key."""
    with zipfile.ZipFile(bundle) as old:
        files = {name.partition("/")[2]: old.read(name) for name in old.namelist()}
    files |= {name: data for name, data in change.items() if data is not None}
    for name in (name for name, data in change.items() if data is None):
        del files[name]
    if not sign:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
            for name, data in files.items():
                new.writestr(f"{SESSION}/{name}", data)
        return target
    key = keys.workspace_key(target.with_suffix(".pem"))
    with target.open("wb") as out:
        bag = BagWriter(out, SESSION)
        for name, data in files.items():
            if name.startswith("data/"):
                bag.add(name.removeprefix("data/"), [data])
        manifest = bag.close_payload({})
        bag.vouch("bundle.json", _voucher(key, manifest))
        bag.close()
    return target


def _voucher(key, manifest: bytes) -> bytes:
    draft = Voucher(SESSION, sha256(manifest).hexdigest(), keys.public_hex(key))
    return encode_voucher(replace(draft, signature=key.sign(draft.signed()).hex()))


def read(bundle: Path, name: str) -> bytes:
    with zipfile.ZipFile(bundle) as archive:
        return archive.read(f"{SESSION}/{name}")


def made_elsewhere(bundle: Path, target: Path, verdict: bytes = b'"violated"') -> Path:
    """Make a bundle as another machine would: of the same evidence and packs, with another version of a library."""
    made = decode_environment(read(bundle, "data/result/environment.json"))
    there = replace(made, python="3.11.2", libraries={**made.libraries, "brotli": "1.0.9"})
    kept = json.loads(read(bundle, "data/result/result.json"))
    digest = decode_seal(read(bundle, "data/session/seal.json")).digest
    run = name_run(digest, JudgedBy(there.analyzer, there.libraries, there.packs)).encode()
    result = read(bundle, "data/result/result.json").replace(kept["session"]["run_id"].encode(), run)
    here = f'"brotli": "{made.libraries["brotli"]}"'.encode()
    head, _, tail = result.rpartition(here)  # the first is of the recording
    result = head + b'"brotli": "1.0.9"' + tail
    change: dict[str, bytes | None] = {
        f"data/result/{name}": read(bundle, f"data/result/{name}").replace(kept["session"]["run_id"].encode(), run)
        for name in ("report.en.html", "report.zh.html", "summary.en.md", "summary.zh.md")
    }
    change["data/result/result.json"] = result.replace(b'"violated"', verdict, 1)
    change["data/result/environment.json"] = encode_environment(there)
    return rewritten(bundle, target, change, sign=True)


def earlier(bundle: Path, target: Path, verdict: str = "violated", **change: bytes | None) -> Path:
    """Make a bundle as a version would that did not yet tell what judged, and what was read within the app."""
    made = replace(decode_environment(read(bundle, "data/result/environment.json")), analyzer="0.0.9")
    kept = json.loads(read(bundle, "data/result/result.json"))
    earlier_form(kept, JudgedBy(made.analyzer, made.libraries, made.packs))
    for one in kept["verdicts"]:
        one["outcome"] = verdict if one["outcome"] == "violated" else one["outcome"]
    change = {"data/result/environment.json": encode_environment(made), **change}
    return rewritten(bundle, target, {"data/result/result.json": json.dumps(kept).encode(), **change}, sign=True)


def earlier_form(kept: dict[str, Any], by: JudgedBy) -> None:
    """Take from a result what the last two forms added, and name its run by what made it."""
    session = kept["session"]
    session["run_id"] = name_run(session["digest"], by)
    del session["judged_by"], kept["coverage"]["flows_tapped"]
    for flow in kept["flows"]:
        del flow["tapped"], flow["tunnel"]


def gut(kept: dict[str, Any]) -> None:
    """Take from a result all that a reader needs not to believe it."""
    for name in ("gaps", "observations", "findings", "links", "coverage", "policy", "claims"):
        del kept[name]
    for verdict in kept["verdicts"]:
        for name in ("evidence", "explanation", "reasons", "tier"):
            del verdict[name]
