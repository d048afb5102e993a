"""What Java clients say over connections that the proxy does not read: a real JVM, a real proxy, real servers."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from agent_rig import NEEDS_JVM, command
from proxy_rig import lab_rig
from tap_rig import LEFT, Tapped

from analyzer.capture.agent_config import TAPPED
from analyzer.capture.tap_messages import TapOpened
from analyzer.model.vocabulary import GapKind, Owner

MOST = 250_000
IMEI = b'{"imei":"490154203237518"}'


@pytest.fixture(scope="module")
def java(tmp_path_factory, bundle) -> Tapped:
    with pytest.MonkeyPatch.context() as patch, lab_rig(tmp_path_factory.mktemp("java"), untouched=(LEFT,)) as rig:
        patch.setitem(TAPPED, "connection", MOST)
        return Tapped(rig, bundle, command("Tapped", str(rig.port), "300000", LEFT, "read.example"))


@NEEDS_JVM[1]
@NEEDS_JVM[0]
def test_what_a_pinned_java_client_says_is_read_inside_it(java):
    found = java.requests(LEFT)[:2]
    assert [(one.method, one.target, one.body.size) for one in found] == [
        ("POST", "/one", len(IMEI)),
        ("POST", "/two", len(IMEI)),
    ]
    assert found[0].body.data == IMEI
    assert {(one.tapped, one.owner, one.scheme, one.port, one.source) for one in found} == {
        (True, Owner.APP, "https", 443, "tap")
    }
    assert [java.answer(one).body.data for one in found] == [
        line.split(" ", 2)[2].encode() for line in java.lines if line.startswith(LEFT)
    ]
    assert java.gaps == []


@NEEDS_JVM[1]
@NEEDS_JVM[0]
def test_a_connection_that_brings_too_much_is_cut_and_said_and_its_answer_is_read(java):
    large = java.requests(LEFT)[2]
    assert (large.target, large.body.truncated) == ("/large", True)
    assert 0 < MOST - large.body.size < 1000  # the head counts too
    assert java.answer(large).body.data == b'{"ok": true, "received": 300000}'
    assert [one.kind for one in java.told] == [GapKind.TRAFFIC_OPAQUE, GapKind.BODY_TRUNCATED]
    assert java.told[0].subject == LEFT
    assert f"more than is kept of one direction of a connection ({MOST} bytes)" in java.told[0].why


@NEEDS_JVM[1]
@NEEDS_JVM[0]
def test_each_exchange_names_its_unread_connection_and_a_read_one_is_told_once(java):
    tunnels = java.tunnels()
    assert {one.host for one in tunnels.values()} == {LEFT}
    assert {one.peer.client_random for one in java.requests(LEFT)} == set(tunnels)
    assert [(one.target, one.tapped) for one in java.requests("read.example")] == [("/one", False), ("/two", False)]
    assert sum(one.host == "read.example" for one in java.tapped if isinstance(one, TapOpened)) > 0


@NEEDS_JVM[1]
@NEEDS_JVM[0]
def test_the_call_that_sends_the_first_bytes_is_told_with_its_stack_and_its_socket(java):
    events = [one for one in java.events if one.hook == "tap.jvm_sent"]
    assert len(events) == sum(isinstance(one, TapOpened) for one in java.tapped)
    first = events[0]
    said = {name: value.text for name, value in first.this.fields}
    assert said["host"] == LEFT
    assert int(said["local_port"]) == java.requests(LEFT)[0].peer.client_port
    assert any("program.Tapped.post" in frame for frame in java.stacks[first.stack])
    assert first.stamp.mono_us <= java.requests(LEFT)[0].stamp.mono_us


BENEATH = """
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
void *TLS_client_method (void); void *SSL_CTX_new (void *); void *SSL_new (void *); void SSL_free (void *);
int SSL_set_fd (void *, int); long SSL_ctrl (void *, int, long, void *); int SSL_connect (void *);
int SSL_write (void *, const void *, int); int SSL_read (void *, void *, int);
long Java_org_conscrypt_NativeCrypto_open (void *env, void *type, int port)
{
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons (port) };
  char answer[4096];
  int fd = socket (AF_INET, SOCK_STREAM, 0);
  void *ssl = SSL_new (SSL_CTX_new (TLS_client_method ()));
  to.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  if (connect (fd, (void *) &to, sizeof to)) return 0;
  dprintf (fd, "CONNECT left.example:443 HTTP/1.1\\r\\n\\r\\n");
  if (read (fd, answer, sizeof answer) <= 0) return 0;
  SSL_set_fd (ssl, fd);
  SSL_ctrl (ssl, 55, 0, "left.example");
  return SSL_connect (ssl) == 1 ? (long) ssl : 0;
}
int Java_org_conscrypt_NativeCrypto_send (void *env, void *type, long ssl, long data, int size)
{ return SSL_write ((void *) ssl, (void *) data, size); }
int Java_org_conscrypt_NativeCrypto_receive (void *env, void *type, long ssl, long room, int size)
{ return SSL_read ((void *) ssl, (void *) room, size); }
void Java_org_conscrypt_NativeCrypto_free (void *env, void *type, long ssl) { SSL_free ((void *) ssl); }
"""


@pytest.fixture(scope="module")
def layered(tmp_path_factory, bundle) -> Tapped:
    if shutil.which("gcc") is None:
        assert not os.environ.get("CI")
        pytest.skip("this needs a compiler of C: apt-get install gcc libc6-dev")
    folder = tmp_path_factory.mktemp("layered")
    source, library = folder / "beneath.c", folder / "libbeneath.so"
    source.write_text(BENEATH)
    subprocess.run(["gcc", "-shared", "-fPIC", "-w", "-o", library, source, "-l:libssl.so.3"], check=True)
    # As behind a device's address translation: the proxy does not see from which port the app connects.
    with lab_rig(folder, untouched=(LEFT,), clients=Owner.UNKNOWN) as rig:
        return Tapped(rig, bundle, command("Layered", str(library), str(rig.port)))


@pytest.mark.long
@NEEDS_JVM[1]
@NEEDS_JVM[0]
def test_streams_like_conscrypts_and_the_library_beneath_them_tell_the_same_bytes_once(layered):
    assert layered.lines == ['{"ok": true, "received": 37}'] * 2
    opened = [one for one in layered.tapped if isinstance(one, TapOpened)]
    through = "org.conscrypt.ConscryptFileDescriptorSocket"
    assert [(one.host, one.through, one.local_port) for one in opened] == [(LEFT, through, 0)] * 2
    asked = layered.requests(LEFT)
    assert [one.body.data for one in asked] == [b'{"imei":"490154203237518","number":%d}' % one for one in (0, 1)]
    assert [layered.answer(one).body.data for one in asked] == [line.encode() for line in layered.lines]
    assert [one.random for one in opened] == [one.peer.client_random for one in asked] == list(layered.tunnels())
    assert {one.peer.client_port for one in asked} == {0}
    assert [one.hook for one in layered.events] == ["tap.conscrypt_sent"] * 2
    assert layered.gaps == layered.told == []
