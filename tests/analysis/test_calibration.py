from __future__ import annotations

from shipped import catalog

from analyzer.analysis.calibration import SeenHook, SeenTraffic, SeenValue, Sight, hold_against
from analyzer.model.calibration import Proof, Said
from analyzer.model.vocabulary import HookStatus

CATALOG = catalog()
IMEI = Said("read", "id.imei", "android.telephony.TelephonyManager.getDeviceId")
ARMED = SeenHook(HookStatus.ARMED)


def sent(data_type="id.imei", host="a.example", carrier="body", *encodings, delivered=True):
    return Said("send", data_type, host=host, carrier=carrier, encodings=encodings, delivered=delivered)


def proofs(account=(), hooks=None, values=(), traffic=None, kind="hook"):
    found = hold_against(account, Sight(hooks or {}, values, traffic or SeenTraffic()), CATALOG)
    return {check.name: check.proof for check in found if check.kind == kind}


def test_a_hook_that_fired_is_proven_and_one_that_should_have_is_missed():
    hooks = {"telephony.device_id": SeenHook(HookStatus.ARMED, 2)}
    assert proofs([IMEI], hooks) == {"telephony.device_id": Proof.PROVEN}
    assert proofs([IMEI], {"telephony.device_id": ARMED}) == {"telephony.device_id": Proof.MISSED}


def test_of_several_hooks_for_one_call_it_is_enough_that_one_fired():
    query = Said("read", "comm.contacts", "android.content.ContentResolver.query")
    hooks = {"content.query": SeenHook(HookStatus.ARMED, 1), "content.query_bundle": ARMED}
    assert Proof.MISSED not in proofs([query], hooks).values()


def test_what_the_app_does_not_call_is_not_exercised_and_what_is_not_there_not_armed():
    hooks = {"telephony.device_id": ARMED, "oaid.init": SeenHook(HookStatus.CLASS_ABSENT)}
    assert proofs([], hooks) == {"telephony.device_id": Proof.NOT_EXERCISED, "oaid.init": Proof.NOT_ARMED}


def test_a_decoder_is_proven_only_where_every_value_was_recognised_through_it():
    account = [sent("id.imei", "a.example", "body", "gzip"), sent("id.imsi", "a.example", "body", "gzip")]
    one = SeenValue("id.imei", "a.example", "body", ("gzip",))
    other = SeenValue("id.imsi", "a.example", "body", ("gzip",))
    assert proofs(account, values=[one, other], kind="decoder") == {"gzip": Proof.PROVEN}
    assert proofs(account, values=[one], kind="decoder") == {"gzip": Proof.MISSED}
    plain = SeenValue("id.imsi", "a.example", "query")
    assert proofs(account, values=[one, plain], kind="decoder") == {"gzip": Proof.MISSED}


def test_a_plain_value_is_looked_for_where_the_app_put_it():
    account = [sent("id.imei", "a.example", "header")]
    assert proofs(account, values=[SeenValue("id.imei", "a.example", "body")], kind="decoder") == {
        "plain in header": Proof.MISSED
    }


def test_where_nothing_left_the_device_no_decoder_was_exercised_and_none_is_missed():
    account = [sent(delivered=False)]
    assert set(proofs(account, kind="decoder").values()) == {Proof.NOT_EXERCISED}
    assert set(proofs(account, kind="path").values()) == {Proof.NOT_EXERCISED}


def test_a_path_that_the_app_used_and_nobody_saw_is_missed():
    lines = ("POST https://a.example:443/ HTTP/1.1", "GET https://a.example:443/ HTTP/2.0")
    traffic = SeenTraffic(lines, frozenset({"pin.example"}), frozenset({"value", "client_hello"}), messages=True)
    account = [sent(), sent(carrier="message"), sent(host="pin.example", delivered=False)]
    seen = proofs(account, traffic=traffic, kind="path")
    assert seen.pop("join by cipher or digest") is Proof.NOT_EXERCISED
    assert set(seen.values()) == {Proof.PROVEN}
    blind = proofs(account, kind="path")
    assert blind["HTTPS of the app's user id"] is blind["WebSocket"] is blind["join by value"] is Proof.MISSED
