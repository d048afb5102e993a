from analyzer.analysis.identity import name_run


def test_the_order_of_packs_and_libraries_does_not_matter():
    one = name_run("e", {"a": "1", "b": "2"}, "1.0", {"x": "1", "y": "2"})
    assert one == name_run("e", {"b": "2", "a": "1"}, "1.0", {"y": "2", "x": "1"})


def test_every_part_matters():
    parts = [("e", {"a": "1"}, "1", {"x": "1"}, ""), ("f", {"a": "1"}, "1", {"x": "1"}, ""),
             ("e", {"a": "2"}, "1", {"x": "1"}, ""), ("e", {"a": "1"}, "2", {"x": "1"}, ""),
             ("e", {"a": "1"}, "1", {"x": "2"}, ""), ("e", {"a": "1"}, "1", {"x": "1"}, "browser")]  # fmt: skip
    assert len({name_run(*part) for part in parts}) == len(parts)
