"""Reads the binary AndroidManifest.xml of an APK with apkInspector, within bounds.

Attributes are known by the resource ids of `android.R.attr` where the file has them, since protected manifests give
them wrong names; by their names else.
"""

from __future__ import annotations

import importlib
import io
import logging
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from analyzer.model.subject import Component

LARGEST: Final = 4 * 1024**2
MOST_TEXTS: Final = 60_000
MOST_LETTERS: Final = 16 * 1024**2
"""All texts of the pool together: many may lie in the same bytes."""
MOST_COMPONENTS: Final = 20_000
_LONGEST: Final = 1000

_IDS: Final[Mapping[int, str]] = {
    0x01010001: "label",
    0x01010003: "name",
    0x01010006: "permission",
    0x01010010: "exported",
    0x01010011: "process",
    0x0101020C: "minSdkVersion",
    0x0101021B: "versionCode",
    0x0101021C: "versionName",
    0x01010270: "targetSdkVersion",
}
"""From `public-final.xml` of AOSP's frameworks/base (from memory, checked against what aapt writes)."""
_COMPONENTS: Final = {
    "activity": "activity",
    "activity-alias": "activity",
    "service": "service",
    "receiver": "receiver",
    "provider": "provider",
}
_PERMISSIONS: Final = frozenset({"uses-permission", "uses-permission-sdk-23", "uses-permission-sdk-m"})
_STRING, _INT_FIRST, _INT_LAST, _BOOLEAN = 0x03, 0x10, 0x1F, 0x12
_HEAD: Final = struct.Struct("<HHI HHIIIIII")
_PROVIDERS_PRIVATE_SINCE: Final = 17


class ManifestBroken(ValueError):  # noqa: N818 - the message is a sentence for people
    """The bytes are no manifest that can be read within bounds."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest says; numbers are 0 and texts empty where it does not. `split` is empty for a base APK."""

    package: str
    split: str = ""
    version_name: str = ""
    version_code: str = ""
    label: str = ""
    min_sdk: int = 0
    target_sdk: int = 0
    permissions: tuple[str, ...] = ()
    components: tuple[Component, ...] = ()


def read_manifest(data: bytes) -> Manifest:
    """Read a manifest; raises `ManifestBroken`."""
    _check_bounds(data)
    try:
        library = _library()
        parsed = library.ManifestStruct.parse(io.BytesIO(data))
        elements = list(_elements(library, parsed))
    except ManifestBroken:
        raise
    except Exception as error:
        raise ManifestBroken(f"it is damaged ({type(error).__name__}: {str(error)[:100]})") from error
    return _manifest(elements)


def _library() -> Any:
    """Load apkInspector's reader, and take back that it has whoever imports it log everything to the terminal."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    axml = importlib.import_module("apkInspector.axml")
    root.handlers[:] = handlers
    root.setLevel(level)
    return axml


def _check_bounds(data: bytes) -> None:
    """Refuse what would cost more than any app's manifest: its texts may overlap, so a small file can hold many."""
    if len(data) > LARGEST:
        raise ManifestBroken(f"it is larger than {LARGEST // 1024**2} MB")
    if len(data) < _HEAD.size:
        raise ManifestBroken("it is too short")
    *_, flags, start, _styles = _HEAD.unpack_from(data)
    count = (start - 28) // 4
    if not 0 <= count <= min(MOST_TEXTS, len(data) // 4):
        raise ManifestBroken("it claims more texts than it can hold")
    wide = not flags & 0x100
    letters = 0
    for index in range(count):
        at = 8 + start + int.from_bytes(data[36 + 4 * index : 40 + 4 * index], "little")
        size = int.from_bytes(data[at : at + 2], "little") if wide else data[at] if at < len(data) else 0
        if wide and size & 0x8000:
            size = (size & 0x7FFF) << 16 | int.from_bytes(data[at + 2 : at + 4], "little")
        letters += min(size, len(data))
        if letters > MOST_LETTERS:
            raise ManifestBroken("its texts are longer than those of any app")


def _elements(library: Any, parsed: Any) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Give each element with its depth, its name and its attributes as texts."""
    texts = parsed.string_pool.string_list
    ids = [int(one) for one in parsed.resource_map.resids] if parsed.resource_map else []
    depth = 0
    for element in parsed.elements:
        if isinstance(element, library.XmlStartElement):
            yield depth, _text(texts, element.attrext[1]), _attributes(element.attributes, texts, ids)
            depth += 1
        elif isinstance(element, library.XmlEndElement):
            depth -= 1


def _attributes(attributes: Any, texts: list[str], ids: list[int]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in attributes:
        known = _IDS.get(ids[one.name_index]) if one.name_index < len(ids) else None
        kind, value = one.typed_value_datatype, one.typed_value_data
        if kind == _STRING:
            text = _text(texts, value)
        elif kind == _BOOLEAN:
            text = "true" if value else "false"
        elif _INT_FIRST <= kind <= _INT_LAST:
            text = str(value)
        else:
            text = ""  # a reference to a resource: its value is not in the manifest
        found.setdefault(known or _text(texts, one.name_index), text)
    return found


def _text(texts: list[str], index: int) -> str:
    return texts[index][:_LONGEST] if 0 <= index < len(texts) else ""


def _manifest(elements: list[tuple[int, str, dict[str, str]]]) -> Manifest:
    root = next((said for depth, name, said in elements if depth == 0 and name == "manifest"), None)
    if root is None or not root.get("package"):
        raise ManifestBroken("it names no package")
    sdk = next((said for _, name, said in elements if name == "uses-sdk"), {})
    application = next((said for depth, name, said in elements if depth == 1 and name == "application"), {})
    minimum = _number(sdk.get("minSdkVersion", "")) or 1
    target = _number(sdk.get("targetSdkVersion", "")) or minimum
    package = root["package"]
    permissions = dict.fromkeys(said.get("name", "") for _, name, said in elements if name in _PERMISSIONS)
    return Manifest(
        package=package,
        split=root.get("split", ""),
        version_name=root.get("versionName", ""),
        version_code=root.get("versionCode", ""),
        label=application.get("label", ""),
        min_sdk=minimum,
        target_sdk=target,
        permissions=tuple(name for name in permissions if name),
        components=tuple(_components(elements, package, target)),
    )


def _components(elements: list[tuple[int, str, dict[str, str]]], package: str, target: int) -> Iterator[Component]:
    count = 0
    for place, (depth, tag, said) in enumerate(elements):
        if tag not in _COMPONENTS or depth != 2:  # noqa: PLR2004 - manifest, application, component
            continue
        count += 1
        if count > MOST_COMPONENTS:
            raise ManifestBroken(f"it declares more than {MOST_COMPONENTS} components")
        filtered = _has_filter(elements, place)
        # Without a word about it, whoever answers intents of others is exported; providers were until API level 17.
        default = target < _PROVIDERS_PRIVATE_SINCE if tag == "provider" else filtered
        exported = said["exported"] == "true" if said.get("exported") else default
        name = _full(said.get("name", ""), package)
        yield Component(_COMPONENTS[tag], name, exported, said.get("permission", ""), said.get("process", ""))


def _has_filter(elements: list[tuple[int, str, dict[str, str]]], place: int) -> bool:
    outer = elements[place][0]
    for depth, tag, _ in elements[place + 1 :]:
        if depth <= outer:
            return False
        if tag == "intent-filter":
            return True
    return False


def _full(name: str, package: str) -> str:
    if name.startswith("."):
        return package + name
    return name if "." in name or not name else f"{package}.{name}"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0  # noqa: PLR2004
