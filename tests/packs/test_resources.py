from __future__ import annotations

from analyzer.packs.resources import hooks_folder


def test_the_hooks_are_found_with_their_catalog_and_agent():
    folder = hooks_folder()
    assert (folder / "agent" / "index.ts").is_file()
    assert list((folder / "catalog").glob("*.yaml"))
