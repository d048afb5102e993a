"""Who acts in a seeded app: the app itself or an SDK, with classes of its own; and the Java source of its deeds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from seeds.encodings import BY_NAME, VALUE_ENCODINGS, WRAPS, Encoding
from seeds.names import class_name, word
from seeds.reads import MORE, READS, Read
from seeds.wire import BASE64, DIGESTS, PINNED, STREAMING, WIRE

CREATE, THREAD, EXECUTOR, HANDLER, ACTIVITY, REMOTE, ACCEPTED, REFUSED, ANSWERED = (
    "create", "thread", "executor", "handler", "activity", "remote", "accepted", "refused", "answered",
)  # fmt: skip
MAIN_THREAD = (CREATE, HANDLER, ACTIVITY)
BODY_STYLES = ("json", "json", "nested", "form", "multipart", "proto", "array")
SCHEMES = ("https", "https", "https", "https", "http")
TAKEN = ("body", "body", "body", "query", "header", "cookie", "path", "message")


@dataclass(frozen=True)
class Deed:
    """Something an actor does at one moment: reads, then sends of what was read."""

    name: str
    moment: str
    java: str
    needs_worker: bool


@dataclass
class Actor:
    """The app or an SDK: `prefix` is what the truth log calls it, `inner` the package of its classes."""

    prefix: str
    inner: str
    entry: str
    collector: str
    wire: str
    hosts: tuple[str, ...]
    pinned: str = ""
    deeds: list[Deed] = field(default_factory=list)
    taken: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)

    def at(self, *moments: str) -> list[Deed]:
        """Give the deeds of some moments."""
        return [deed for deed in self.deeds if deed.moment in moments]


def make_actor(random: Random, prefix: str, inner: str, maker_host: str) -> Actor:
    """Invent an actor with its classes and hosts."""
    top = random.choice(("example", "test"))
    hosts = tuple(
        f"{random.choice(('api', 'log', 'c', 'dc', 'up'))}{n or ''}.{maker_host}.{top}"
        for n in range(random.randint(1, 2))
    )
    names: list[str] = []
    while len(names) < 3:
        name = (
            class_name(random) if "." not in inner or len(inner.rpartition(".")[2]) > 1 else random.choice("abdegkmnpq")
        )
        if name not in names:
            names.append(name)
    entry = class_name(random) if names[0] == names[0].lower() else names[0]
    return Actor(prefix, inner, entry + "Entry", names[1], names[2] + "W", hosts)


def wire_source(random: Random, actor: Actor) -> str:
    """Write the actor's own network library."""
    key = "".join(random.choice("0123456789abcdefghjkmnp") for _ in range(16))
    return WIRE.format(
        package=actor.inner, name=actor.wire, salt=word(random, 3), key=key, base64=random.choice(BASE64),
        digest=random.choice(DIGESTS), streaming=random.choice(STREAMING), pinned=PINNED if actor.pinned else "",
    )  # fmt: skip


def read_source(read: Read, sdk: str) -> str:
    """Write the method that reads, and notes in the truth log what it was given."""
    api, kind = f'"{read.api}"', f'"{read.data_type}"'
    refused = ""
    if read.refused_by:
        api, kind = f'no ? "{read.refused_by}" : {api}', f'no ? "loc.wifi_current" : {kind}'
        refused = "}} catch (SecurityException e) {{\n            no = true;\n        ".replace("{{", "{").replace(
            "}}", "}"
        )
    return f"""
    static String {read.name}(android.content.Context c) {{
        String v = null;
        boolean no = false;
        try {{
            v = raw{read.name}(c);
            if (v != null && (v.isEmpty() || v.equals("02:00:00:00:00:00") || v.equals("unknown"))) {{ v = null; }}
        {refused}}} catch (Exception e) {{
            android.util.Log.d("x", "no " + e.getClass());
        }}
        lab.truth.Truth.read({api}, {kind}, v, "{sdk}");
        return v;
    }}

    private static String raw{read.name}(android.content.Context c) throws Exception {{
        {read.body}
    }}
"""


def hand_over(random: Random, friend: Actor, tag: str, read: Read) -> str:
    """Give an SDK a method that sends what somebody else has read, and name it."""
    name = f"take{tag}"
    friend.taken[name] = send_source(random, friend, [("v0", read)])
    return name


