import time

import pytest
import yaml
from pydantic import TypeAdapter

from analyzer.packs.problem import PackProblem
from analyzer.packs.yaml_text import ShallowLoader, Words, load_safe, read_yaml


def test_a_list_of_words_may_be_one_text():
    words = TypeAdapter(Words)
    assert words.validate_python("a.b  c.d\n e") == ("a.b", "c.d", "e")
    assert words.validate_python(["a b", "c"]) == ("a b", "c")


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
