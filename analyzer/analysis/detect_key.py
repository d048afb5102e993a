"""Finds values by the name of their field and their shape together: neither counts alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from analyzer.analysis.decode import Leaf
from analyzer.analysis.shape_checks import Around, text_of
from analyzer.analysis.shape_key import OF_PEOPLE, Named, is_foreign, names_of, reader_of, without, words_of
from analyzer.analysis.shape_numbers import varied
from analyzer.analysis.shape_path import parent_of
from analyzer.analysis.shape_texts import digest as digest_of_value
from analyzer.analysis.shape_texts import opaque
from analyzer.analysis.sighting import Sighting
from analyzer.model.vocabulary import Method, Where
from analyzer.packs.clues import Prefix, ValueShape

_LONGEST: Final = 4096
_ONCE: Final = frozenset(
    {"request", "req", "trace", "span", "correlation", "nonce", "build", "version", "ver", "order"}
)
"""Words of names whose values are new with each request, or the same for all."""
_SURE: Final = 0.65
"""From here the shape itself was validated; below the name says most."""
_LENGTHS: Final = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
_DIGEST: Final = ("hex32", "hex40", "hex64")
_DIGESTED: Final = 0.75
"""How much of the confidence is left where only a digest is seen."""
_IN_ROLE: Final = 0.9
"""How much of the confidence is left where the value is that of somebody in a role, who need not be the user."""
_UNSURE: Final = 0.75
"""At most so sure is what a name and a shape say where they may be those of somebody or something else."""
_CHOICES: Final = ("person.gender", "person.avatar_nick", "dev.", "id.serial", "id.account")
"""Types that a person or a device has one of: a list of several (`brands`, `genders`) is there to choose from."""
_SHORT: Final = frozenset({"u", "d", "U", "D"})
"""Containers of one letter whose fields are those of a user or a device; of any other the letter says nothing."""
_COOKIES: Final = frozenset({Where.COOKIE})
_HELD: Final = frozenset({"id", "value", "values", "identity"})
"""Names that say nothing beside that of what holds them: `oaid: {id: …}`."""
_IDENTIFYING: Final = ("id.", "person.phone", "person.email")
_KEY: Final = re.compile(r"(?=.*[A-Za-z])(?=(?:.*\d){4})[A-Za-z0-9_-]{32,512}")
_NO_SESSION: Final = re.compile(
    r"(?i)csrf|xsrf|nonce|sign|sig$|hash|etag|state|consent|privacy|test|exp|config|cart|flag|theme"
)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{32}")
_UUID_SIZES: Final = (32, 36)
_HOLDERS: Final = frozenset(
    {"device", "devices", "identity", "identities", "identifiers", "ids", "uuids", "deviceinfo", "client", "did"}
)
"""Words of containers that hold what identifies a device or a client."""
_NO_DEVICE: Final = frozenset(
    {"app", "application", "project", "key", "process", "run", "boot", "account", "org", "tenant", "firmware", "vendor"}
)
"""What a UUID in such a container is of, if not of the device."""
_PLATFORM_HEADERS: Final = frozenset({"user-agent", "accept-language", "accept", "referer", "origin", "authorization"})
"""Headers that every client fills in by itself: they say nothing that the app chose to tell."""


def detect_fields(leaves: Sequence[Leaf], around: Around) -> Iterator[Sighting]:
    """Give one sighting per leaf whose name and value fit a clue; `leaves` are those whose names tell something."""
    names = reader_of(around.clues).names
    for leaf in leaves:
        if not leaf.textual or len(leaf.data) > _LONGEST:
            continue
        if leaf.where == "header" and leaf.key.lower() in _PLATFORM_HEADERS:
            continue
        found = _judged(leaf, names(leaf.key), around) or _in_cookie(leaf) or _of_device(leaf, around)
        if found is None and (rest := without(leaf.key, around.owners)):
            found = _judged(leaf, names(rest), around)
        if found is not None:
            yield found


def _in_cookie(leaf: Leaf) -> Sighting | None:
    """Give a cookie whose name says nothing and whose value is a long key: one of its kind tells a browser or a login.

    Keys against forgery, numbers of requests and choices of the page are long too, and are told by their names.
    """
    if leaf.where is not Where.COOKIE or "." in leaf.path or _NO_SESSION.search(leaf.key):
        return None
    if not _ONCE.isdisjoint(words_of(leaf.key)):
        return None
    text = text_of(leaf)
    if not _KEY.fullmatch(text) or not opaque(text):
        return None
    why = f"a long key in the cookie '{leaf.key}', as those hold it that know a browser again"
    return Sighting("id.cookie_session", leaf.path, (leaf,), leaf.encodings, text, Method.KEY, 0.4, why)


def _of_device(leaf: Leaf, around: Around) -> Sighting | None:
    """Give a UUID that a container of a device's or client's identifiers holds, under a name that ends as theirs do."""
    if not may_identify(leaf) or _HOLDERS.isdisjoint(words_of(parent_of(leaf.path))):
        return None
    words = words_of(leaf.key)
    if not (around.clues.words["foreign"] | _NO_DEVICE).isdisjoint(words) or is_foreign(leaf.key, around.clues):
        return None
    text = text_of(leaf)
    if not _UUID.fullmatch(text) or not varied(text):
        return None
    why = f"a UUID called '{leaf.key}' among what identifies a device or a client"
    return Sighting("id.installation", leaf.path, (leaf,), leaf.encodings, text, Method.KEY, 0.5, why)


def may_identify(leaf: Leaf) -> bool:
    """Say whether a value has the length of a UUID, and its name ends in `id`."""
    return len(leaf.data) in _UUID_SIZES and leaf.key[-2:].lower() == "id"


def _judged(leaf: Leaf, named: Sequence[Named], around: Around) -> Sighting | None:
    low, words = leaf.key.lower(), around.clues.words
    generic = low in words["generic"]
    if not named and not generic:
        return None
    parent = parent_of(leaf.path)
    held: Sequence[Named] = ()
    if generic and (len(parent) > 1 or parent in _SHORT):
        held = names_of(f"{parent}_{leaf.key}", around.clues)
        if low in _HELD:
            alone = names_of(parent, around.clues)
            held = (*(one for one in alone if one.clue.data_type.startswith(_IDENTIFYING)), *held)
    if not named and not held:
        return None
    text = text_of(leaf)
    if text.lower() in words["nothing"]:
        return None
    if held:
        found = _first(leaf, held, text, around)
        if found is not None:
            return found
    foreign = parent != leaf.key and is_foreign(parent, around.clues)  # what holds an item of a list has its name
    return _first(leaf, [one for one in named if not foreign or one.clue.prefix is Prefix.FREE], text, around)


def _first(leaf: Leaf, named: Collection[Named], text: str, around: Around) -> Sighting | None:
    for one in named:
        clue = one.clue
        if leaf.where == "url" and (clue.confidence < _SURE or clue.data_type.startswith("dev.")):
            continue
        if clue.data_type.startswith(_CHOICES) and (
            around.has_others(leaf) if one.listed else around.is_one_of_many(leaf)
        ):
            continue
        if (clue.where and not _stands(leaf, clue.where, around)) or not around.allows(clue, leaf):
            continue
        if one.digest and not one.digest.startswith("hash"):
            found = _digested(leaf, one, text)
            if found is not None:
                return found
        for shape in clue.shapes:
            if around.fits(shape, text):
                return _sighting(leaf, one, shape, text, around)
    return _digested_plain(leaf, named, text)


def _stands(leaf: Leaf, where: frozenset[str], around: Around) -> bool:
    """Say whether a leaf stands where a clue counts; `search` is the query of an address that searches.

    What counts in cookies alone counts as one, and not as a field of a document in one.
    """
    if where == _COOKIES and ">json:" in leaf.path:
        return False
    if "search" in where:
        address = around.context.path.partition("?")[0].lower()
        return leaf.where in where and any(word in address for word in ("search", "suggest", "autocomplete", "query"))
    return leaf.where in where


def _looseness(shape: ValueShape, around: Around) -> str:
    """Say why the shape confirms a name only weakly; the fields around may tell the country of a telephone number."""
    return "" if shape.check == "phone" and around.regions else shape.loose


def _doubt(leaf: Leaf, one: Named, around: Around) -> str:
    """Say why a value may be somebody's or something's else than the user's and the device's; empty if nothing does."""
    words = around.clues.words
    name = words_of(leaf.key)
    if one.listed:
        return "a list may be anybody's"
    if one.longer:
        return f"what stands before it in '{leaf.key}' may say whose it is"
    if "".join(name) in words["vague"] or name[-1:] == ["ssid"]:
        return "other things are called so too"
    parent = parent_of(leaf.path)
    if one.clue.data_type.startswith(OF_PEOPLE) and not one.role and _is_nested(leaf.path):
        owners = {*words["neutral"], *words["roles"], *words["carriers"]}
        if not owners.issuperset(words_of(parent)) and "".join(words_of(parent)) not in owners:
            return f"it may be that of '{parent}', which holds it"
    return ""


def _is_nested(path: str) -> bool:
    """Say whether a place in a document has a name around it."""
    inner = path.rpartition(">")[2].partition(":")[2]
    return inner.count(".") > 1 or ("[" in inner and inner.count(".") > 0)


def _sighting(leaf: Leaf, one: Named, shape: ValueShape, text: str, around: Around) -> Sighting:
    clue = one.clue
    digest = _LENGTHS.get(len(text), "digest") if one.digest or _is_digest(clue.data_type, shape) else ""
    confidence = clue.confidence * (_DIGESTED if one.digest else 1) * (_IN_ROLE if one.role else 1)
    reasoning = f"{shape.words}, under the field name '{leaf.key}': {clue.reasoning}"
    if one.role:
        reasoning += f", of somebody as '{one.role}'"
    if digest:
        reasoning += f"; a digest ({digest}) by its length"
    if confidence > _UNSURE and (doubt := _looseness(shape, around) or _doubt(leaf, one, around)):
        confidence = _UNSURE
        reasoning += f"; {doubt}"
    method = Method.PATTERN if clue.confidence >= _SURE else Method.KEY
    encodings, inner = ((*leaf.encodings, digest), (digest,)) if digest else (leaf.encodings, ())
    reasoning += "; the value itself was not known before"
    return Sighting(
        clue.data_type, leaf.path, (leaf,), encodings, text, method, round(confidence, 2), reasoning, inner=inner
    )


def _is_digest(data_type: str, shape: ValueShape) -> bool:
    """Say whether a value is a digest because its data type never has this shape itself."""
    return shape.id in _DIGEST and data_type in {"id.imei", "id.android_id", "id.gaid"}


def _digested(leaf: Leaf, one: Named, text: str) -> Sighting | None:
    """Give what a name like `imei_md5` declares, if the value has the length of that digest."""
    size = {"md5": (32, 16), "sha1": (40,), "sha256": (64,), "sha512": (128,), "sm3": (64,)}.get(
        one.digest, (32, 40, 64)
    )
    return _digest_sighting(leaf, one, text, one.digest) if len(text) in size else None


def _digested_plain(leaf: Leaf, named: Collection[Named], text: str) -> Sighting | None:
    """Give a digest under a name that declares one without saying which, or of an identifier that is often hashed."""
    declared = next((one for one in named if one.digest), None)
    if declared is None or len(text) not in _LENGTHS:
        return None
    return _digest_sighting(leaf, declared, text, _LENGTHS[len(text)])


def _digest_sighting(leaf: Leaf, one: Named, text: str, digest: str) -> Sighting | None:
    if not all(char in "0123456789abcdefABCDEF" for char in text) or not digest_of_value(text):
        return None
    why = f"{len(text)} hex digits under the field name '{leaf.key}', a {digest} of it: {one.clue.reasoning}"
    return Sighting(
        one.clue.data_type,
        leaf.path,
        (leaf,),
        (*leaf.encodings, digest),
        text,
        Method.KEY,
        round(one.clue.confidence * _DIGESTED, 2),
        why,
        inner=(digest,),
    )
