from __future__ import annotations

import base64
import hashlib
import json
import pickle
from collections.abc import Iterator, Mapping
from itertools import pairwise
from urllib.parse import urlencode

import pytest
from corpus.score import packs
from corpus.sets import FILES, exchanges
from wire import IMEI, Wire, missing, taxonomy

from analyzer.analysis.decode import Leaf
from analyzer.analysis.decode_flow import decode_record
from analyzer.analysis.detect_network import Seen, Watcher
from analyzer.analysis.indicators import Known, compile_indicators, derive
from analyzer.analysis.indicators_gather import gather_indicators
from analyzer.analysis.listening import ALL_SEEN, Listening, Rest, Unseen, shows_people, stays_quiet, unseen_in
from analyzer.analysis.placement import place_session
from analyzer.analysis.sighting import Sighting
from analyzer.model.evidence import EvidenceRef, Request, Response
from analyzer.model.vocabulary import Method, Source, Where

REF = EvidenceRef("1-accept", Source.FLOWS, 1)
EVENTS = [{"name": "tap", "ts": 1760000000000 + at, "page": "com.example.app.Home", "n": at} for at in range(40)]


def _watcher(persona: Mapping[str, tuple[str, ...]], wire: Wire) -> Watcher:
    terms = packs()
    known = gather_indicators("com.example.app", persona, (), terms.catalog, terms.taxonomy)
    return Watcher(known, terms.taxonomy, place_session(wire.session()), missing, "com.example.app")


def _request(body: bytes, target: str = "/v1", headers: tuple[tuple[str, str], ...] = ()) -> Request:
    wire = Wire()
    wire.request(1, body, target=target, headers=headers)
    record = wire.flows[0]
    assert isinstance(record, Request)
    return record


def _answer(body: bytes) -> Response:
    wire = Wire()
    wire.response("f1", 2, body)
    record = wire.flows[0]
    assert isinstance(record, Response)
    return record


def _both(watcher: Watcher, record: Request | Response) -> tuple[Seen, Seen]:
    """Give what is seen in a record looked at sparingly, and as a whole."""
    whole = Watcher(watcher.indicators, watcher.taxonomy, watcher.places, watcher.read_blob, watcher.package)
    seen = whole._look(REF, record, spare=False)
    assert seen is not None
    return watcher.look(REF, record), seen


def _mixed(bodies: list[bytes]) -> Iterator[bytes]:
    """Give documents beside each other, in each other, in forms, and in base64."""
    documents = [json.loads(body) for body in bodies if body.isascii() and body[:1] == b"{" and body[-1:] == b"}"]
    for one, other in pairwise(documents):
        yield json.dumps({"list": [one, other], "events": EVENTS[:3], "x": other}).encode()
        packed = base64.b64encode(json.dumps(one).encode()).decode()
        yield urlencode({"data": packed, "more": json.dumps(other, ensure_ascii=False), "v": "1"}).encode()


@pytest.mark.parametrize("known", [True, False])
def test_what_is_left_out_of_the_labelled_requests_is_never_what_is_found(known):
    made, person = exchanges(FILES, 5, known=known, systematic=False)
    watcher = _watcher(person.persona() if known else {}, Wire())
    bodies = [one.body for one in made]
    for body in (*bodies[::2], *_mixed(bodies[::9])):
        sparing, whole = _both(watcher, _request(body))
        assert sparing == whole, body[:500]


