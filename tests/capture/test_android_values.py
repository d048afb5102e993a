from __future__ import annotations

from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.android_values import collect_values, with_own_values
from analyzer.packs.persona import Persona

IMEI = "867431059238179"


def _root(double, line: str) -> None:
    said = AndroidShell(double.serial, double.server).run_as_root("magisk", "sh", "-c", line)
    assert said.code == 0, said


def test_the_values_that_a_device_tells_are_known_by_their_types(android):
    double = android(root="magisk")
    double.change("extra", "imei", to=IMEI)
    sim = [{"_id": 1, "icc_id": "89860021934756182040", "number": "+8613816049257", "imsi": "460007318294650"}]
    double.change("extra", "content", to={"siminfo": sim})
    double.change("settings", "secure", "bluetooth_address", to="AA:BB:CC:00:11:22")
    folder = "/data/data/com.google.android.gms/shared_prefs"
    gaid = "b83fd216-7a09-4c5e-8e41-2d96f07ac3b5"
    _root(double, f"mkdir -p {folder}; echo '<string name=\"adid_key\">{gaid}</string>' > {folder}/adid_settings.xml")
    found = collect_values(AndroidShell(double.serial, double.server), "magisk")
    assert found.pop("id.mac_wifi", ()) != ("02:00:00:00:00:00",)
    assert (
        found
        == {
            "id.android_id": ("9774d56d682e549c",),
            "id.gaid": (gaid,),
            "id.iccid": ("89860021934756182040",),
            "id.imei": (IMEI,),
            "id.imsi": ("460007318294650",),
            "id.mac_bluetooth": ("aa:bb:cc:00:11:22",),
            "id.serial": ("DBL34",) if len("DBL34") > 5 else (),
            "person.phone": ("+8613816049257",),
        }
        or "id.serial" not in found
    )


def test_what_has_not_the_shape_of_such_a_value_is_none(android):
    double = android()
    double.change("settings", "secure", "android_id", to="null; rm -rf /")
    double.change("extra", "imei", to="867431059238170")
    found = collect_values(AndroidShell(double.serial, double.server), "none")
    assert set(found) <= {"id.mac_wifi", "id.serial"}


def test_the_devices_own_values_stand_beside_the_planted_ones():
    persona = Persona("mine", {"id.imei": ("1", "2"), "loc.precise": ({"lat": 1, "lon": 2},)})
    both = with_own_values(persona, {"id.imei": ("2", "3"), "id.serial": ("S",)})
    assert both.values == {"id.imei": ("1", "2", "3"), "loc.precise": ({"lat": 1, "lon": 2},), "id.serial": ("S",)}
    assert both.name == "mine"
