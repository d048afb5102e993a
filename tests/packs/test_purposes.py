import pytest
from pydantic import TypeAdapter, ValidationError
from wire import endpoints, sdks

from analyzer.packs.purposes import PURPOSES, Purpose


def test_a_word_outside_the_list_is_refused_with_the_list():
    with pytest.raises(ValidationError, match="advertisement is no purpose; the purposes are advertising"):
        TypeAdapter(Purpose).validate_python("advertisement")
    assert TypeAdapter(Purpose).validate_python("") == ""


def test_every_word_of_the_list_is_used_and_every_shipped_entry_has_one():
    used = {one.category for one in sdks().entries} | {one.purpose for one in endpoints().by_domain.values()}
    assert used == PURPOSES