@pytest.mark.parametrize(
    "extra",
    [
        {"sn": "PLK7Q2X94M1T"},
        {"z": {"zz": "PLK7Q2X94M1T", "yy": "x"}},
        {"z": {"i": IMEI, "s": "460007318294650", "q": "x"}},
        {"a": {"9": IMEI, "8": "460007318294650"}},
        {"people": [{"name": "Ann Lee", "phone": f"+861380013847{at}", "x": "friend"} for at in range(4)]},
        {"packages": ["com.tencent.mm", "com.sina.weibo", "org.telegram.messenger", "com.taobao.taobao"]},
        {"pairs": [{"key": "imei", "value": IMEI}], "columns": ["imei", "x"], "rows": [[IMEI, "1"]]},
        {"calendar": [{"title": "Dentist", "begin": "1", "location": "Bund"}]},
        {"wifi": [{"bssid": "00:00:5e:00:53:a7", "level": -60}, {"bssid": "00:00:5e:00:53:b4", "level": -70}]},
        {"d": base64.b64encode(f'{{"imei":"{IMEI}"}}'.encode()).decode(), "log": f"imei={IMEI}; x=1"},
        {"photo": "data:image/png;base64,iVBORw0KGgo" + "A" * 60},
        {IMEI: 1, "lat": 31.230437, "lng": 121.473719, "country": "CN", "phone": "13800138471"},
        {"imei": "", "device_id_md5": "0" * 31 + "1", "deviceIdType": "imei", "deviceId": IMEI},
        {"props": [{"key": "gender", "value": "female"}, {"key": "theme", "value": "dark"}]},
        {"callLog": [{"number": "10086", "duration": "5"}, {"number": "95588", "duration": "31"}]},
        {"z": {"h": hashlib.md5(b"PLK7Q2X94M1T_com.example.app").hexdigest()}},
        {"z": {"raw": [one - 256 if one > 127 else one for one in f"林 imei={IMEI}".encode()]}},
        {"z": {"raw": ":".join(f"{one:02x}" for one in f'{{"imei": "{IMEI}"}}'.encode())}},
    ],
    ids=str,
)
def test_nothing_is_missed_beside_much_that_tells_nothing(extra):
    wire = Wire()
    watcher = _watcher({"id.serial": ("PLK7Q2X94M1T",)}, wire)
    for document in ({"events": EVENTS, **extra}, {**extra, "events": EVENTS}, {"x": [extra, extra], "events": EVENTS}):
        sparing, whole = _both(watcher, _request(json.dumps(document).encode()))
        assert sparing == whole
    assert whole.observations


APPS = ["com.tencent.mm", "com.sina.weibo", "org.telegram.messenger", "com.taobao.taobao", "com.jingdong.app.mall"]


@pytest.mark.parametrize(
    "before",
    [
        {"apps": APPS, "mail": "someone@mail.example"},
        {"columns": ["a", "b"], "rows": [APPS]},
        {"photo": base64.b64encode(b"\xff\xd8\xff\xe0" + bytes(90)).decode(), "apps": APPS},
        {"apps": APPS, "serials": ["PLK7Q2X94M1T"] * 80},
        {"words": [f"word{at}.x" for at in range(40)], "apps": APPS},
    ],
    ids=["mail", "table", "picture", "many", "words"],
)
@pytest.mark.parametrize("answered", [False, True])
def test_what_came_before_changes_nothing(monkeypatch, before, answered):
    monkeypatch.setattr("analyzer.analysis.listening._MOST", 30)
    body = json.dumps({"d": {"apps": APPS}, "events": EVENTS}).encode()
    fresh = _watcher({"id.serial": ("PLK7Q2X94M1T",)}, Wire()).look(REF, _request(body))
    assert {one.data_type for one in fresh.observations} == {"dev.installed_apps"}
    watcher = _watcher({"id.serial": ("PLK7Q2X94M1T",)}, Wire())
    for _ in range(2):
        watcher.look(REF, _request(json.dumps(before).encode()))
        if answered:
            watcher.look(REF, _answer(json.dumps({**before, "more": [f"w{at}" for at in range(60)]}).encode()))
        assert watcher.look(REF, _request(body)) == fresh


def test_half_a_letter_beside_a_picture_is_read():
    watcher = _watcher({}, Wire())
    sparing, whole = _both(watcher, _request(b'{"photo": "\\ud800", "deviceId": "%s"}' % IMEI.encode()))
    assert sparing == whole
    assert {one.data_type for one in sparing.observations} == {"id.imei"}


