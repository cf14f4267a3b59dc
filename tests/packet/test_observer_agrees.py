"""The observer's page and `kiosk verify` are two readers of one format: what verify refuses, the page never calls good.

More than a thousand changed packets in a real JavaScript engine: bytes, every field of every ZIP header, and what
insiders with all keys could write and sign.
"""

import base64
import hashlib
import json
import random
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from selenium import webdriver

from kiosk import canonical
from kiosk.centre.publish.observer import page
from kiosk.journal import chain
from kiosk.packet import archive
from kiosk.packet import content as c
from kiosk.packet.nist import Source, ballots, event_log, results
from kiosk.packet.write import SOFTWARE
from kiosk.trust import keys, signing
from tests.packet.conftest import Day
from tests.packet.test_fuzz import damage
from tests.stage.browser import chromium, open_page
from tests.stage.world import HOME

browser = pytest.fixture(scope="module")(chromium)

_SIGNERS = ("station", "101-chair", "101-member-1", "101-member-2")
_ASK = """
const done = arguments[arguments.length - 1];
(async () => {
  const said = [];
  for (const text of arguments[0]) {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    try { said.push(verdictOf(await checkPacket(bytes))); } catch (error) { said.push("refused"); }
  }
  done(said);
})();
"""


def said_by_page(browser: webdriver.Chrome, packets: list[bytes]) -> list[str]:
    said: list[str] = []
    for at in range(0, len(packets), 25):
        batch = [base64.b64encode(packet).decode() for packet in packets[at : at + 25]]
        said += browser.execute_async_script(_ASK, batch)
    return said


# -- by outsiders -----------------------------------------------------------------------------------------


def damaged(day: Day, dice: random.Random) -> Iterator[bytes]:
    for _ in range(350):
        yield damage(day.packet, dice)


def bent_headers(day: Day, dice: random.Random) -> Iterator[bytes]:
    """Every field of every header, local and central and at the end, set to something else."""
    local = [(4, 2), (6, 2), (8, 2), (10, 2), (12, 2), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2)]
    central = [
        (4, 2), (6, 2), (8, 2), (10, 2), (12, 2), (14, 2), (16, 4), (20, 4), (24, 4), (28, 2), (30, 2), (32, 2),
        (34, 2), (36, 2), (38, 4), (42, 4),
    ]  # fmt: skip
    end = [(4, 2), (6, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2)]
    for magic, fields in ((b"PK\x03\x04", local), (b"PK\x01\x02", central), (b"PK\x05\x06", end)):
        at = day.packet.find(magic)
        while at >= 0:
            for field, size in fields:
                bent = bytearray(day.packet)
                old = int.from_bytes(bent[at + field : at + field + size], "little")
                new = dice.choice((old ^ 1, old + 1, 0, 8, 0xFFFF)) % (1 << 8 * size)
                bent[at + field : at + field + size] = struct.pack("<H" if size == 2 else "<I", new)
                yield bytes(bent)
            at = day.packet.find(magic, at + 1)
    yield day.packet + b"x"
    yield b"x" + day.packet
    yield day.packet[:-2] + b"\x01\x00x"


# -- by insiders ------------------------------------------------------------------------------------------


def _signed(day: Day, entries: dict[str, bytes], payload: bytes) -> bytes:
    private = [keys.signing_key(day.signers[name]) for name in _SIGNERS]
    return archive.write({**entries, c.MANIFEST: signing.sign(payload, c.MANIFEST_TYPE, private)})


def _manifest(day: Day, entries: dict[str, bytes]) -> c.Manifest:
    listed = tuple(c.file_entry(name, content) for name, content in entries.items() if name != c.MANIFEST)
    return msgspec.structs.replace(day.manifest(), entries=listed, content=c.content_hash(listed))


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield from _places(inner, (*path, key))


def _bent(value: Any, dice: random.Random) -> Any:
    """The same JSON with one place changed: another value, another type, gone, doubled, or more of it."""
    whole = json.loads(json.dumps(value))
    path = dice.choice([p for p in _places(whole) if p])
    inside = whole
    for key in path[:-1]:
        inside = inside[key]
    old = inside[path[-1]]
    others = [None, True, 0, -1, 1, 2, 10**7, 2**60, "", "x", "never", [], {}, [old], {"a": old}, [old, old]]
    if isinstance(old, int):
        others += [old + 1, str(old), -old - 1]
    if isinstance(old, str):
        others += [old + " ", old.upper(), old[::-1], old[:-1]]
    if isinstance(old, list):
        others += [old[1:], old[::-1], [*old, *old[:1]]]
    kind = dice.randrange(6)
    if kind == 0 and isinstance(inside, dict):
        del inside[path[-1]]
    elif kind == 1 and isinstance(inside, dict):
        inside["more"] = old
    else:
        inside[path[-1]] = dice.choice(others)
    return whole


