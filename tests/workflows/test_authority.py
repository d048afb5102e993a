from __future__ import annotations

import socket

import pytest
from tsa import LocalAuthority

from analyzer.store.timestamp import ask, read_stamp
from analyzer.workflows.authority import AuthorityProblem, ask_authority
from analyzer.workflows.home import UsageProblem


def test_an_authority_answers_over_http(tmp_path):
    authority = LocalAuthority(tmp_path)
    with authority.serving() as url:
        question = ask(b"message")
        answer = ask_authority(url, question.data)
    assert read_stamp(answer, b"message", authority.roots.read_bytes(), question.nonce).proven


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "ftp://a.example/", "tsa.example", "http://"])
def test_what_is_no_address_is_a_wrong_word(url):
    with pytest.raises(UsageProblem, match="--tsa https"):
        ask_authority(url, b"q")


def test_no_answer_says_what_to_do():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(AuthorityProblem, match=r"gave no answer .* leave --tsa away"):
            ask_authority(url, b"q")
