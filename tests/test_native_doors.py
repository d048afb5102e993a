"""What native code asks of the kernel and of other programs: route sockets, and programs that a process becomes."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
import subprocess
import sys

import pytest
from agent_rig import NEEDS_JVM, Observed

from analyzer.capture.agent_build import build_agent
from analyzer.capture.lab_java import find_java
from analyzer.model.evidence import Event
from analyzer.model.vocabulary import Ending
from analyzer.packs.catalog import load_catalog

pytestmark = [*NEEDS_JVM]
# A process of native code that creates the VM: before, nothing that it does is an app's.
HOST = """
import ctypes, json, os, socket, struct, sys
class Arguments(ctypes.Structure):
    _fields_ = [("version", ctypes.c_int), ("count", ctypes.c_int), ("options", ctypes.c_void_p), ("l", ctypes.c_bool)]
vm, env = ctypes.c_void_p(), ctypes.c_void_p()
arguments = Arguments(0x10006, 0, None, False)
create = ctypes.CDLL(sys.argv[1]).JNI_CreateJavaVM
assert create(ctypes.byref(vm), ctypes.byref(env), ctypes.byref(arguments)) == 0

def ask(kind, fixed, wanted, by_message):
    found = []
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as route:
        request = struct.pack("=IHHII", 16 + fixed, kind, 0x301, 1, 0) + bytes(fixed)
        route.sendmsg([request]) if by_message else route.send(request)
        while True:
            data, at = (route.recvmsg(65536)[0] if by_message else route.recv(65536)), 0
            while at < len(data):
                size, answer = struct.unpack_from("=IH", data, at)
                if answer == 3:
                    return found
                part = at + 16 + fixed
                while part + 4 <= at + size:
                    length, name = struct.unpack_from("=HH", data, part)
                    if name == wanted and length in (8, 10):
                        found.append(data[part + 4:part + length])
                    part += (length + 3) & ~3
                at += (size + 3) & ~3

native = ctypes.CDLL(None)
native.popen.restype = ctypes.c_void_p
native.pclose(ctypes.c_void_p(native.popen(b": getprop", b"r")))
native.openat(-100, b"/proc/net/arp", 0)
native.getifaddrs(ctypes.byref(ctypes.c_void_p()))
told = {"mac": [one.hex(":") for one in ask(18, 16, 1, False)]}
told["ip"] = [socket.inet_ntoa(one) for one in ask(22, 8, 1, True)]
socket.getaddrinfo("localhost", 80)
if os.fork() == 0:
    os.execv("/bin/sh", ["sh", "-c", ": getprop ro.serialno"])
os.wait()
os.waitpid(os.posix_spawn("/bin/sh", ["sh", "-c", ": pm list packages"], {}), 0)
os.waitpid(os.posix_spawn("/bin/sh", ["sh", "-c", ": nothing of interest"], {}), 0)
os.system(": ifconfig")
print(json.dumps(told), flush=True)
ctypes.CDLL(None).usleep(300000)
ctypes.CDLL(None)._exit(0)
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory) -> Observed:
    bundle = build_agent(tmp_path_factory.mktemp("agent")).source
    natives = [hook for hook in load_catalog().hooks.values() if hook.family == "native"]
    library = find_java().home / "lib" / "server" / "libjvm.so"
    return Observed(bundle, natives, [sys.executable, "-I", "-c", HOST, str(library)])


def of(run: Observed, hook: str) -> list[Event]:
    return [event for event in run.events if event.hook == hook]


def parts(event: Event, name: str) -> list[str]:
    items = event.result.items if event.result else ()
    return [part.text for item in items for each, part in item.fields if each == name]


def test_what_a_route_socket_was_asked_and_answered_is_told_as_the_program_read_it(seen):
    told = json.loads(seen.lines[-1])
    links, addresses = of(seen, "native.netlink")
    assert (links.arguments[0].text, addresses.arguments[0].text) == ("RTM_GETLINK", "RTM_GETADDR")
    assert parts(links, "mac") == told["mac"]
    assert told["ip"]
    assert [one for one in parts(addresses, "ip") if ":" not in one] == told["ip"]
    assert {links.ending, addresses.ending} == {Ending.RETURNED}


def test_files_commands_and_interfaces_are_told_whichever_function_asks(seen):
    assert [event.arguments[0].text for event in of(seen, "native.popen")] == [": getprop"]
    assert [event.arguments[-1].text for event in of(seen, "native.openat")] == ["/proc/net/arp"]
    (listed,) = of(seen, "native.interfaces")
    assert "127.0.0.1" in parts(listed, "ip")


