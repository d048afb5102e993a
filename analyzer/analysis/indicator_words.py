"""Words for what was found: how the bytes in a leaf come from a known value."""

from __future__ import annotations

import re
from typing import Final

from analyzer.analysis.indicator import Hit
from analyzer.packs.taxonomy import Taxonomy

_PROPER: Final = ("Android", "Google", "Wi-Fi", "Bluetooth", "DRM", "IP", "OS")
_HEX: Final = re.compile(rb"(?=.*[A-Fa-f])[0-9A-Fa-f]+")


def noun_of(data_type: str, taxonomy: Taxonomy) -> str:
    """Give the name of a data type as it stands in a sentence: `the IMEI`, `the phone number`."""
    known = taxonomy.types.get(data_type)
    if known is None:
        return "the value"
    name = re.split(r" [/(]|, ", known.label["en"])[0].strip()
    plain = name[1:2].islower() and not name.startswith(_PROPER)
    return f"the {name[0].lower() + name[1:] if plain else name}"


def tell_form(hit: Hit, note: str) -> str:
    """Say what stands there: which form of the value, in which letters, inside which layers.

    `note` says how the form differs from the value.
    """
    indicator = hit.indicator
    if note.startswith("the "):
        words = note
    else:
        words = " in ".join(reversed(indicator.chain)) or "plain text"
        words += f" ({note})" if note else ""
    words += _letters(hit)
    layers = " in ".join(reversed(hit.leaf.encodings))
    return f"{words}, inside {layers}" if layers else words


def _letters(hit: Hit) -> str:
    found, pattern = hit.found, hit.indicator.pattern
    digest = hit.indicator.chain and not hit.indicator.exact and _HEX.fullmatch(found)
    if digest:
        return ", in upper-case hex" if found.isupper() else ", in lower-case hex" if found.islower() else ", in hex"
    if found == pattern:
        return ""
    return ", in upper case" if found.isupper() else ", in lower case" if found.islower() else ", in other letter case"
