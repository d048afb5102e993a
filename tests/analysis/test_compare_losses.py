from __future__ import annotations

from dataclasses import replace

import pytest

from analyzer.analysis.compare_losses import losses, trace
from analyzer.model.comparison import Side, Sighting
from analyzer.model.vocabulary import ISOLATED, Channel, Phase, Tier

SECOND = 1_000_000
READ = Sighting("id.imei", Channel.API, Phase.REFUSED, "refuse", Tier.ACCESSED, 10, sdk="acme", hook="telephony.imei")
SENT = Sighting("id.imei", Channel.NETWORK, Phase.REFUSED, "refuse", Tier.TRANSMITTED, 5, recipient="acme.example")
SIDE = Side(
    "s1",
    "com.example",
    watched={(Phase.REFUSED, "refuse"): 20 * SECOND},
    armed=frozenset({"telephony.imei"}),
    planted=frozenset({"id.imei"}),
)


def test_sightings_are_taken_together():
    both = trace([READ, SENT])
    assert (both.count, both.tier, both.first_us, both.read) == (2, Tier.TRANSMITTED, 5, True)
    assert both.recipients == {"acme.example"}
    assert trace([SENT]).read is False


def test_a_session_that_saw_as_much_loses_nothing():
    assert losses(trace([READ, SENT]), SIDE, SIDE, "second") == ()
    shorter = replace(SIDE, watched={(Phase.REFUSED, "refuse"): 17 * SECOND})
    assert losses(trace([READ, SENT]), SIDE, shorter, "second") == ()


@pytest.mark.parametrize(
    ("here", "reason"),
    [
        (replace(SIDE, armed=frozenset()), "not armed in the second: telephony.imei"),
        (replace(SIDE, fired=False), "no hook fired in the second"),
        (replace(SIDE, gaps=(("agent_lost", "com.example"),)), "agent_lost (com.example) in the second"),
        (replace(SIDE, gaps=(("code_unseen", "app"), ("code_unseen", ISOLATED))), "code_unseen (app) in the second"),
        (replace(SIDE, watched={(Phase.REFUSED, "manual"): 20 * SECOND}), "reached by refuse, in the second by manual"),
        (replace(SIDE, watched={(Phase.REFUSED, "refuse"): 2 * SECOND}), "lasted 2 s in the second, 20 s in the other"),
    ],
)
def test_what_was_read_may_be_missed_without_hooks_or_time(here: Side, reason: str):
    (told,) = losses(trace([READ]), SIDE, here, "second")
    assert reason in told


@pytest.mark.parametrize(
    ("here", "reason"),
    [
        (replace(SIDE, planted=frozenset()), "did not know the device's values of id.imei"),
        (replace(SIDE, gaps=(("proxy_lost", ""),)), "proxy_lost in the second"),
        (replace(SIDE, gaps=(("traffic_opaque", ""),)), "traffic_opaque in the second"),
    ],
)
def test_what_was_sent_may_be_missed_without_values_or_traffic(here: Side, reason: str):
    (told,) = losses(trace([SENT]), SIDE, here, "second")
    assert reason in told
    assert losses(trace([READ]), SIDE, here, "second") == ()


def test_the_first_screen_is_the_same_for_every_strategy_but_by_hand():
    there = replace(SIDE, watched={(Phase.INITIAL, "accept"): 20 * SECOND})
    here = replace(SIDE, watched={(Phase.INITIAL, "refuse"): 20 * SECOND})
    assert losses(trace([replace(READ, phase=Phase.INITIAL, strategy="accept")]), there, here, "second") == ()
    (told,) = losses(trace([replace(READ, phase=Phase.INITIAL, strategy="manual")]), there, here, "second")
    assert "reached by manual" in told
