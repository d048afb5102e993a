"""The listener for a device's WireGuard tunnel while a session is recorded, and what its user is told to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from analyzer.capture.android import ListedDevice
from analyzer.capture.wireguard import Listen, WireGuard, open_wireguard
from analyzer.workflows.home import Home


@contextmanager
def hold_listener(
    home: Home, listen: Listen | None, chosen: ListedDevice, say: Callable[[str], None], stopped: Callable[[], bool]
) -> Iterator[WireGuard | None]:
    """Hold the keys of a tunnel, and tell what its user is to do with them; `None` where there is no tunnel."""
    if listen is None:
        yield None
        return
    emulator = chosen.kind == "emulator"
    with open_wireguard(home.folder("wireguard"), listen, say, stopped, emulator=emulator) as made:
        say(
            f"The proxy listens for WireGuard on {made.listen} (UDP), because --wireguard-listen says so: others who "
            "reach that address can knock there, and only who has this session's key comes in."
        )
        say(
            f"The key is in {made.configuration}. Bring it to the device (adb -s {chosen.serial} push "
            f"{made.configuration} /sdcard/Download/), load it in its WireGuard app (+, import from file), and "
            "switch the tunnel on: every app's traffic comes here then."
        )
        try:
            yield made
        finally:
            say(
                "The tunnel's key is deleted here, and the tunnel leads nowhere any more: switch it off on the device, "
                f"and take it and {made.configuration.name} away there."
            )