def test_what_the_c_library_asks_to_resolve_a_name_is_not_the_apps(seen):
    assert len(of(seen, "native.netlink")) == 2


def test_a_program_is_told_in_the_child_of_a_fork_and_by_posix_spawn_and_one_of_a_command_once(seen):
    ran = [event.arguments[0].text for event in of(seen, "native.execve")]
    assert ran == ["/bin/sh -c : getprop ro.serialno", "/bin/sh -c : pm list packages"]
    assert [event.arguments[0].text for event in of(seen, "native.system")] == [": ifconfig"]
    assert seen.gaps == []


CRYPTO = """
import ctypes, sys
class Arguments(ctypes.Structure):
    _fields_ = [("version", ctypes.c_int), ("count", ctypes.c_int), ("options", ctypes.c_void_p), ("l", ctypes.c_bool)]
vm, env = ctypes.c_void_p(), ctypes.c_void_p()
arguments = Arguments(0x10006, 0, None, False)
assert ctypes.CDLL(sys.argv[1]).JNI_CreateJavaVM(ctypes.byref(vm), ctypes.byref(env), ctypes.byref(arguments)) == 0
import ssl
path = next(line.split()[-1] for line in open("/proc/self/maps") if "libcrypto" in line)
library, said = ctypes.CDLL(path), b"490154203237518"
length, room, context = ctypes.c_size_t(len(said)), ctypes.create_string_buffer(64), ctypes.create_string_buffer(300)
for name in ("MD5", "SHA1", "SHA256", "SHA512"):
    getattr(library, name)(said, length, room)
    getattr(library, name + "_Init")(context)
    for part in (said[:7], said[7:]):
        getattr(library, name + "_Update")(context, part, ctypes.c_size_t(len(part)))
    getattr(library, name + "_Final")(room, context)
key, out = ctypes.create_string_buffer(300), ctypes.create_string_buffer(16)
library.AES_set_encrypt_key(b"k" * 16, 128, key)
library.AES_cbc_encrypt(said.ljust(16, b"."), out, ctypes.c_size_t(16), key, ctypes.create_string_buffer(16), 1)
told = [out.raw.hex()]
library.AES_ecb_encrypt(said.ljust(16, b"-"), out, key, 1)
told.append(out.raw.hex())
library.AES_ecb_encrypt(out.raw, room, key, 0)
library.AES_encrypt(said.ljust(16, b"+"), out, key)
told.append(out.raw.hex())
for name in ("sha1", "sha256", "aes_128_cbc", "aes_256_gcm", "MD_CTX_new", "CIPHER_CTX_new"):
    getattr(library, "EVP_" + name).restype = ctypes.c_void_p
library.HMAC.restype = ctypes.c_void_p
pointer = ctypes.c_void_p
size = ctypes.c_uint()
library.EVP_Digest(said, length, room, ctypes.byref(size), pointer(library.EVP_sha1()), None)
hashed, copied = pointer(library.EVP_MD_CTX_new()), pointer(library.EVP_MD_CTX_new())
library.EVP_DigestInit_ex(hashed, pointer(library.EVP_sha256()), None)
library.EVP_DigestUpdate(hashed, b"salt", ctypes.c_size_t(4))
library.EVP_MD_CTX_copy_ex(copied, hashed)
for each in (hashed, copied):
    library.EVP_DigestUpdate(each, said, length)
library.EVP_DigestFinal_ex(hashed, room, None)
library.EVP_DigestFinal(copied, room, None)
library.HMAC(pointer(library.EVP_sha256()), b"key", 3, said, length, room, ctypes.byref(size))
sealed, made, wide = pointer(library.EVP_CIPHER_CTX_new()), b"", ctypes.create_string_buffer(64)
library.EVP_EncryptInit_ex(sealed, pointer(library.EVP_aes_128_cbc()), None, b"k" * 16, b"i" * 16)
for part in (said, b" and more of the same"):
    library.EVP_EncryptUpdate(sealed, wide, ctypes.byref(size), part, len(part))
    made += wide.raw[:size.value]
library.EVP_EncryptFinal_ex(sealed, wide, ctypes.byref(size))
made += wide.raw[:size.value]
told.append(made.hex())
library.EVP_EncryptInit_ex(sealed, pointer(library.EVP_aes_256_gcm()), None, b"k" * 32, b"i" * 12)
library.EVP_EncryptUpdate(sealed, None, ctypes.byref(size), b"not secret", 10)
library.EVP_EncryptUpdate(sealed, wide, ctypes.byref(size), said, len(said))
told.append(wide.raw[:size.value].hex())
library.EVP_EncryptFinal_ex(sealed, wide, ctypes.byref(size))
print(*told, flush=True)
ctypes.CDLL(None)._exit(0)
"""


