"""What only some seeded apps do, from seed 200 on: the apps of the seeds before stay as they were."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from random import Random

FIRST = 200


@dataclass(frozen=True)
class Features:
    """What an app does beside the ordinary.

    `asks`: it asks for permissions while it runs. `shared`: two SDKs send to one host. `pinned`: one host trusts its
    own certificate only. `retention`: a refusal is answered with a second dialog. `fuller`: accounts, operator and
    cell are sent too. `nameless`: an SDK is obfuscated to single letters. `hosted`: app and SDKs have names below
    `com.github`. `wifiless`: the app may not ask for the Wi-Fi state.
    """

    asks: bool = False
    shared: bool = False
    pinned: bool = False
    retention: bool = False
    fuller: bool = False
    nameless: bool = False
    hosted: bool = False
    wifiless: bool = False


def features(seed: int) -> Features:
    """Draw the features of a seed from dice of their own."""
    if seed < FIRST:
        return Features()
    random = Random(f"features of {seed}")
    return Features(*(random.random() < 0.4 for _ in astuple(Features())))


RETENTION = """
    private void unsure() {{
        lab.truth.Truth.phase("refused");
        new android.app.AlertDialog.Builder(this).setTitle("{title}").setMessage("{message}").setCancelable(false)
            .setPositiveButton("{accept}", (dialog, which) -> agreed())
            .setNegativeButton("{refuse}", (dialog, which) -> refused()).show();
    }}
"""
AGAIN = (
    (
        "确认提示",
        "您需要先同意《隐私政策》才能继续使用全部功能。若仍不同意，部分服务将无法使用。",
        "同意并继续",
        "仍不同意",
    ),
    (
        "Are you sure?",
        "Some services cannot be offered without your agreement to our Privacy Policy.",
        "Agree",
        "Decline",
    ),
)
GRANTED = """
    @Override
    public void onRequestPermissionsResult(int code, String[] names, int[] results) {{
{granted}    }}
"""


def second_dialog(accept: str) -> str:
    """Give the method that asks again, in the language of the first dialog's button."""
    title, message, agree, decline = AGAIN[1 if accept.isascii() else 0]
    return RETENTION.format(title=title, message=message, accept=agree, refuse=decline)


def asking(permissions: tuple[str, ...]) -> str:
    """Give the statement that asks for permissions."""
    names = ", ".join(f'"android.permission.{name}"' for name in permissions)
    return f"        requestPermissions(new String[] {{{names}}}, 7);\n"
