from __future__ import annotations

import inspect

import pytest
from scripted_device import ScriptedDevice

from analyzer.capture.device import Device
from analyzer.capture.lab import LabDevice

WANTED = {name: made for name, made in vars(Device).items() if inspect.isfunction(made) and not name.startswith("_")}


def _inputs(function) -> list[str]:
    return list(inspect.signature(function).parameters)


@pytest.mark.parametrize("device", [LabDevice, ScriptedDevice])
@pytest.mark.parametrize("name", WANTED)
def test_every_device_takes_what_the_recorder_hands_over(device, name):
    assert _inputs(getattr(device, name)) == _inputs(WANTED[name])


@pytest.mark.parametrize("device", [LabDevice, ScriptedDevice])
def test_every_device_names_itself_and_its_clock(device):
    names = {*dir(device), *device.__annotations__}
    assert {"serial", "clock_domain"} <= names


def test_everything_that_a_device_must_do_is_described_in_a_sentence():
    assert len(WANTED) >= 14
    assert all((inspect.getdoc(function) or "").endswith(".") for function in WANTED.values())