def test_digests_and_ciphers_of_a_native_library_are_told_with_what_went_in_and_came_out(tmp_path):
    bundle = build_agent(tmp_path / "agent").source
    hooks = [hook for hook in load_catalog().hooks.values() if hook.special == "native_crypto"]
    library = find_java().home / "lib" / "server" / "libjvm.so"
    run = Observed(bundle, hooks, [sys.executable, "-I", "-c", CRYPTO, str(library)])
    events = [(event.hook, dict(event.this.fields), event.result.data) for event in run.events]
    told = {hook: (fields["input"].data, output) for hook, fields, output in events}
    said = b"490154203237518"
    assert told["crypto.native_evp_digest_whole"] == (said, hashlib.sha1(said).digest())
    assert told["crypto.native_evp_digest"] == (b"salt" + said, hashlib.sha256(b"salt" + said).digest())
    assert told["crypto.native_hmac"] == (said, hmac.digest(b"key", said, "sha256"))
    cbc, ecb, block, evp, gcm = map(bytes.fromhex, run.lines[-1].split())
    ciphers = [one[1:] for one in events if one[0] == "crypto.native_evp_encrypt"]
    assert [(fields["input"].data, output) for fields, output in ciphers] == [
        (said + b" and more of the same", evp),
        (b"not secret" + said, gcm),
    ]
    assert [(hook, fields["algorithm"].text) for hook, fields, _ in events] == [
        ("crypto.native_md5", "MD5"),
        ("crypto.native_md5_parts", "MD5"),
        ("crypto.native_sha1", "SHA1"),
        ("crypto.native_sha1_parts", "SHA1"),
        ("crypto.native_sha256", "SHA256"),
        ("crypto.native_sha256_parts", "SHA256"),
        ("crypto.native_sha512", "SHA512"),
        ("crypto.native_sha512_parts", "SHA512"),
        ("crypto.native_aes_cbc", "AES/CBC"),
        ("crypto.native_aes_ecb", "AES/ECB"),
        ("crypto.native_aes_block", "AES/ECB"),
        ("crypto.native_evp_digest_whole", "SHA1"),
        ("crypto.native_evp_digest", "SHA256"),
        ("crypto.native_evp_digest", "SHA256"),
        ("crypto.native_hmac", "HMACSHA256"),
        ("crypto.native_evp_encrypt", "AES-128-CBC"),
        ("crypto.native_evp_encrypt", "ID-AES256-GCM"),
    ]
    for name in ("md5", "sha1", "sha256", "sha512"):
        assert told[f"crypto.native_{name}"] == told[f"crypto.native_{name}_parts"]
        assert told[f"crypto.native_{name}"] == (said, hashlib.new(name, said).digest())
    assert told["crypto.native_aes_cbc"] == (said + b".", cbc)
    assert told["crypto.native_aes_ecb"] == (said + b"-", ecb)
    assert told["crypto.native_aes_block"] == (said + b"+", block)
    assert run.gaps == []


