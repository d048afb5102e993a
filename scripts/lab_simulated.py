# ruff: noqa: INP001 - a script, in no package
"""Makes Java sources of `simulated.txt`: classes whose methods all answer in the same way."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

DEVICE = Path(__file__).resolve().parent.parent / "analyzer" / "capture" / "lab_device"
TABLE = "simulated.txt"
_LINE = re.compile(
    r"(?P<modifiers>(?:static |final )*)(?P<result>[\w.\[\]$]+) (?P<name>\w+)\((?P<parameters>[^)]*)\)"
    r" = (?P<type>[\w.]+|-)(?: needs (?P<permission>[\w.]+))?"
)
_OWNER = re.compile(r"(?P<kind>interface )?(?P<name>[\w.$]+)(?P<above> (?:extends|implements) (?P<parent>[\w.]+))?")
_MADE = re.compile(r"\b(?:android|androidx|com|cn|io)(?:\.[a-z]\w*)+(?:\.[A-Z]\w*)+")
_ANSWERS: Mapping[str, str] = {
    "void": "{ask};",
    "boolean": "return {there};",
    "String": "return Simulated.text({about});",
    "CharSequence": "return Simulated.text({about});",
    "byte[]": "return Simulated.bytes({about});",
    "int[]": "return {there} ? new int[] {{1}} : new int[0];",
    "double[]": "return {there} ? new double[] {{Simulated.number({about})}} : null;",
    "String[]": "return Simulated.texts({about}).toArray(new String[0]);",
    "Object[]": "return Simulated.texts({about}).toArray();",
    "Object": "return {there} ? new Simulated.Handle() : null;",
    "Iterable": "return Simulated.texts({about});",
    "java.util.List": "return Simulated.texts({about});",
    "java.util.Set": "return Simulated.map({about}).keySet();",
    "java.util.Map": "return Simulated.map({about});",
    "java.util.HashMap": "return Simulated.map({about});",
    "java.io.File": "return {there} ? new java.io.File(Simulated.text({about})) : null;",
    "java.net.InetAddress": "return Simulated.address({about});",
    "android.net.Uri": "return {there} ? android.net.Uri.parse(Simulated.text({about})) : null;",
    "android.graphics.drawable.ColorDrawable": "return {there} ? new {result}(0) : null;",
    "android.database.Cursor": 'return {there} ? new android.database.MatrixCursor(new String[] {{"value"}}) : null;',
}
_NUMBERS = frozenset({"int", "long", "double", "float"})


@dataclass
class Made:
    """A class to be made, and those inside of it."""

    methods: list[str] = field(default_factory=list)
    inner: dict[str, Made] = field(default_factory=dict)
    kind: str = "class"
    above: str = ""


def simulated_sources(sources: Path, target: Path) -> list[Path]:
    """Write a Java file into `target` for each class of the table in `sources`, and for those that it only mentions."""
    table = sources / TABLE
    made: dict[str, Made] = {}
    owner = ""
    for number, line in enumerate(table.read_text(encoding="utf-8").splitlines() if table.is_file() else (), 1):
        if line.startswith("  "):
            found = _LINE.fullmatch(line.strip())
            if found is None:
                raise ValueError(f"{table}:{number}: not a method with its data type: {line}")
            _place(made, _binary_parts(owner)).methods.append(_method(owner, found))
            for mentioned in _MADE.findall(f"{found['result']} {found['parameters']}"):
                if not _written(sources, mentioned):
                    _place(made, _source_parts(mentioned))
        elif line and not line.startswith("#"):
            owner = _begin(made, sources, line)
    return [_write(target, name, each) for name, each in sorted(made.items())]


def _begin(made: dict[str, Made], sources: Path, line: str) -> str:
    """Make room for the class or interface that a line begins, and for what is above it; give its name."""
    found = _OWNER.fullmatch(line)
    if found is None:
        raise ValueError(f"{TABLE}: not a class: {line}")
    place = _place(made, _binary_parts(found["name"]))
    place.kind, place.above = "interface" if found["kind"] else "class", found["above"] or ""
    if found["parent"] and not _written(sources, found["parent"]):
        _place(made, _source_parts(found["parent"]))
    return found["name"]


def _written(sources: Path, name: str) -> bool:
    """Say whether a class has a source of its own here, or is there on the lab device."""
    package, top, *_ = _source_parts(name)
    if (sources / Path(*package.split("."), f"{top}.java")).is_file():
        return True
    return sources != DEVICE / "src" and f"{package.replace('.', '/')}/{top}.class" in _device_classes()


@cache
def _device_classes() -> frozenset[str]:
    return frozenset(zipfile.ZipFile(DEVICE / "lab.jar").namelist())


def _place(made: dict[str, Made], parts: list[str]) -> Made:
    package, top, *inner = parts
    place = made.setdefault(f"{package}.{top}", Made())
    for one in inner:
        place = place.inner.setdefault(one, Made())
    return place


def _binary_parts(name: str) -> list[str]:
    """Split a name such as `a.B$C` into its package, its class and the classes inside; packages may be capitalised."""
    package, _, classes = name.rpartition(".")
    return [package, *classes.split("$")]


def _source_parts(name: str) -> list[str]:
    """Split a name as Java writes it, such as `a.B.C`, in the same way."""
    words = name.split(".")
    first = next(at for at, word in enumerate(words) if word[0].isupper())
    return [".".join(words[:first]), *words[first:]]


def _method(owner: str, found: re.Match[str]) -> str:
    what = f"{owner.rsplit('.', 1)[-1]}.{found['name']}"
    permission = found["permission"] or ""
    about = f'"{what}", "{found["type"]}", "{permission}"'
    result = found["result"]
    parts = {
        "ask": f'Simulated.ask("{what}", "{permission}")',
        "there": f"Simulated.there({about})",
        "about": about,
        "result": result,
    }
    if result in _NUMBERS:
        body = f"return ({result}) Simulated.number({about});"
    elif result in _ANSWERS:
        body = _ANSWERS[result].format(**parts)
    elif result.endswith("[]"):
        kind = result.removesuffix("[]")
        body = f"return {parts['there']} ? new {result} {{ new {kind}() }} : new {kind}[0];"
    else:
        body = f"return {parts['there']} ? new {result}() : null;"
    return f"public {found['modifiers']}{result} {found['name']}({found['parameters']}) {{ {body} }}"


def _write(target: Path, name: str, made: Made) -> Path:
    package, top = name.rsplit(".", 1)
    path = target / Path(*package.split(".")) / f"{top}.java"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"package {package};", "import lab.runtime.Simulated;", *_class(top, made, "")]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _class(name: str, made: Made, kind: str) -> list[str]:
    inside = [line for inner, each in made.inner.items() for line in _class(inner, each, "static ")]
    return [f"public {kind}{made.kind} {name}{made.above} {{", *made.methods, *inside, "}"]
