"""Designs: how much room and how much contrast a dialog gives to accepting and to refusing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from analyzer.analysis.consent import ASKING, ScreenReading
from analyzer.analysis.controls import ScreenControl
from analyzer.analysis.pictures import Picture
from analyzer.model.vocabulary import Control


@dataclass(frozen=True, slots=True)
class Design:
    """What was measured on a dialog that offers both answers; `None` where there is nothing to measure it on.

    `refusal_area` is the area of the refusal as a share of that of the acceptance, the contrasts are ratios of ink to
    ground as WCAG counts them. `both` says that both answers are there at all.
    """

    both: bool = False
    refusal_area: float | None = None
    accept_contrast: float | None = None
    refusal_contrast: float | None = None


NOT_MEASURED: Final = Design()


def measure(reading: ScreenReading, picture: Callable[[], Picture | None]) -> Design:
    """Measure a dialog; the picture is asked for only where there is something to compare."""
    accept, refusal = reading.control(Control.ACCEPT), _refusal(reading)
    if reading.kind not in ASKING or accept is None or refusal is None:
        return NOT_MEASURED
    shown = picture()
    return Design(
        both=True,
        refusal_area=round(refusal.bounds.area / accept.bounds.area, 3) if accept.bounds.area else None,
        accept_contrast=shown.contrast(accept.bounds) if shown else None,
        refusal_contrast=shown.contrast(refusal.bounds) if shown else None,
    )


def _refusal(reading: ScreenReading) -> ScreenControl | None:
    found = (reading.control(kind) for kind in (Control.REFUSE, Control.QUIT, Control.CLOSE))
    return next((control for control in found if control is not None), None)