def _respelled(text: bytes, dice: random.Random) -> bytes:
    """The same value, written in another way."""
    return dice.choice(
        (
            lambda: b"\xef\xbb\xbf" + text,
            lambda: text + b"\n",
            lambda: b" " + text,
            lambda: text.replace(b":1,", b":1.0,", 1),
            lambda: text.replace(b":0", b":-0", 1),
            lambda: text.replace(b'"station":', b'"station":1,"station":', 1),
            lambda: text.replace(b",", b", ", 1),
            lambda: json.dumps(json.loads(text), separators=(",", ":")).encode(),
            lambda: msgspec.json.encode(dict(reversed(json.loads(text).items()))),
            lambda: text.replace(b":2", b":2e0", 1),
        )
    )()


def _written(value: Any) -> bytes:
    try:
        return canonical.write(value)
    except TypeError:
        return json.dumps(value).encode()


def _chained(day: Day, lines: list[bytes]) -> bytes:
    """The journal's lines with every hash and every signature of the station made anew."""
    private, context = keys.signing_key(day.signers["station"]), f"{day.manifest().definition_hash} {HOME}"
    made, previous, number = [], chain.START, 0
    for line in lines:
        value = json.loads(line)
        if "checkpoint" in value:
            signature = private.sign(chain.checkpoint_bytes(context, number, previous)).hex()
            made.append(canonical.write({"checkpoint": {"seq": number, "signature": signature}}))
        else:
            number += 1
            made.append(_written({**value, "seq": number, "prev": previous}))
            previous = hashlib.sha256(made[-1]).hexdigest()
    return b"".join(line + b"\n" for line in made)


def _journal(day: Day, dice: random.Random) -> bytes:
    """Lines gone, doubled, swapped, bent or respelled, or a take-over that never was; sometimes chained anew."""
    lines = day.entries()[c.JOURNAL].splitlines()
    at, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    kind = dice.randrange(8)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(other, lines[at])
    elif kind == 2:
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == 3:
        lines[at] = _respelled(lines[at], dice)
    elif kind == 4:
        told = {"seq": 0, "at": "2025-11-30T09:00:00+06:00", "event": "taken_over", "badge": "", "fields": {"epoch": 2}}
        lines.insert(at, canonical.write({**told, "prev": chain.START}))
    elif kind == 5:
        lines = lines[:at]
    else:
        lines[at] = _written(_bent(json.loads(lines[at]), dice))
    if dice.random() < 0.6:
        with suppress(ValueError, TypeError, AttributeError):
            return _chained(day, lines)
    return b"".join(line + b"\n" for line in lines)


def _derived(entries: dict[str, bytes], made: c.Manifest) -> None:
    """What insiders would make anew, so that nothing else contradicts a protocol they changed."""
    try:
        protocol = c.from_json(entries[c.PROTOCOL], c.Protocol, c.PROTOCOL)
        source = Source(protocol, made.created, made.software)
        journal, _ = chain.from_jsonl(entries[c.JOURNAL])
        again = {
            c.RESULTS: canonical.write_record(results.report(source)),
            c.BALLOTS: canonical.write_record(ballots.report(ballots.records(entries[c.BALLOTS]), source)),
            c.EVENT_LOG: canonical.write_record(event_log.report(journal, source)),
        }
    except Exception:  # noqa: BLE001 (a protocol that nothing can be made of stays as it is)
        return
    entries.update(again)


def insiders(day: Day, dice: random.Random) -> Iterator[bytes]:
    protocol = json.loads(day.entries()[c.PROTOCOL])
    for _ in range(300):
        entries = day.entries()
        entries[c.PROTOCOL] = canonical.write(_bent(protocol, dice))
        _derived(entries, day.manifest())
        yield _signed(day, entries, c.to_json(_manifest(day, entries)))
    for _ in range(60):
        entries = day.entries()
        entries[c.PROTOCOL] = _respelled(entries[c.PROTOCOL], dice)
        yield _signed(day, entries, c.to_json(_manifest(day, entries)))
    manifest = json.loads(c.to_json(day.manifest()))
    for _ in range(150):
        yield _signed(day, day.entries(), canonical.write(_bent(manifest, dice)))
    for _ in range(60):
        yield _signed(day, day.entries(), _respelled(c.to_json(day.manifest()), dice))
    for _ in range(60):
        entries = day.entries()
        entries[c.COMPLAINTS] = canonical.write(_bent(json.loads(entries[c.COMPLAINTS]), dice))
        yield _signed(day, entries, c.to_json(_manifest(day, entries)))
    for number in range(300):
        entries = day.entries()
        entries[c.JOURNAL] = _journal(day, dice)
        if number % 2:
            _derived(entries, day.manifest())
        yield _signed(day, entries, c.to_json(_manifest(day, entries)))
    for number in range(300):
        entries = day.entries()
        name = dice.choice((c.BALLOTS, c.RESULTS, c.EVENT_LOG))
        bent = _bent(json.loads(entries[name]), dice)
        entries[name] = _respelled(entries[name], dice) if number % 5 == 0 else _written(bent)
        if name == c.BALLOTS and number % 2:
            _derived(entries, day.manifest())
        yield _signed(day, entries, c.to_json(_manifest(day, entries)))


