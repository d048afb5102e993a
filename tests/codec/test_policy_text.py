from __future__ import annotations

import io

import pytest
from pypdf import PdfWriter

from analyzer.codec.policy_text import LARGEST, PolicyUnreadable, read_policy_lines

HTML = """<!DOCTYPE html><html><head><title>x</title><script>var imei=1</script></head><body>
<h1>隐私政策</h1><p>我们会收集您的<b>位置</b>信息。</p><div>第一行<br>第二行</div>
<table><tr><th>SDK</th><th>信息</th></tr><tr><td>友盟</td><td><p>IMEI、</p><p>MAC地址</p></td></tr></table></body></html>"""


def test_html_gives_paragraphs_and_rows_and_no_scripts():
    assert read_policy_lines(HTML.encode(), "p.bin") == (
        "隐私政策",
        "我们会收集您的位置信息。",
        "第一行",
        "第二行",
        "SDK | 信息",
        "友盟 | IMEI、 MAC地址",
    )


@pytest.mark.parametrize(
    ("attributes", "read"),
    [
        ("hidden", False),
        ('hidden="hidden" class="a"', False),
        ('style="display:none"', False),
        ('style="color: red; DISPLAY : none !important;"', False),
        ('style="display:/* a */none"', False),
        ('style="visibility:hidden"', False),
        ('style="font-size:0"', False),
        ('style="font-size: 0.0px; margin: 1px"', False),
        ('style="opacity:0"', False),
        ("", True),
        ('hidden="until-found"', True),
        ('aria-hidden="true"', True),
        ('style="font-size:0.8em"', True),
        ('style="font-size:inherit;opacity:0.9"', True),
        ('style="display:block;background:none;overflow:hidden"', True),
        ('style="display:none-such"', True),
    ],
)
@pytest.mark.parametrize("tag", ["p", "div", "span", "textarea"])
def test_what_an_html_policy_hides_from_its_readers_is_no_part_of_it(tag, attributes, read):
    page = f"<html><p>We take care.</p><{tag} {attributes}>We <b {attributes}>collect</b> your IMEI.</{tag}></html>"
    lines = read_policy_lines(page.encode(), "p.html")
    assert ("We collect your IMEI." in " ".join(lines)) is read
    assert lines[0].startswith("We take care.")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_is_read_in_the_encodings_that_policies_have(encoding):
    assert read_policy_lines("一\n\n 二  三 \n".encode(encoding), "p.txt") == ("一", "二 三")


@pytest.mark.parametrize(
    "data",
    [
        "隱私政策。本應用收集您的裝置識別碼，用於統計，我們不會向第三方提供您的個人資訊。".encode("big5"),
        "プライバシーポリシー。当社は利用者の位置情報を収集しません。".encode("shift_jis"),
        "We collect your IMEI.".encode("utf-16-le"),
        "我们收集您的位置。".encode("utf-32"),
        b"\x00" * 100,
    ],
)
def test_what_another_encoding_holds_is_refused_and_not_read_as_nonsense(data):
    with pytest.raises(PolicyUnreadable, match="save it as UTF-8"):
        read_policy_lines(data, "p.txt")


def pdf(text: str) -> bytes:
    """Write a PDF of one page by hand: pypdf reads pages, it does not draw them."""
    stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources 5 0 R >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
        b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(data)
    return data + b"xref\n0 6\n0000000000 65535 f \n%btrailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        table,
        start,
    )


def test_a_pdf_gives_its_text():
    assert read_policy_lines(pdf("We collect your location."), "p") == ("We collect your location.",)


def empty_pdf() -> bytes:
    writer, file = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "holds no text"),
        (b"<html><body></body></html>", "holds no text"),
        (b"\x89PNG\r\n\x1a\n\xff\xff\xfe\xff", "save it as UTF-8"),
        (b"%PDF-1.7 nothing", "cannot be read"),
        (empty_pdf(), "holds no text"),
        (b"a" * (LARGEST + 1), "larger than"),
        (b"word " * 500_000, "has over 2000000 characters"),
    ],
)
def test_what_holds_no_text_is_refused_with_the_way_out(data, why):
    with pytest.raises(PolicyUnreadable, match=why):
        read_policy_lines(data, "p")


def test_deeply_nested_html_is_read():
    data = b"<html>" + b"<div>" * 5000 + b"location" + b"</div>" * 5000
    assert read_policy_lines(data, "p") == ("location",)