def make_deed(
    random: Random,
    actor: Actor,
    number: int,
    moment: str,
    friend: Actor | None = None,
    choice: Sequence[Read] = READS,
) -> Deed:
    """Invent one deed: one to four reads, none to three sends."""
    worker = moment not in MAIN_THREAD
    able = [read for read in choice if worker or not read.worker_only]
    reads = random.sample(able, random.randint(1, 4))
    lines = [f"String v{at} = {actor.collector}.{read.name}(c);" for at, read in enumerate(reads)]
    values = [(f"v{at}", read) for at, read in enumerate(reads) if read.sendable]
    sends = random.choice((0, 1, 1, 2, 3)) if values else 0
    lines.extend(send_source(random, actor, values) for _ in range(sends))
    if friend is not None and values and random.random() < 0.5:
        var, read = random.choice(values)
        lines.append(
            f"{friend.inner}.{friend.collector}.{hand_over(random, friend, f'{actor.collector}{number}', read)}(c, {var});"
        )
    if random.random() < 0.4:
        lines.append(decoy_source(random, actor, actor.hosts))
    return Deed(f"d{number}", moment, "\n        ".join(lines), any(read.worker_only for read in reads))


def make_pinned_deed(actor: Actor, number: int) -> Deed:
    """Write a send to a host that trusts its own certificate only, so that no proxy reads it."""
    java = f"""String v0 = {actor.collector}.androidId(c);
        {{ lab.truth.Truth.Sending s = lab.truth.Truth.sending("{actor.pinned}", "POST", "/token", "{actor.prefix}");
        s.value("body", "id.android_id", v0);
        s.done({actor.wire}.pinned("https://{actor.pinned}/token", {actor.wire}.utf("id=" + v0))); }}"""
    return Deed(f"d{number}", THREAD, java, needs_worker=True)


def send_source(random: Random, actor: Actor, values: list[tuple[str, Read]]) -> str:
    """Write one request (or WebSocket message) with some of the values."""
    carrier = random.choice(TAKEN)
    style = random.choice(BODY_STYLES)
    wrap = random.choice(tuple(WRAPS)) if carrier == "body" and random.random() < 0.6 else "none"
    if wrap != "none" and style == "multipart":
        style = "json"
    chosen = random.sample(values, random.randint(1, min(3, len(values))))
    if wrap.startswith("aes"):
        chosen = list({read.data_type: (var, read) for var, read in chosen}.values())
    if carrier in ("header", "cookie", "path"):
        chosen = [(var, read) for var, read in chosen if read.kind == "scalar"][:2]
    if carrier not in ("body", "query", "message") or style == "proto":
        chosen = [(var, read) for var, read in chosen if not read.named]
    if not chosen:
        return ""
    host = random.choice(actor.hosts)
    path = f"/{word(random, 1)}/{random.choice(('v1', 'v2', 'r', 'log'))}"
    method = (
        "GET"
        if carrier in ("query", "path", "message") or (carrier in ("header", "cookie") and random.random() < 0.5)
        else "POST"
    )
    note, fields = _fields(random, actor, chosen, carrier, WRAPS[wrap][1] if carrier == "body" else ())
    body = _decoys(random) + fields
    return (
        f"{{ java.util.Map<String, String> f = new java.util.LinkedHashMap<>();"
        f" java.util.Map<String, String> h = new java.util.LinkedHashMap<>();"
        f' lab.truth.Truth.Sending s = lab.truth.Truth.sending("{host}", "{method}", "{path}", "{actor.prefix}"); {body}{note}'
        f" s.done({_call(random, actor, host, path, method, carrier, style, wrap)}); }}"
    )


def _fields(
    random: Random, actor: Actor, chosen: list[tuple[str, Read]], carrier: str, outer: tuple[str, ...]
) -> tuple[str, str]:
    """Write the statements that put the values into the map `f` and note them in the truth log."""
    lines, used = [], set[str]()
    for var, read in chosen:
        encoding = _encoding(random, read, carrier)
        key = next((name for name in random.sample(read.fields, len(read.fields)) if name not in used), f"k{len(used)}")
        used.add(key)
        layers = "".join(f', "{layer}"' for layer in (*outer, *encoding.layers))
        dressed = re.sub(r"\bv\b", var, encoding.expression).replace("W.", f"{actor.wire}.")
        put = f'f.put("{key}", {dressed});'
        if read.kind == "place" and encoding.name == "plain" and carrier in ("body", "query"):
            lat, lon = random.choice((("lat", "lng"), ("latitude", "longitude"), ("x0", "y0")))
            put = f'f.put("{lat}", {var}.split(",")[0]); f.put("{lon}", {var}.split(",")[1]);'
        lines.append(f'if ({var} != null) {{ {put} s.value("{carrier}", "{read.data_type}", {var}{layers}); }}')
    return "", " ".join(lines)