# A day that is none, a second way of writing one, and letters that only JavaScript has.
_STRANGE = (
    "2025-02-30T08:00:00+06:00", "2025-11-30T24:00:00+06:00", "2025-11-30T08:00:60+06:00", "2025-11-30T08:00:00+24:00",
    "2025-11-30T08:00:00-00:00", "2025-11-30T08:00:00.000000+06:00", "2025-11-30T08:00:00.5+06:00",
    "0000-11-30T08:00:00+06:00",
    "2025-11-30T08:00+06:00", "20251130T080000+06:00", "2025-11-30T08:00:00+06:00:01",
    "2024-02-29T08:00:00.000001-23:59",
    "2023-02-29T08:00:00+06:00", "2025-W48-7T08:00:00+06:00", "２025-11-30T08:00:00+06:00",
)  # fmt: skip


def strange_moments(day: Day, dice: random.Random) -> Iterator[bytes]:
    """In every place where a moment is written, with everything else made anew around it."""
    protocol, manifest = json.loads(day.entries()[c.PROTOCOL]), json.loads(c.to_json(day.manifest()))
    for written in _STRANGE:
        for field in ("opened_at", "closed_at", "drawn_up_at"):
            entries = day.entries()
            entries[c.PROTOCOL] = canonical.write({**protocol, field: written})
            _derived(entries, day.manifest())
            yield _signed(day, entries, c.to_json(_manifest(day, entries)))
        entries, changed = day.entries(), canonical.write({**manifest, "created": written})
        _derived(entries, c.from_json(changed, c.Manifest, c.MANIFEST))
        listed = json.loads(c.to_json(_manifest(day, entries)))
        yield _signed(day, entries, canonical.write({**listed, "created": written}))
        entries = day.entries()
        lines = entries[c.JOURNAL].splitlines()
        lines[dice.randrange(3)] = canonical.write({**json.loads(lines[0]), "at": written})
        entries[c.JOURNAL] = _chained(day, lines)
        _derived(entries, day.manifest())
        yield _signed(day, entries, c.to_json(_manifest(day, entries)))


def letters(day: Day, dice: random.Random) -> Iterator[bytes]:
    """Half pairs, letters beyond the first plane, ids that two languages sort differently."""
    protocol = json.loads(day.entries()[c.PROTOCOL])
    act = {"field": "vote:1", "text": "@", "by": "101-member-1"}
    for text in (
        b"\\ud800",
        b"\\udc00\\ud800",
        b"\xf0\x9f\x98\x80",
        b"\xef\xbf\xbf",
        b"\\u0041",
        b"\x7f",
        b"\xe2\x80\xa8",
        b"\\/",
        b"\xff",
    ):
        entries = day.entries()
        entries[c.PROTOCOL] = canonical.write({**protocol, "acts": [act]}).replace(b"@", text)
        _derived(entries, day.manifest())
        yield _signed(day, entries, c.to_json(_manifest(day, entries)))
    for ids in (("\uffff", "😀"), ("😀", "\uffff"), ("b", "a"), ("a", "a"), ("", "a"), ("A", "a")):
        entries = day.entries()
        report = json.loads(entries[c.BALLOTS])
        found = ballots.records(entries[c.BALLOTS])
        named = [msgspec.structs.replace(r, id=i) for r, i in zip(found, ids, strict=False)]
        source = Source(c.from_json(entries[c.PROTOCOL], c.Protocol, c.PROTOCOL), day.manifest().created, SOFTWARE)
        entries[c.BALLOTS] = canonical.write_record(ballots.report([*named, *found[2:]], source))
        assert report["CVR"]
        yield _signed(day, entries, c.to_json(_manifest(day, entries)))


def test_what_verify_refuses_the_page_never_calls_good(day: Day, browser: webdriver.Chrome, tmp_path: Path) -> None:
    dice = random.Random(17)
    path = tmp_path / "verify.html"
    path.write_text(page(day.world.out), "utf-8")
    open_page(browser, path)
    assert day.manifest().software == SOFTWARE
    assert said_by_page(browser, [day.packet]) == ["good"]
    packets = [
        p
        for make in (damaged, bent_headers, insiders, strange_moments, letters)
        for p in make(day, dice)
        if p != day.packet
    ]
    assert len(packets) > 1750
    said = said_by_page(browser, packets)
    greener, redder = [], []
    for number, (packet, page_says) in enumerate(zip(packets, said, strict=True)):
        verdict = day.verify(packet)
        if page_says == "good" and verdict.code is not None:
            greener.append((number, verdict.code, dict(verdict.facts)))
        if page_says != "good" and verdict.code is None:
            redder.append((number, page_says))
    assert not greener, (len(greener), greener[:12])
    assert not redder, (len(redder), redder[:12])
    assert {"refused", "bad"} <= set(said)
