import pytest

from analyzer.packs.app_types import read_app_types
from analyzer.packs.loader import DATA
from analyzer.packs.problem import PackProblem


def test_the_thirty_nine_types_and_what_they_need():
    types = read_app_types(DATA / "app_types.yaml")
    assert len(types) == 39
    assert types["map_navigation"].necessary == ("loc.precise",)
    assert sum(kind.none_required for kind in types.values()) == 13


def test_a_broken_file_is_named(tmp_path):
    file = tmp_path / "types.yaml"
    file.write_text("version: 2\nsource: x\ntypes: []\n")
    with pytest.raises(PackProblem, match=r"types\.yaml.*version"):
        read_app_types(file)
