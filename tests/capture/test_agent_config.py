from __future__ import annotations

import json

from analyzer.capture.agent_config import agent_config
from analyzer.model.evidence import Process
from analyzer.packs.catalog import load_catalog
from analyzer.packs.changes import load_unpinning


def test_the_whole_catalog_crosses_the_line_as_json():
    catalog = load_catalog()
    config = json.loads(json.dumps(agent_config(catalog, Process(1, "com.example:push"), tap=True)))
    assert config["process"] == "com.example:push"
    assert [hook["id"] for hook in config["catalog"]] == list(catalog.hooks)
    assert config["limits"]["callsPerSecond"] == 200
    assert config["limits"]["bytes"] == 65536


def test_the_hooks_of_the_tap_are_armed_only_where_it_is_wanted():
    catalog = load_catalog()
    plain, tapped = (agent_config(catalog, Process(1, "p"), tap=tap)["catalog"] for tap in (False, True))
    left_out = {hook["id"] for hook in tapped} - {hook["id"] for hook in plain}
    assert left_out == {hook.id for hook in catalog.hooks.values() if hook.family == "tap"}
    assert len(left_out) >= 14


def test_targets_selections_and_native_functions_keep_their_meaning():
    config = {hook["id"]: hook for hook in agent_config(load_catalog(), Process(1, "p"))["catalog"]}
    assert config["telephony.imei"]["overloads"] is None
    assert config["settings.secure_string"]["select"]["cases"][0] == "android_id"
    assert "android.app.ApplicationPackageManager" in config["packages.installed"]["classes"]
    assert config["network.connect"]["native"] == {"module": "", "export": "connect"}


def test_what_a_person_has_changed_comes_last_and_what_only_looks_changes_nothing():
    catalog, changes = load_catalog(), load_unpinning()
    config = json.loads(json.dumps(agent_config(catalog, Process(1, "p"), changes, tap=True)))["catalog"]
    assert {hook["id"] for hook in config[: len(catalog.hooks)] if hook["change"] is not None} == set()
    found = {hook["id"]: hook["change"] for hook in config[len(catalog.hooks) :]}
    assert found["unpin.ssl_context"] == {
        "nulls": [1], "skips": False, "calls": None, "gives": "", "found": None,
    }  # fmt: skip
    assert found["unpin.web_view"] == {
        "nulls": [],
        "skips": True,
        "calls": {"argument": 1, "method": "proceed"},
        "gives": "",
        "found": None,
    }
    assert found["unpin.flutter"]["found"]["libraries"] == ["libflutter.so"]
    assert "bf 10 00 00 00 31 f6 ba 7d 00 00 00" in found["unpin.flutter"]["found"]["holds"]["x64"]
