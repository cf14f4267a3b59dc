"""Synthetic people who read like Kyrgyzstan. Nobody here exists; everything follows from a seed."""

import random
import tomllib
from functools import cache
from typing import Any

from kiosk.election.definition import Sex
from kiosk.settings import RESOURCES

Name = tuple[str, str, str]  # surname, given name, patronymic; Kyrgyz spelling

_RUSSIAN = str.maketrans("өүңӨҮҢ", "оунОУН")


@cache
def vocabulary() -> dict[str, Any]:
    return tomllib.loads((RESOURCES / "demo" / "names.toml").read_text("utf-8"))


@cache
def roots() -> tuple[str, ...]:
    """Stems that surnames and patronymics grow from: Жума + бек → Жумабек."""
    words = vocabulary()
    found = {
        first + second
        for first in words["first_parts"]
        for second in words["second_parts"]
        if not (first[-1] in "аеиоуөүы" and second[:1] == "а")
    }
    return tuple(sorted(found))


_ALPHABET = "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя"
_PLACES = {letter: chr(64 + place) for place, letter in enumerate(_ALPHABET)}


def alphabetical(name: Name) -> list[str]:
    """Sorts in the order of the Kyrgyz alphabet, where ң, ө and ү follow н, о and у."""
    return ["".join(_PLACES.get(c, c) for c in part.lower()) for part in name]


def russian(name: str) -> str:
    """The spelling in Russian documents: no letter that Russian lacks."""
    return name.translate(_RUSSIAN)


def _stem(root: str) -> str:
    if root[-1] in "аеиоуөүы":
        return root + "ев"
    return root[:-1] + "ев" if root[-1] == "й" else root + "ов"


def draw(dice: random.Random, sex: Sex) -> Name:
    """One person's name: seven in ten as “Асанов Бакыт Эсенович”, the others as “Тургунбек уулу Нурланбек”."""
    stems = roots()
    words = vocabulary()
    given = dice.choice(words["men" if sex == "m" else "women"])
    father = stems[int(dice.random() ** 1.5 * len(stems))]
    if dice.random() < 0.28:
        return f"{father} {'уулу' if sex == 'm' else 'кызы'}", given, ""
    surname = _stem(stems[int(dice.random() ** 1.5 * len(stems))])
    if surname.startswith("Ж") and dice.random() < 0.06:
        surname = "Дж" + surname[1:]  # the older spelling, still in many passports
    patronymic = _stem(father)[:-2] + ("ович" if _stem(father).endswith("ов") else "евич")
    if sex == "f":
        surname += "а"
        patronymic = patronymic[:-2] + "на"
    return surname, given, patronymic
