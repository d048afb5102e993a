"""Mounts in all processes of an Android device: bound over a place, and taken away again, in every mount namespace.

Apps have mounts of their own, copied from the zygote that they were forked from. Most mounts spread to them by
themselves; those under `/apex` are private (https://httptoolkit.com/blog/android-14-install-system-ca-certificate/),
so every namespace is looked at, the zygotes' before those of apps.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Final

_EACH: Final = """
seen=' ' bad=
for pid in 1 $(pidof zygote64) $(pidof zygote) $(cd /proc && echo [0-9]*); do
  space=$(readlink /proc/$pid/ns/mnt 2>/dev/null) || continue
  case "$seen" in *" $space "*) continue ;; esac
  seen="$seen$space "
  for place in {places}; do
    {body}
  done
done
[ -z "$bad" ] || {{ echo "not for$bad" >&2; exit 1; }}
"""
_AT: Final = 'grep -q " {place} .* - tmpfs {mark} " /proc/$pid/mountinfo 2>/dev/null'
_NOT_THERE: Final = '[ ! -d /proc/$pid ] || bad="$bad $pid"'
_INSIDE: Final = "nsenter --mount=/proc/$pid/ns/mnt -- "


def bind_everywhere(mark: str, stage: str, places: Sequence[str], *, nsenter: bool) -> str:
    """Give the script that binds the tmpfs called `mark`, mounted at `stage`, over the places in all processes.

    A process that does not have the tmpfs at `stage` is left alone: the empty folder beneath would be bound instead.
    Without `nsenter` only the mounts of the shell are changed; where those do not spread, nothing more can be done.
    """
    there, staged = _AT.format(place="$place", mark=mark), _AT.format(place=stage, mark=mark)
    bind = f"{_INSIDE if nsenter else ''}mount -o bind {shlex.quote(stage)} $place"
    body = f"{there} || {{ {staged} && [ -d /proc/$pid/root$place ] && {bind}; }} || {{ {_NOT_THERE}; }}"
    return _EACH.format(places=_listed(places), body=body)


def unmount_everywhere(mark: str, places: Sequence[str], *, nsenter: bool) -> str:
    """Give the script that takes whatever bears the mark away from the places, in all processes."""
    there, inside = _AT.format(place="$place", mark=mark), _INSIDE if nsenter else ""
    away = f"{inside}umount $place 2>/dev/null || {inside}umount -l $place"
    body = f"while {there}; do {away} || {{ {_NOT_THERE}; break; }}; done"
    return _EACH.format(places=_listed(places), body=body)


def _listed(places: Sequence[str]) -> str:
    return " ".join(map(shlex.quote, places))
