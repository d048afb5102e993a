from __future__ import annotations

import hashlib
import json
import lzma
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import frida
import pytest

from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.frida_release import ReleaseSite, find_server, server_name

ARM64 = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\xb7\x00" + b"a server" * 100
X86 = ARM64[:18] + b"\x3e\x00" + ARM64[20:]
NAME = server_name(frida.__version__, "arm64")


@pytest.fixture
def site():
    """A web site with releases; `files` maps paths to bodies, `asked` are the paths that were asked for."""

    class Site:
        files, asked = {}, []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            site.asked.append(self.path)
            body = site.files.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_):
            pass

    site = Site()
    site.files, site.asked = {}, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    root = f"http://127.0.0.1:{server.server_port}"
    site.place = ReleaseSite(root + "/tags/{version}", root + "/download/{version}/{name}")
    yield site
    server.shutdown()
    server.server_close()
    thread.join()


def publish(site, program=ARM64, digest=None):
    packed = lzma.compress(program)
    digest = digest or hashlib.sha256(packed).hexdigest()
    assets = [{"name": "frida-core", "digest": None}, {"name": NAME, "digest": f"sha256:{digest}"}]
    site.files[f"/tags/{frida.__version__}"] = json.dumps({"assets": assets}).encode()
    site.files[f"/download/{frida.__version__}/{NAME}"] = packed


def test_the_official_release_is_downloaded_once_checked_and_kept(site, tmp_path):
    publish(site)
    found = find_server("arm64-v8a", tmp_path, site=site.place)
    assert found.read_bytes() == ARM64
    assert len(site.asked) == 2
    assert find_server("arm64-v8a", tmp_path, site=site.place) == found
    assert len(site.asked) == 2


def test_a_file_with_another_digest_than_the_published_one_is_not_used(site, tmp_path):
    publish(site, digest="0" * 64)
    with pytest.raises(EnvironmentProblem, match="not the published file"):
        find_server("arm64-v8a", tmp_path, site=site.place)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("index", [b"", b"[]", b'{"assets": [{"name": "x"}]}', None])
def test_without_a_published_digest_nothing_is_used(index, site, tmp_path):
    publish(site)
    site.files[f"/tags/{frida.__version__}"] = index
    with pytest.raises(EnvironmentProblem, match="--frida-server"):
        find_server("arm64-v8a", tmp_path, site=site.place)
    assert list(tmp_path.iterdir()) == []


def test_offline_the_address_and_the_place_are_named_and_a_file_that_was_put_there_is_used(tmp_path):
    nowhere = ReleaseSite("http://127.0.0.1:9/{version}", "http://127.0.0.1:9/{version}/{name}")
    with pytest.raises(EnvironmentProblem) as problem:
        find_server("arm64-v8a", tmp_path, site=nowhere)
    assert f"http://127.0.0.1:9/{frida.__version__}/{NAME}" in str(problem.value)
    assert str(tmp_path) in str(problem.value)
    (tmp_path / NAME).write_bytes(lzma.compress(ARM64))
    assert find_server("arm64-v8a", tmp_path, site=nowhere).read_bytes() == ARM64


def test_the_default_addresses_are_those_of_the_official_releases():
    site = ReleaseSite()
    assert site.files.format(version="17.2.0", name=server_name("17.2.0", "x86_64")) == (
        "https://github.com/frida/frida/releases/download/17.2.0/frida-server-17.2.0-android-x86_64.xz"
    )
    assert site.index.startswith("https://api.github.com/repos/frida/frida/releases/")


def test_a_named_file_is_used_packed_or_not(tmp_path):
    plain, packed = tmp_path / "server", tmp_path / "server.xz"
    plain.write_bytes(ARM64)
    packed.write_bytes(lzma.compress(ARM64))
    assert find_server("arm64-v8a", tmp_path / "cache", plain) == plain
    assert find_server("arm64-v8a", tmp_path / "cache", packed).read_bytes() == ARM64


def test_a_named_file_for_another_machine_a_torn_one_and_none_are_refused(tmp_path):
    named = tmp_path / "server"
    named.write_bytes(X86)
    with pytest.raises(EnvironmentProblem, match="is for x86_64, the device needs arm64"):
        find_server("arm64-v8a", tmp_path, named)
    named.write_bytes(lzma.compress(ARM64)[:-20])
    with pytest.raises(EnvironmentProblem, match="cannot be read"):
        find_server("arm64-v8a", tmp_path, named)
    with pytest.raises(EnvironmentProblem, match="cannot be read"):
        find_server("arm64-v8a", tmp_path, tmp_path / "missing")
    with pytest.raises(EnvironmentProblem, match="ABI mips"):
        find_server("mips", tmp_path)