# What only Android's C library and BoringSSL export; `get` finds and reads, as theirs does.
ANDROID = r"""
#include <stddef.h>
#include <string.h>
struct property { const char *name, *value; };
static struct property known[] = {{"ro.serialno", "HT7A1B2C3D"}, {"ro.boot.serialno", "HT7"}, {"ro.other", "x"}};
const void *__system_property_find(const char *name) {
  for (int at = 0; at < 3; at++) if (strcmp(known[at].name, name) == 0) return &known[at];
  return NULL;
}
int __system_property_read(const void *found, char *name, char *value) {
  const struct property *one = found;
  if (name) strcpy(name, one->name);
  strcpy(value, one->value);
  return strlen(value);
}
void __system_property_read_callback(
    const void *found, void (*callback)(void *, const char *, const char *, unsigned), void *cookie) {
  const struct property *one = found;
  callback(cookie, one->name, one->value, 1);
}
int __system_property_get(const char *name, char *value) {
  const void *found = __system_property_find(name);
  return found ? __system_property_read(found, NULL, value) : 0;
}
int EVP_AEAD_CTX_seal(const void *context, unsigned char *out, size_t *size, size_t most, const void *nonce,
                      size_t nonce_size, const unsigned char *in, size_t in_size, const void *more, size_t more_size) {
  if (most < in_size + 16) return 0;
  for (size_t at = 0; at < in_size; at++) out[at] = in[at] ^ 0x5a;
  memset(out + in_size, 0x77, 16);
  *size = in_size + 16;
  return 1;
}
"""
ASKED = """
import ctypes, sys
native = ctypes.CDLL(sys.argv[2], ctypes.RTLD_GLOBAL)
class Arguments(ctypes.Structure):
    _fields_ = [("version", ctypes.c_int), ("count", ctypes.c_int), ("options", ctypes.c_void_p), ("l", ctypes.c_bool)]
vm, env = ctypes.c_void_p(), ctypes.c_void_p()
arguments = Arguments(0x10006, 0, None, False)
assert ctypes.CDLL(sys.argv[1]).JNI_CreateJavaVM(ctypes.byref(vm), ctypes.byref(env), ctypes.byref(arguments)) == 0
find, value, told = native["__system_property_find"], ctypes.create_string_buffer(92), []
find.restype, got = ctypes.c_void_p, native["__system_property_get"]
for name in (b"ro.serialno", b"ro.other"):
    assert got(name, value) > 0
    told.append(value.value.decode())
callback = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_uint)
heard = callback(lambda _, name, value, number: told.append(value.decode()))
native["__system_property_read_callback"](ctypes.c_void_p(find(b"ro.boot.serialno")), heard, None)
native["__system_property_read"](ctypes.c_void_p(find(b"ro.serialno")), None, value)
assert not find(b"ro.hardware")
out, size = ctypes.create_string_buffer(64), ctypes.c_size_t()
whole = ctypes.c_size_t
for most in (64, 3):
    given = whole(most), b"n" * 12, whole(12), b"4901", whole(4), None, whole(0)
    native.EVP_AEAD_CTX_seal(None, out, ctypes.byref(size), *given)
print(*told, out.raw[:size.value].hex(), flush=True)
ctypes.CDLL(None)._exit(0)
"""


@pytest.fixture(scope="module")
def android(tmp_path_factory) -> Observed:
    if shutil.which("gcc") is None:
        assert not os.environ.get("CI")
        pytest.skip("this needs a compiler of C: apt-get install gcc libc6-dev")
    place = tmp_path_factory.mktemp("android")
    source, library = place / "a.c", place / "libandroid_like.so"
    source.write_text(ANDROID)
    subprocess.run(["gcc", "-shared", "-fPIC", "-Wl,-Bsymbolic", "-o", library, source], check=True)
    hooks = [one for one in load_catalog().hooks.values() if one.family == "native" or one.id == "crypto.native_aead"]
    jvm = find_java().home / "lib" / "server" / "libjvm.so"
    command = [sys.executable, "-I", "-c", ASKED, str(jvm), str(library)]
    return Observed(build_agent(place / "agent").source, hooks, command, LD_PRELOAD=str(library))


def test_a_system_property_is_told_once_with_its_value_however_it_is_read(android):
    assert android.lines[-1].split()[:3] == ["HT7A1B2C3D", "x", "HT7"]
    told = [event for event in android.events if event.hook.startswith("native.property")]
    assert [(event.hook, event.arguments[0].text, event.result and event.result.text) for event in told] == [
        ("native.property_get", "ro.serialno", "HT7A1B2C3D"),
        ("native.property_find", "ro.boot.serialno", ""),
        ("native.property_read", "ro.boot.serialno", "HT7"),
        ("native.property_find", "ro.serialno", ""),
        ("native.property_read_old", "ro.serialno", "HT7A1B2C3D"),
        ("native.property_find", "ro.hardware", None),
    ]
    assert [event.ending for event in told] == [*[Ending.RETURNED] * 5, Ending.THREW]
    assert android.gaps == []


def test_what_was_sealed_is_told_with_its_tag_and_what_failed_is_not(android):
    (sealed,) = (event for event in android.events if event.hook == "crypto.native_aead")
    assert dict(sealed.this.fields)["input"].data == b"4901"
    assert sealed.result.data == bytes.fromhex(android.lines[-1].split()[3])
    assert sealed.result.data.endswith(b"w" * 16)
