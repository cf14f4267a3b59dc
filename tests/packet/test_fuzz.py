"""Twenty thousand damaged packets: none accepted, none crashing."""

import json
import random
from collections import Counter

from kiosk.packet import archive
from kiosk.packet import content as c
from tests.packet.conftest import Day

CASES = 20_000


def damage(packet: bytes, dice: random.Random) -> bytes:
    """Flip bits, overwrite, cut out, double or move a piece."""
    content = bytearray(packet)
    for _ in range(dice.choice((1, 1, 1, 2, 5))):
        kind = dice.randrange(6)
        at = dice.randrange(len(content))
        size = dice.choice((1, 1, 2, 8, 100, 5000))
        if kind == 0:
            content[at] ^= 1 << dice.randrange(8)
        elif kind == 1:
            content[at : at + size] = dice.randbytes(size)
        elif kind == 2:
            del content[at : at + size]
        elif kind == 3:
            content[at:at] = content[at : at + size]
        elif kind == 4:
            to = dice.randrange(len(content))
            content[to : to + size] = content[at : at + size]
        else:
            content[at:at] = dice.randbytes(size)
    return bytes(content)


def test_flipped_and_spliced_bytes_are_never_accepted_and_never_crash(day: Day) -> None:
    dice = random.Random(20251130)
    codes: Counter[str] = Counter()
    done = 0
    while done < CASES:
        damaged = damage(day.packet, dice)
        if damaged == day.packet:
            continue
        verdict = day.verify(damaged, compared=False)
        assert verdict.code, "a damaged packet was accepted"
        codes[verdict.code] += 1
        done += 1
    assert len(codes) >= 3, codes


def test_damage_behind_a_sound_archive(day: Day) -> None:
    """The same below the ZIP, where every byte is under a hash: entries are damaged one by one and packed rightly."""
    dice = random.Random(7)
    entries = day.entries()
    for _ in range(4000):
        name = dice.choice(list(entries))
        damaged = damage(entries[name], dice)
        if damaged != entries[name]:
            assert not day.verify(archive.write({**entries, name: damaged}), compared=False).accepted


def test_damage_signed_by_everybody(day: Day) -> None:
    """Even insiders with all keys can't crash a verifier: entries are damaged, then hashed and signed anew."""
    dice = random.Random(9)
    for _ in range(800):
        name = dice.choice([n for n in c.ENTRIES if n != c.MANIFEST and not n.startswith("sealed/")])

        def change(entries: dict[str, bytes], name: str = name) -> None:
            entries[name] = damage(entries[name], dice)

        day.verify(day.forge(change))


def _places(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """The path of every value in a JSON document, the first few of a list."""
    found = [path] if path else []
    steps = (
        list(value.items())
        if isinstance(value, dict)
        else list(enumerate(value))[:3]
        if isinstance(value, list)
        else []
    )
    for step, inner in steps:
        found += _places(inner, (*path, step))
    return found


def _put(entry: bytes, path: tuple, value: object, rename: bool) -> bytes:  # type: ignore[type-arg]
    raw = inner = json.loads(entry)
    for step in path[:-1]:
        inner = inner[step]
    if rename and isinstance(inner, dict):
        inner["ө"] = inner.pop(path[-1])
    else:
        inner[path[-1]] = value
    return json.dumps(raw, sort_keys=True, separators=(",", ":")).encode()


def test_strange_json_signed_by_everybody(day: Day) -> None:
    """Values of other kinds in every place of every JSON entry, hashed and signed anew: a verdict, never a crash."""
    dice = random.Random(11)
    strange: tuple[object, ...] = (None, 1, -1, 1.5, 10**30, "", "\ud800", "x" * 1000, [], [[]], {}, {"ө": 1}, True)
    entries = day.entries()
    lines = entries[c.JOURNAL].splitlines(keepends=True)
    for _ in range(1200):
        name = dice.choice((c.PROTOCOL, c.BALLOTS, c.COMPLAINTS, c.RESULTS, c.JOURNAL))
        at = dice.randrange(len(lines))
        source = lines[at] if name == c.JOURNAL else entries[name]
        path = dice.choice(_places(json.loads(source)))
        changed = _put(source, path, dice.choice(strange), dice.random() < 0.1)
        if name == c.JOURNAL:
            changed = b"".join([*lines[:at], changed + b"\n", *lines[at + 1 :]])
        day.verify(day.forge(lambda e, n=name, x=changed: e.update({n: x})))  # type: ignore[misc]
