import pytest
from wire import endpoints, sdks

from analyzer.packs.loader import DATA
from analyzer.packs.problem import PackProblem
from analyzer.packs.sources import read_sources


def test_every_shipped_source_is_used_and_has_address_and_terms():
    shipped = read_sources((DATA / "sources.yaml").read_text(encoding="utf-8"))
    used = {one.source for one in sdks().entries} | {one.source for one in endpoints().by_domain.values()}
    assert used - {"memory"} == set(shipped)
    assert all(one.address.startswith("http") and one.terms for one in shipped.values())


def test_a_wrong_file_is_refused_by_name_and_key():
    with pytest.raises(PackProblem, match=r"sources\.yaml .*address"):
        read_sources("version: 1\nsources: [{id: a, title: b, terms: c}]")
