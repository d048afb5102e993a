"""The same page in a real Firefox: it works there too, and complains of nothing."""

from __future__ import annotations

from firefox import firefox

SOON = """new Promise((done) => requestAnimationFrame(() => setTimeout(() => done({}), 50)))"""


def test_the_page_works_in_firefox(file, tmp_path, material):
    document, _ = material
    sent = next(one for one in document.observations if one.encodings == ("base64",) and one.where == "query")
    with firefox(tmp_path) as window:
        window.open(file)
        assert window.evaluate("document.querySelectorAll('#lanes .lane').length") > 20
        assert window.evaluate("document.querySelector('#chart canvas').width") > 300
        assert window.evaluate("document.querySelectorAll('#table tbody tr').length") == len(document.observations)
        window.evaluate(f"location.hash = '#{sent.id}'; {SOON.format('true')}")
        assert "base64" in window.evaluate("document.getElementById('panel').textContent")
        assert window.evaluate("document.querySelectorAll('#panel mark').length") == 1
        window.evaluate("document.querySelector('[data-language=zh]').click()")
        assert window.evaluate("document.documentElement.lang") == "zh"
        assert "调用" in window.evaluate("document.getElementById('lanes').textContent")
        assert window.complaints == []