def _encoding(random: Random, read: Read, carrier: str) -> Encoding:
    able = [one for one in VALUE_ENCODINGS if read.kind == "scalar" or one.for_lists]
    if read.named:
        able = [one for one in able if one.for_lists and "aes" not in one.layers]
    if carrier in ("path", "header", "cookie"):
        able = [
            one
            for one in able
            if not (one.name == "plain" and read.data_type in ("misc.clipboard", "loc.wifi_current"))
        ]
        able = [one for one in able if "base64" not in one.layers or carrier != "path"]
    return BY_NAME["plain"] if random.random() < 0.35 and BY_NAME["plain"] in able else random.choice(able)


def _call(random: Random, actor: Actor, host: str, path: str, method: str, carrier: str, style: str, wrap: str) -> str:
    """Write the expression that sends the map `f` and says whether it got through."""
    wire, send = actor.wire, random.choice(("old", "old", "fresh", "async"))
    address = f'"{random.choice(SCHEMES)}://{host}{path}"'
    if carrier == "message":
        text = f"{wire}.json(f, false)" if style != "form" else f"{wire}.form(f)"
        return f'{wire}.talk("wss://{host}{path}", {text})'
    if carrier == "query":
        return f'{wire}.{send}("{method}", {address} + "?" + {wire}.form(f), h, null)'
    if carrier == "path":
        joined = f'{address} + "/" + {wire}.url(String.join("/", f.values())).replace("%2F", "/")'
        return f'{wire}.{send}("{method}", {joined}, h, null)'
    empty = "null" if method == "GET" else f'{wire}.utf("{{}}")'
    if carrier == "header":
        return f'put(h, f, "X-"){_AND}{wire}.{send}("{method}", {address}, h, {empty})'
    if carrier == "cookie":
        return f'cookie(h, f){_AND}{wire}.{send}("{method}", {address}, h, {empty})'
    made, kind = _body(actor, style)
    coded = (
        WRAPS[wrap][0].replace("W.", f"{wire}.").replace("b", "B", 1) if wrap == "none" else _wrapped(wire, wrap, made)
    )
    if wrap == "none":
        coded = made
    headers = f'typed(h, "{kind}", {"true" if wrap == "gzip" else "false"})'
    return f'{headers}{_AND}{wire}.{send}("POST", {address}, h, {coded})'


_AND = " && "


def _wrapped(wire: str, wrap: str, made: str) -> str:
    expression = WRAPS[wrap][0].replace("W.", f"{wire}.")
    return expression.replace("(b)", f"({made})").replace(", b)", f", {made})")


def _body(actor: Actor, style: str) -> tuple[str, str]:
    wire = actor.wire
    return {
        "json": (f"{wire}.utf({wire}.json(f, false))", "application/json"),
        "nested": (f"{wire}.utf({wire}.json(f, true))", "application/json; charset=utf-8"),
        "form": (f"{wire}.utf({wire}.form(f))", "application/x-www-form-urlencoded"),
        "multipart": (f'{wire}.multipart(f, "----x7Ma4YWxk")', "multipart/form-data; boundary=----x7Ma4YWxk"),
        "proto": (f"{wire}.proto(f)", "application/x-protobuf"),
        "array": (f'{wire}.utf("[" + {wire}.json(f, false) + ",{{}}]")', "text/plain"),
    }[style]


def _decoys(random: Random) -> str:
    """Write what must not be reported: times, numbers and texts that only look like personal data."""
    number = "".join(random.choice("0123456789") for _ in range(15))
    made = {
        "ts": '"" + System.currentTimeMillis()',
        "order_no": f'"2026{number}"',
        "request": "java.util.UUID.randomUUID().toString()",
        "seq": f'"{number}"',
        "ver": '"8c7dd922ad47494fc02c388e12c00eac"',
        "build_id": f'"{random.getrandbits(64):016x}"',
        "theme": '"Pixel-9-Pro-XL"',
        "imei_ok": '"true"',
        "part_no": '"V2055A"',
        "imei": f'"{number[:14]}{_wrong_digit(number[:14])}"',
        "shop_tel": '"400-800-8820"',
        "note": '"用户反馈：天气不错，谢谢"',
        "lesson": '"zh-CN"',
        "price": '"31.20"',
    }
    picked = random.sample(sorted(made), random.randint(0, 4))
    return " ".join(f'f.put("{key}", {made[key]});' for key in picked) + " "


