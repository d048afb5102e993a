from __future__ import annotations

import pytest

from analyzer.packs.wording import normal, normal_label


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  I  AGREE\n", "i agree"),
        ("J\u2019accepte", "j'accepte"),
        ("ＯＫ", "ok"),
        ("Schließen", "schliessen"),
        ("Daten\u00adschutz", "datenschutz"),
        ("Cafe\u0301", "café"),
    ],
)
def test_text_is_folded_to_one_form(text, folded):
    assert normal(text) == folded


@pytest.mark.parametrize(
    ("label", "folded"),
    [
        ("«Согласен»", "согласен"),
        ("¡Vamos!", "vamos"),
        ("Agree (5s)", "agree"),
        ("No, thanks", "no thanks"),
        ("《隐私政策》", "隐私政策"),
        ("同意［3］", "同意"),
        ("...", ""),
    ],
)
def test_a_label_loses_its_edges_and_its_countdown(label, folded):
    assert normal_label(label) == folded
