import time
from datetime import date
from pprint import pformat

import pytest
import yaml
from pydantic import TypeAdapter

from analyzer.packs.loader import DATA
from analyzer.packs.problem import PackProblem
from analyzer.packs.yaml_text import ShallowLoader, Words, load_safe, read_text, read_yaml


def test_a_list_of_words_may_be_one_text():
    words = TypeAdapter(Words)
    assert words.validate_python("a.b  c.d\n e") == ("a.b", "c.d", "e")
    assert words.validate_python(["a b", "c"]) == ("a b", "c")


@pytest.mark.parametrize(
    "text",
    [
        "a: [1, yes, x, 1.5, ~, 2024-07-01, 0x1f, '1', \"yes\", 1_000, =, <<]",
        "{1: a, 1.5: b, yes: c, ~: d, 2024-07-01: e, '': f, a: 1, a: 2}",
        "a: &x [1, {b: c}]\nd: *x\ne: {<<: {f: 1}, g: 2}",
        "a: !!set {b, c}\nd: !!omap [e: 1]\nf: !!binary aGk=\ng: !!str 1\nh: !!int '3'",
        "? [a, b]\n: 1",
        "",
        "~",
        "a: |\n  1\n  x\nb: >\n  y\n  z",
    ],
)
def test_the_short_way_reads_what_the_library_reads(text):
    def told(load):
        try:
            return pformat(load(text), width=1)  # so narrow that it puts sets in order, too
        except yaml.YAMLError as error:
            return str(error)

    assert told(load_safe) == told(lambda one: yaml.load(one, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def test_every_shipped_file_is_read_as_the_library_reads_it():
    for path in DATA.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert load_safe(text) == yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def test_a_text_that_comes_again_gives_data_of_its_own():
    text = "rules: [{id: one, since: 2026-01-31}]"
    first = load_safe(text)
    first["rules"][0]["id"] = "another"
    assert load_safe(text) == {"rules": [{"id": "one", "since": date(2026, 1, 31)}]}


def test_aliases_that_multiply_are_not_multiplied():
    lines = ["a0: &a0 [x, x]", *(f"a{at}: &a{at} [*a{at - 1}, *a{at - 1}]" for at in range(1, 60))]
    assert len(load_safe("\n".join(lines[:8]))["a7"]) == 2
    with pytest.raises(yaml.YAMLError, match="stand for more than"):  # whoever reads it would go through all of it
        load_safe("\n".join(lines))


def test_what_stands_within_itself_is_refused():
    with pytest.raises(yaml.YAMLError, match="within itself"):
        load_safe("a: &a [1, *a]")


def test_a_file_of_another_encoding_is_told_as_such(tmp_path):
    (tmp_path / "rules.yaml").write_bytes("标题: 收集".encode("gbk"))
    with pytest.raises(PackProblem, match="save it as UTF-8"):
        read_text(tmp_path / "rules.yaml")


def test_only_plain_data_is_read():
    assert load_safe("a: [1, yes, x]") == {"a": [1, True, "x"]}
    with pytest.raises(yaml.YAMLError):
        load_safe("!!python/object/apply:os.getpid []")


def test_what_is_no_yaml_is_refused_by_name():
    with pytest.raises(PackProblem, match=r"mine\.yaml is not YAML"):
        read_yaml("mine.yaml", "{")


@pytest.mark.parametrize("bracket", ["[", "{a: ", "[{a: "])
def test_brackets_that_stand_too_deep_end_at_once(bracket):
    begun = time.process_time()
    with pytest.raises(yaml.YAMLError, match="deep"):
        yaml.load(bracket * 3000, Loader=ShallowLoader)
    assert time.process_time() - begun < 0.5, "without the bound it took two seconds"


def test_what_people_write_is_not_too_deep():
    assert yaml.load("[" * 20 + "]" * 20, Loader=ShallowLoader)
