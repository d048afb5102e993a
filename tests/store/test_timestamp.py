"""Time stamps of a local authority, made by OpenSSL."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tsa import LocalAuthority

from analyzer.store.problems import EvidenceRefused
from analyzer.store.timestamp import ask, read_stamp

MESSAGE = b"what is stamped"


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> LocalAuthority:
    return LocalAuthority(tmp_path_factory.mktemp("tsa"))


@pytest.fixture(scope="module")
def token(authority) -> bytes:
    return authority.answer(ask(MESSAGE).data)


def test_a_question_holds_the_digest_and_not_the_message():
    question = ask(MESSAGE)
    assert sha256(MESSAGE).digest() in question.data
    assert MESSAGE not in question.data
    assert question.nonce != ask(MESSAGE).nonce


def test_a_stamp_that_leads_to_the_named_root_is_proven(authority, token):
    stamped = read_stamp(token, MESSAGE, authority.roots.read_bytes())
    assert stamped.proven
    assert stamped.authority == "CN=Test Authority"
    assert "leads to the root" in stamped.words()


def test_without_a_root_it_is_said_that_nobody_checked_who_that_is(token):
    stamped = read_stamp(token, MESSAGE)
    assert not stamped.proven
    assert "was not checked" in stamped.words()


def test_a_stamp_of_another_authority_is_refused(token, tmp_path):
    other = LocalAuthority(tmp_path)
    with pytest.raises(EvidenceRefused, match="does not lead to a root"):
        read_stamp(token, MESSAGE, other.roots.read_bytes())


def test_a_stamp_of_something_else_is_refused(authority, token):
    for roots in (b"", authority.roots.read_bytes()):
        with pytest.raises(EvidenceRefused, match="something else"):
            read_stamp(token, b"another message", roots)


def test_an_answer_to_another_question_is_refused(authority):
    question = ask(MESSAGE)
    answer = authority.answer(question.data)
    assert read_stamp(answer, MESSAGE, b"", question.nonce)
    with pytest.raises(EvidenceRefused, match="another question"):
        read_stamp(answer, MESSAGE, b"", ask(MESSAGE).nonce)


def test_a_changed_signature_is_found(authority, token):
    forged = bytearray(token)
    forged[-5] ^= 1
    with pytest.raises(EvidenceRefused):
        read_stamp(bytes(forged), MESSAGE, authority.roots.read_bytes())


@given(st.binary(max_size=200))
def test_what_is_no_stamp_is_refused(data):
    with pytest.raises(EvidenceRefused):
        read_stamp(data, MESSAGE)


def test_roots_that_are_none_are_refused(token):
    with pytest.raises(EvidenceRefused, match="holds no certificate"):
        read_stamp(token, MESSAGE, b"no certificate")
