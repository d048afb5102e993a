from analyzer.report.collection_entries import drawn


def test_a_curve_is_drawn_with_one_character_for_each_step():
    assert drawn((0, 1, 4, 8)) == "·▁▄█"
    assert drawn((0, 0)) == "··"
    assert drawn(()) == ""