def test_a_digest_of_joined_values_is_known_again_in_an_answer():
    watcher = _watcher({"id.serial": ("PLK7Q2X94M1T",)}, Wire())
    digest = hashlib.md5(b"PLK7Q2X94M1T_com.example.app").hexdigest()
    sparing, whole = _both(watcher, _answer(json.dumps({"h": digest, "events": EVENTS}).encode()))
    assert sparing == whole
    assert {one.data_type for one in whole.observations} == {"id.serial"}


def test_documents_with_endless_names_are_not_remembered():
    watcher = _watcher({}, Wire())
    for at in range(40):
        watcher.look(REF, _request(json.dumps({f"{'x' * 1000}{at}{name}": 1 for name in range(20)}).encode()))
    assert len(watcher.listening._names) == 0


def test_of_a_list_of_events_no_value_is_looked_at_one_by_one():
    watcher = _watcher({"id.serial": ("PLK7Q2X94M1T",)}, Wire())
    body = json.dumps({"device": {"os": "android", "ver": "14"}, "events": EVENTS}).encode()
    decoded = decode_record(REF, _request(body), missing, watcher.listening, spare=True)
    assert [leaf.path for leaf in decoded.leaves if leaf.where is Where.BODY] == [
        "json:$.device.os",
        "json:$.device.ver",
    ]
    assert len(decode_record(REF, _request(body), missing, watcher.listening).leaves) > len(EVENTS)


def test_two_documents_at_one_place_are_looked_at_as_wholes():
    watcher = _watcher({}, Wire())
    one = json.dumps({"events": EVENTS})
    record = _request(b"", "/v1?" + urlencode([("a", one), ("a", one)]))
    assert decode_record(REF, record, missing, watcher.listening, spare=True).left_out == ()
    record = _request(b"", "/v1?" + urlencode([("a", one), ("b", one)]))
    assert len(decode_record(REF, record, missing, watcher.listening, spare=True).left_out) == len("ab")


def test_what_is_remembered_stays_behind_on_the_way_to_another_process():
    listening = Listening(compile_indicators(derive(Known("id.serial", "PLK7Q2X94M1T"))), taxonomy())
    listening.sayings(Where.BODY)["", ("name",)]
    sent = pickle.loads(pickle.dumps(listening))
    assert len(listening.sayings(Where.BODY)) == 1
    assert len(sent.sayings(Where.BODY)) == 0
    assert not sent.none_in(b"x PLK7Q2X94M1T x")


def test_memory_of_names_and_values_is_bounded(monkeypatch):
    monkeypatch.setattr("analyzer.analysis.listening._MOST", 20)
    watcher = _watcher({}, Wire())
    for at in range(60):
        watcher.look(REF, _request(json.dumps({f"name{at}": 1, "name": f"word{at}", "x": "y"}).encode()))
    assert sum(map(len, watcher.listening.sayings(Where.BODY))) <= 20 + 3


def test_what_was_left_out_counts_together_with_what_was_not():
    maker = Rest(Where.BODY, frozenset(), frozenset({"com.a", "com.b"}))
    assert unseen_in([(frozenset({"x"}), maker)]) == {Where.BODY: Unseen(frozenset({"x"}), (maker,))}
    leaf = Leaf(REF, Where.BODY, "json:$.a", "a", b"org.third.app")
    assert stays_quiet([], Unseen(frozenset(), (maker,)))
    assert not stays_quiet([leaf], Unseen(frozenset(), (maker,)))
    assert stays_quiet([leaf], ALL_SEEN)


def test_people_in_a_list_need_all_that_stands_beside_them():
    def sighting(data_type: str, path: str) -> Sighting:
        return Sighting(data_type, path, (), (), "x", Method.KEY, 0.5, "x")

    assert shows_people([sighting("person.phone", "json:$.a[0].phone")])
    assert not shows_people([sighting("person.phone", "json:$.phone"), sighting("id.imei", "json:$.a[0]")])
