"""Which places of a result its earlier forms had not: all others every form has."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from importlib.resources import files


def added() -> Mapping[str, int]:
    """Give the number of the form that added a place, from 1; a place within an added one is named if it came later."""
    told = json.loads(files("analyzer.report").joinpath("data", "result_forms.json").read_text("utf-8"))
    return {place: number for number, form in enumerate(told["forms"], 1) for place in form["adds"]}


def lackable(there: Collection[str]) -> frozenset[str]:
    """Give the places that a result may lack which has these: those that only later forms than its own added."""
    forms = added()
    own = max((forms.get(place, 0) for place in there), default=0)
    return frozenset(place for place, form in forms.items() if form > own)
