"""Finds the hook of the catalog that a called API of an imported event belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from analyzer.model.evidence import Event
from analyzer.packs.catalog_entries import Catalog, Hook


class HookNames:
    """Names the hooks of imported events and counts the APIs that no hook of the catalog describes."""

    def __init__(self, catalog: Catalog) -> None:
        self.unknown: Counter[str] = Counter()
        self._catalog = catalog
        self._known: dict[str, str] = {}
        self._exact: dict[str, list[Hook]] = {}
        self._short: dict[str, list[Hook]] = {}
        for hook in catalog.hooks.values():
            for name in _names(hook):
                self._exact.setdefault(name, []).append(hook)
                short = _short(name)
                if all(other.target.classes[:1] != hook.target.classes[:1] for other in self._short.get(short, ())):
                    self._short.setdefault(short, []).append(hook)

    def name(self, event: Event) -> Event:
        """Give the event with its hook; one whose API the catalog does not know keeps none, and is counted."""
        if self._catalog.hook(event.hook) is not None:
            return event
        if event.api not in self._known:
            self._known[event.api] = self._find(event.api)
        hook = self._known[event.api]
        if not hook:
            self.unknown[event.api] += 1
        return event if hook == event.hook else replace(event, hook=hook)

    def _find(self, api: str) -> str:
        name, opened, rest = api.partition("(")
        name = name.strip().replace("$init", "<init>")
        wanted = tuple(part.strip() for part in rest.rpartition(")")[0].split(",") if part.strip()) if opened else None
        found = self._exact.get(name) or self._alone(name)
        return next((hook.id for hook in found if _takes(hook, wanted)), "")

    def _alone(self, name: str) -> list[Hook]:
        """Find a name without its package, where only one class is called so."""
        found = self._short.get(name, []) if name.count(".") == 1 else []
        return found if len(found) == 1 else []


def _names(hook: Hook) -> Iterator[str]:
    target = hook.target
    yield from (f"{name}.{target.method}" for name in target.classes)
    if target.export:
        yield target.export
        if target.module:
            yield f"{target.module}!{target.export}"


def _short(name: str) -> str:
    return ".".join(name.split(".")[-2:])


def _takes(hook: Hook, wanted: tuple[str, ...] | None) -> bool:
    return wanted is None or hook.target.overloads is None or wanted in hook.target.overloads
