from __future__ import annotations

import json

from analyzer.cli.options import Language
from analyzer.cli.showing import show
from analyzer.workflows.analyze import stored
from analyzer.workflows.home import Home


def test_a_result_is_shown_as_document_or_as_tables(capfdbinary, recorded_example, tmp_path):
    home = Home(recorded_example.copy(tmp_path / "workspace").workspace)
    result = stored(home, "latest")
    show(home, result, as_json=True, language=Language.EN)
    out, err = capfdbinary.readouterr()
    assert (json.loads(out), err) == (json.loads(recorded_example.document), b"")
    show(home, result, as_json=False, language=Language.ZH)
    out, err = capfdbinary.readouterr()
    assert b"cn.191.3.1" in out
    assert b".html" in err
