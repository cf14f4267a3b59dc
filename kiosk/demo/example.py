"""Writes resources/example-election from the public figures of docs/station.md. `python -m kiosk.demo.example`.

The result is committed; a test demands that writing it again gives the same bytes.
"""

import csv
import io
import random
from pathlib import Path

from kiosk.demo.people import draw, russian, vocabulary
from kiosk.election.definition import Sex
from kiosk.settings import RESOURCES

SEED = 20251130
STATIONS, ABROAD = 2492, 100
MEN, WOMEN = 2_082_263, 2_214_777
CANDIDATES_M, CANDIDATES_F = 276, 191
DISTRICTS = 30
FIRST_AT_HOME, FIRST_ABROAD = 1001, 9001
MEMBERS = 4  # beside the chair
_SPECIAL = (
    ("enterprise", 24, 0.12),
    ("shopping_centre", 12, 0.10),
    ("airport", 5, 0.04),
    ("remote_only", 6, 0.0),
)


def _table(header: str, rows: list[tuple[object, ...]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return text.getvalue().encode()


def _share(total: int, weights: list[float]) -> list[int]:
    """Whole numbers in proportion to the weights that sum to `total` exactly (largest remainders)."""
    scale = total / sum(weights)
    parts = [int(w * scale) for w in weights]
    remainders = sorted(range(len(weights)), key=lambda i: parts[i] - weights[i] * scale)
    for i in remainders[: total - sum(parts)]:
        parts[i] += 1
    return parts


def _stations(dice: random.Random) -> list[tuple[object, ...]]:
    words = vocabulary()
    at_home = STATIONS - ABROAD
    kinds = ["precinct"] * at_home
    weights = [dice.uniform(0.45, 1.4) for _ in range(at_home)]
    places = iter(dice.sample(range(100, at_home), sum(n for _, n, _ in _SPECIAL)))
    for kind, count, size in _SPECIAL:
        for _ in range(count):
            place = next(places)
            kinds[place], weights[place] = kind, weights[place] * size
    cities = [city for *city, n in words["abroad"] for _ in range(n)]
    weights += [dice.uniform(0.15, 0.8) for _ in cities]
    men = _share(MEN, [w * dice.uniform(0.95, 1.05) for w in weights])
    women = _share(WOMEN, [w * dice.uniform(0.95, 1.05) for w in weights])
    rows: list[tuple[object, ...]] = []
    for i in range(at_home):
        district = i * DISTRICTS // at_home + 1
        place, site = words["districts"][district - 1], dice.randrange(len(words["sites_ky"]))
        street, number, n = dice.choice(words["streets"]), dice.randint(1, 180), dice.randint(1, 99)
        ky = f"{place}, {street} көчөсү {number}, {words['sites_ky'][site].format(n=n)}"
        ru = f"{russian(place)}, ул. {russian(street)} {number}, {words['sites_ru'][site].format(n=n)}"
        rows.append((FIRST_AT_HOME + i, district, kinds[i], "Asia/Bishkek", ky, ru, men[i], women[i]))
    for i, (ky, ru, zone) in enumerate(cities):
        house = dice.randint(1, 120)
        rows.append(
            (FIRST_ABROAD + i, i % DISTRICTS + 1, "abroad", zone, f"{ky}, КР консулдук бөлүмү, {house}-үй",
             f"{ru}, консульский отдел КР, д. {house}", men[at_home + i], women[at_home + i])
        )  # fmt: skip
    return rows


def _candidates(dice: random.Random) -> list[tuple[object, ...]]:
    men = _share(CANDIDATES_M, [dice.uniform(0.7, 1.3) for _ in range(DISTRICTS)])
    women = _share(CANDIDATES_F, [dice.uniform(0.8, 1.2) for _ in range(DISTRICTS)])
    rows: list[tuple[object, ...]] = []
    for district in range(1, DISTRICTS + 1):
        sexes: list[Sex] = ["m" for _ in range(men[district - 1])]
        sexes += ["f" for _ in range(women[district - 1])]
        dice.shuffle(sexes)
        filed = dice.sample(range(1, len(sexes) + 1), len(sexes))
        names: set[str] = set()
        for order, sex in enumerate(sexes, 1):
            name = " ".join(draw(dice, sex)).strip()
            while name in names:
                name = " ".join(draw(dice, sex)).strip()
            names.add(name)
            born = dice.randint(1953, 1999)
            rows.append((district, order, name, russian(name), sex, born, filed[order - 1], "registered", ""))
    return rows


def _officials(dice: random.Random, stations: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    roles = ["chair", *["member"] * MEMBERS, "clerk", "technician"]
    rows: list[tuple[object, ...]] = []
    for station in stations:
        for role in roles:
            name = " ".join(draw(dice, "f" if dice.random() < 0.7 else "m")).strip()
            rows.append((station[0], role, name, russian(name)))
    return rows


def files() -> dict[str, bytes]:
    """The generated files of the example election by name; the two TOML files are written by hand."""
    dice = random.Random(SEED)
    stations = _stations(dice)
    names = vocabulary()["districts"]
    districts: list[tuple[object, ...]] = [
        (i, f"№ {i} {name} шайлоо округу", f"Избирательный округ № {i} {russian(name)}", 3)
        for i, name in enumerate(names, 1)
    ]
    return {
        "districts.csv": _table("district,name_ky,name_ru,seats", districts),
        "stations.csv": _table("number,district,kind,zone,address_ky,address_ru,voters_m,voters_f", stations),
        "candidates.csv": _table(
            "district,order,name_ky,name_ru,sex,birth_year,filed,status,struck_off_at", _candidates(dice)
        ),
        "officials.csv": _table("station,role,name_ky,name_ru", _officials(dice, stations)),
    }


def main(folder: Path = RESOURCES / "example-election") -> None:
    for name, content in files().items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