def _wrong_digit(digits: str) -> str:
    """Give a check digit that is not the right one: the number is no IMEI whatever its field says."""
    total = sum(int(one) if at % 2 == 0 else sum(divmod(2 * int(one), 10)) for at, one in enumerate(digits))
    return str((-total + 3) % 10)


def decoy_source(random: Random, actor: Actor, hosts: tuple[str, ...]) -> str:
    """Write a request that carries nothing personal."""
    host = random.choice(hosts)
    return (
        f"{{ java.util.Map<String, String> f = new java.util.LinkedHashMap<>(); java.util.Map<String, String> h ="
        f" new java.util.LinkedHashMap<>(); {_decoys(random)}"
        f'{actor.wire}.{random.choice(("old", "fresh"))}("POST", "https://{host}/config", h, {actor.wire}.utf({actor.wire}.json(f, false))); }}'
    )


TOOLS = """
    private static boolean put(java.util.Map<String, String> h, java.util.Map<String, String> f, String prefix) {
        f.forEach((key, value) -> { if (value.chars().allMatch(one -> one > 31 && one < 127)) { h.put(prefix + key.replace('_', '-'), value); } });
        return true;
    }

    private static boolean cookie(java.util.Map<String, String> h, java.util.Map<String, String> f) {
        StringBuilder text = new StringBuilder();
        f.forEach((key, value) -> { if (value.chars().allMatch(one -> one > 31 && one < 127 && one != ';')) { text.append(text.length() > 0 ? "; " : "").append(key).append('=').append(value); } });
        if (text.length() > 0) { h.put("Cookie", text.toString()); }
        return true;
    }

    private static boolean typed(java.util.Map<String, String> h, String kind, boolean zipped) {
        h.put("Content-Type", kind);
        if (zipped) { h.put("Content-Encoding", "gzip"); }
        return true;
    }
"""


def collector_source(actor: Actor) -> str:
    """Write the class that reads and sends."""
    needed = [read for read in (*READS, *MORE) if any(f".{read.name}(c)" in deed.java for deed in actor.deeds)]
    reads = "".join(read_source(read, actor.prefix) for read in needed)
    deeds = "".join(
        f"\n    public static void {deed.name}(android.content.Context c) {{\n        try {{\n        {deed.java}\n        }} catch (Exception e)"
        f' {{\n            android.util.Log.e("x", "failed", e);\n            throw new IllegalStateException(e);\n        }}\n    }}\n'
        for deed in actor.deeds
    )
    taken = "".join(
        f"\n    public static void {name}(android.content.Context c, String v0) {{\n        try {{\n        {java}\n"
        "        } catch (Exception e) {\n            throw new IllegalStateException(e);\n        }\n    }\n"
        for name, java in actor.taken.items()
    )
    return f"package {actor.inner};\n\npublic final class {actor.collector} {{\n{reads}{deeds}{taken}{TOOLS}}}\n"


def entry_source(actor: Actor) -> str:
    """Write the public face of an actor: what the app calls at each moment."""
    at = {
        "init": "".join(_run(actor, deed) for deed in actor.at(CREATE, THREAD, EXECUTOR, HANDLER)),
        "shown": "".join(_run(actor, deed) for deed in actor.at(ACTIVITY)),
        "remote": "".join(_run(actor, deed) for deed in actor.at(REMOTE)),
        "agreed": "".join(_run(actor, deed) for deed in actor.at(ACCEPTED)),
        "declined": "".join(_run(actor, deed) for deed in actor.at(REFUSED)),
    }
    if actor.at(ANSWERED):
        at["answered"] = "".join(_run(actor, deed) for deed in actor.at(ANSWERED))
    methods = "".join(
        f"    public static void {name}(android.content.Context c) {{\n{body}    }}\n\n" for name, body in at.items()
    )
    return f"package {actor.prefix};\n\nimport {actor.inner}.{actor.collector};\n\npublic final class {actor.entry} {{\n{methods}}}\n".replace(
        f"import {actor.prefix}.{actor.collector};\n", ""
    )


def _run(actor: Actor, deed: Deed) -> str:
    call = f"{actor.collector}.{deed.name}(c)"
    if deed.moment in (CREATE, ACTIVITY):
        return f"        {call};\n"
    if deed.moment == HANDLER:
        return f"        new android.os.Handler(android.os.Looper.getMainLooper()).post(() -> {call});\n"
    if deed.moment == EXECUTOR:
        return f"        java.util.concurrent.Executors.newSingleThreadExecutor().execute(() -> {call});\n"
    return f'        new Thread(() -> {call}, "w-{deed.name}").start();\n'
