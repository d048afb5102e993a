from analyzer.analysis.identity import name_run
from analyzer.model.results import JudgedBy


def test_the_order_of_packs_and_libraries_does_not_matter():
    one = name_run("e", JudgedBy("1.0", {"x": "1", "y": "2"}, {"a": "1", "b": "2"}))
    assert one == name_run("e", JudgedBy("1.0", {"y": "2", "x": "1"}, {"b": "2", "a": "1"}))


def test_every_part_matters():
    by = JudgedBy("1", {"x": "1"}, {"a": "1"})
    others = JudgedBy("2", by.libraries, by.packs), JudgedBy("1", {"x": "2"}, by.packs), JudgedBy("1", by.libraries)
    parts = [("e", by), ("f", by), ("e", by, "browser"), ("e", by, "", "p"), *(("e", other) for other in others)]
    assert len({name_run(*part) for part in parts}) == len(parts)
