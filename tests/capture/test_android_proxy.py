from __future__ import annotations

import pytest

from analyzer.capture.android_proxy import read_proxy, restore_proxy, set_proxy
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.device import EnvironmentProblem


@pytest.mark.parametrize(
    "before",
    [{}, {"http_proxy": "old.example:8080", "global_http_proxy_host": "old.example"}, {"http_proxy": ""}],
    ids=["none", "another", "empty"],
)
def test_the_proxy_is_set_and_put_back_as_it_was(android, before):
    double = android()
    for name, value in before.items():
        double.change("settings", "global", name, to=value)
    whole = double.snapshot()
    shell = AndroidShell(double.serial, double.server)
    found = read_proxy(shell)
    set_proxy(shell, 28100)
    double.change("settings", "global", "global_http_proxy_port", to="28100")  # as ConnectivityService does
    assert double.read("settings", "global", "http_proxy") == "127.0.0.1:28100"
    restore_proxy(shell, found)
    restore_proxy(shell, found)
    assert double.snapshot() == whole


def test_a_device_that_refuses_says_what_to_allow(android):
    double = android(api=34)
    shell = AndroidShell(double.serial, double.server)
    with pytest.raises(EnvironmentProblem, match="Security settings"):
        restore_proxy(_Refusing(shell), {})


class _Refusing:
    """A shell whose words are taken for another user's, as on phones that ask for a further permission."""

    def __init__(self, shell: AndroidShell) -> None:
        self.serial = shell.serial
        self._shell = shell

    def run(self, *words: str):
        return self._shell.run(words[0], "nonsense", *words[2:])
