"""A TOML file that a person wrote → its tables, or what is wrong with the line and what to write there instead."""

import codecs
import re
import tomllib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Literal, get_args, get_origin

import msgspec

from kiosk.letters import code_page, code_page_name, foreign
from kiosk.text import _

Told = Callable[[int, str], None]  # line, what

_CURLY = re.compile("[“”„«»‘’]")
_LEADING_ZERO = re.compile(r"=\s*[+-]?0[0-9]")
_SHOWN = 60  # characters


def read(untrusted: bytes, problem: Told) -> dict[str, Any] | None:
    """The tables; None after the one problem was told that keeps the file from being read."""
    if b"\0" in untrusted or untrusted.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        problem(1, _("this is UTF-16 (“Unicode text”); save the file as UTF-8"))
        return None
    try:
        text = untrusted.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = untrusted.splitlines()[untrusted[: error.start].count(b"\n")]
        page = code_page(line)
        what = _("this is text in {encoding} and not UTF-8; save the file as UTF-8. The line reads: {text}",
                 encoding=code_page_name(page), text=foreign(line.decode(page, "replace"), _SHOWN))  # fmt: skip
        problem(untrusted[: error.start].count(b"\n") + 1, what)
        return None
    try:
        return tomllib.loads(text)
    except RecursionError:
        problem(1, _("this is not TOML: too many brackets"))
    except tomllib.TOMLDecodeError as error:
        lines = text.splitlines() or [""]
        place = re.search(r"at line ([0-9]+)", str(error))
        number = min(int(place[1]), len(lines)) if place else len(lines)
        problem(number, _remedy(lines[number - 1]))
    return None


def _remedy(line: str) -> str:
    line = line.partition("#")[0]
    shown = line.strip()[:_SHOWN]
    if _CURLY.search(line):
        return _('the quotes of “{line}” are curly ones; write straight ones: "', line=shown)
    if _LEADING_ZERO.search(line):
        return _("the number of “{line}” begins with 0; write it without", line=shown)
    return _("“{line}” cannot be read; write key = value, text between straight quotes, and close each bracket",
             line=shown)  # fmt: skip


def line_of(untrusted: bytes, key: str, table: str = "", nth: int = 0) -> int:
    """The line on which `key` is set, in the `nth` block `[[table]]` if one is named; the block's own line, else 1,
    where it is set nowhere."""
    at, seen = 1, -1
    for number, line in enumerate(untrusted.decode("utf-8", "replace").splitlines(), 1):
        bare = line.strip()
        if bare.startswith("["):
            seen += bare.strip("[] ") == table
            if bare.strip("[] ") == table and seen == nth:
                at = number
        elif bare.partition("=")[0].strip() == key and (not table or seen == nth):
            return number
    return at


def line_with(untrusted: bytes, fragment: str) -> int:
    """The first line that is not a comment and holds `fragment`, 1 if none does."""
    for number, line in enumerate(untrusted.decode("utf-8", "replace").splitlines(), 1):
        if fragment in line and not line.lstrip().startswith("#"):
            return number
    return 1


def check(raw: Mapping[str, Any], into: type[msgspec.Struct], problem: Callable[[str, str], None]) -> bool:
    """Whether every setting of `raw` is one of `into` and of its type; each that is not is told by its key."""
    fields = {field.name: field for field in msgspec.structs.fields(into)}
    good = True
    for key in sorted(set(raw) - set(fields)):
        problem(key, _("{key} is no setting; remove it", key=key))
        good = False
    for name, field in fields.items():
        if name not in raw:
            if field.required:
                problem(name, _("{key} is missing; add it", key=name))
                good = False
        elif isinstance(field.type, type) and issubclass(field.type, msgspec.Struct) and isinstance(raw[name], dict):
            good = check(raw[name], field.type, problem) and good
        else:
            try:
                msgspec.convert({name: raw[name]}, _only(name, field.type))
            except msgspec.ValidationError:
                problem(name, _("{key} must be {what}", key=name, what=_wanted(field.type)))
                good = False
    return good


def blocks(
    raw: Mapping[str, Any], untrusted: bytes, kinds: Mapping[str, type[msgspec.Struct]], problem: Told
) -> dict[str, tuple[Any, ...]] | None:
    """Of a file made of `[[kind]]` blocks: all of each kind in order, none where there is none; None after every
    problem was told at its line."""
    good = True
    for key in sorted(set(raw) - set(kinds)):
        problem(line_with(untrusted, key), _("{key} is no setting; remove it", key=key))
        good = False
    for kind, into in kinds.items():
        entries = raw.get(kind, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            problem(line_with(untrusted, kind), _("write {kind} as blocks, each below [[{kind}]]", kind=kind))
            good = False
            continue
        for nth, entry in enumerate(entries):

            def at(key: str, what: str, kind: str = kind, nth: int = nth) -> None:
                problem(line_of(untrusted, key, kind, nth), what)

            good = check(entry, into, at) and good
    return {k: msgspec.convert(raw.get(k, []), tuple[into, ...]) for k, into in kinds.items()} if good else None  # type: ignore[valid-type]


@lru_cache
def _only(name: str, type_: Any) -> type[msgspec.Struct]:
    """A struct with this one setting, so that each is checked even where another is wrong."""
    return msgspec.defstruct("Setting", [(name, type_)])


def _wanted(type_: Any) -> str:
    if get_origin(type_) is Literal:
        return _("one of: {known}", known=", ".join(f'"{one}"' for one in get_args(type_)))
    if type_ is int:
        return _("a whole number, without quotes")
    if type_ is str:
        return _("text between straight quotes")
    if get_origin(type_) is tuple:
        return _('a list in brackets, like ["ky", "ru"]')
    return _("a part of its own, with its settings below [{name}]", name=type_.__name__.lower())
