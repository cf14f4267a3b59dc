"""One view for everything a screen can show: what the gallery paints and the checks look at."""

from datetime import datetime
from functools import cache
from typing import Any

import msgspec

from kiosk.ballot.count import HandCount
from kiosk.day.protocol import Course, Figures, draw_up
from kiosk.election.definition import AGAINST_ALL, AGAINST_ALL_KY, AGAINST_ALL_RU, INVALID
from kiosk.forms import ballots, pages
from kiosk.forms.printed import png
from kiosk.packet import content as c
from tests.stage.world import example_source
from ui import views as v

_example = cache(example_source)

NOON = datetime.fromisoformat("2025-11-30T14:07:00+06:00")
PLACE = v.Place(
    number=1021, district=21,
    address=v.Named("Бишкек, Токтогул көчөсү 98, № 5 мектеп", "Бишкек, ул. Токтогула 98, школа № 5"), opens="08:00", closes="20:00",
)  # fmt: skip
CHAIR = v.Person("1021-chair", "chair", v.Named("Осмонов Нурлан Асанович", "Осмонов Нурлан Асанович"), "184205")
CLERK = v.Person(
    "1021-clerk-1", "clerk", v.Named("Жумабекова Айгүл Бакытовна", "Жумабекова Айгуль Бакытовна"), "553911"
)
TECHNICIAN = v.Person(
    "1021-technician-1", "technician", v.Named("Сатаров Эрлан Уланович", "Сатаров Эрлан Уланович"), "620177"
)
MEMBERS = tuple(
    v.Person(f"1021-member-{n}", "member", v.Named(ky, ru), f"11{n}22{n}")
    for n, (ky, ru) in enumerate(
        (
            ("Бекаалыева Мөлмөл Шамшыкуловна", "Бекаалыева Молмол Шамшыкуловна"),
            ("Кожобаева Элиза Данияровна", "Кожобаева Элиза Данияровна"),
            ("Асанкожоева Жибек Алымназаровна", "Асанкожоева Жибек Алымназаровна"),
            ("Турсунбек уулу Эрмек", "Турсунбек уулу Эрмек"),
        ),
        1,
    )
)
DEVICES = v.Devices(printer="ready", waiting=0, copy="kept", mains=True, battery=96)
COUNTERS = v.Counters(roll=1726, given=412, remote=9, recorded=410, in_booth=1, outside=0)


@cache
def options() -> tuple[v.Option, ...]:
    district = _example().definition.district(21)
    found = [v.Option(c.number, v.Named(c.name_ky, c.name_ru), c.birth_year) for c in district.standing]
    return (*found, v.Option(0, v.Named(AGAINST_ALL_KY, AGAINST_ALL_RU), None))


def locked(**what: Any) -> v.LockedView:
    """As every station shows it: with the program it runs."""
    return v.LockedView(software="0.2.0 · 5C1D 90A7 F03B 8E26", **what)


def _base(**changes: object) -> v.View:
    base = v.View(
        screen=locked(), purpose="official", phase="open", place=PLACE, officer=CLERK, now=NOON, devices=DEVICES,
        counters=COUNTERS,
    )  # fmt: skip
    return msgspec.structs.replace(base, **changes)


def _desk(**changes: object) -> v.View:
    return _base(screen=msgspec.structs.replace(v.DeskView(roll=1726), **changes))


CARD = v.VoterCard(
    pin="11403198700412",
    name="Джолдошова Айгүл Бакытовна",
    birth_date="1987-03-14",
    age=38,
    document="ID1234567",
    line=318,
    address="Бишкек, Боконбаев көч. 12, 7-батир",
)
ROWS = tuple(
    v.Row(key=str(n), name=name, year=year, line=line, given_at=at)
    for n, (name, year, line, at) in enumerate(
        (
            ("Джолдошова Айгүл Бакытовна", "1987", 318, ""),
            ("Жолдошов Эркин Талантович", "1962", 319, "10:42"),
            ("Жолдошбек уулу Нурсултан", "2004", 1107, ""),
            ("Жолдошбекова Гүлбүбү Сейитказыевна", "1958", 1108, ""),
            ("Жолдошева Перизат Акматбековна", "1999", 1111, "13:58"),
        )
    )
)


def _booth(**changes: object) -> v.View:
    definition = _example().definition
    district = definition.district(21)
    base = v.BoothView(
        page="ballot", district=21, district_name=v.Named(district.name_ky, district.name_ru),
        election=v.Named(definition.name_ky, definition.name_ru), options=options(), language="ky",
    )  # fmt: skip
    return _base(screen=v.AtBoothView(), booth=msgspec.structs.replace(base, **changes))


STEPS = ("preparation", "opening", "voting", "closing", "count", "protocol", "packet")


def _steps(due: int) -> tuple[v.Step, ...]:
    at = {"opening": "08:00", "closing": "20:01"}
    return tuple(
        v.Step(name, "done" if n < due else "next" if n == due else "later", at.get(name, "") if n < due else "")  # type: ignore[arg-type]
        for n, name in enumerate(STEPS)
    )


HOURS = tuple(
    (hour, given, hour > 14)
    for hour, given in zip(range(8, 20), (38, 61, 74, 82, 70, 52, 12, 0, 0, 0, 0, 0), strict=True)
)


def _day(due: int, phase: str, **changes: object) -> v.View:
    base = v.DayView(steps=_steps(due), next=STEPS[due], from_="", left=0, by_hour=HOURS, quorum=5)  # type: ignore[arg-type]
    return _base(phase=phase, officer=CHAIR, screen=msgspec.structs.replace(base, **changes))


PEOPLE = tuple((person, here) for person, here in zip((CHAIR, *MEMBERS), (True, True, True, False, False), strict=True))
BADGES = v.BadgesView(people=PEOPLE, quorum=3, members=2, chair=True)
CLOSING = v.BadgesView(people=tuple((p, n < 2) for n, (p, _here) in enumerate(PEOPLE)), quorum=1, members=1, chair=True)
READY = v.BadgesView(
    people=tuple((p, n < 4) for n, (p, _here) in enumerate(PEOPLE)), quorum=3, members=3, chair=True,
    zero=(("given", 0), ("cast", 0), ("envelopes", 0)),
)  # fmt: skip
LINES = tuple((x.id, v.Named(x.label_ky, x.label_ru)) for x in _example().definition.lines if x.source == "hand")


@cache
def _paper() -> bytes:
    definition = _example().definition
    return ballots.picture(definition, 1021, definition.district(21), 4)


@cache
def protocol() -> c.Protocol:
    """A day whose equations hold."""
    definition = _example().definition
    district = definition.district(definition.station(1021).district)
    numbers = [*(candidate.number for candidate in district.standing), AGAINST_ALL]
    votes = dict.fromkeys(numbers, 3) | {numbers[0]: 172, numbers[1]: 96, numbers[3]: 61}
    valid = sum(votes.values())
    day = {
        "roll": 1726, "given_inside": valid + 6, "given_outside": 9, "cast": valid + 4, "cancelled": 0,
        "not_returned": 2, "remote_given": 4, "remote_sealed": 4,
    }  # fmt: skip
    hand = HandCount("1021-member-1", {"portable": 9, "stationary": valid - 5, "valid": valid, "invalid": 4}, votes)
    figures = Figures(day, {**votes, INVALID: 4}, 0)
    signatories = [c.Signatory(p.id, p.role, p.name.ky, p.name.ru) for p in (CHAIR, *MEMBERS[:2])]
    course = Course(
        version=1,
        opened_at="2025-11-30T08:00:00+06:00",
        closed_at="2025-11-30T20:01:00+06:00",
        drawn_up_at="2025-11-30T23:10:00+06:00",
    )
    return draw_up(
        definition,
        1021,
        course,
        figures=figures,
        hand=hand,
        acts=[],
        signatories=signatories,
    )


@cache
def _protocol() -> tuple[bytes, ...]:
    return tuple(png("protocol", pages.protocol_data(protocol(), "DRAFT"), 110))


def _differences(parted: bool) -> v.DifferencesView:
    names = [
        (f"vote:{o.number}", v.Named(f"{o.number}. {o.name.ky}", f"{o.number}. {o.name.ru}")) for o in options()[:6]
    ]
    if parted:
        lines = tuple(
            v.DifferenceLine(field=field, name=name, one=71 + n, other=72 + n)
            for n, (field, name) in enumerate(names[:2])
        )
        return v.DifferencesView(lines, (), (MEMBERS[0].name.ky, MEMBERS[1].name.ky))
    acts = tuple(
        v.DifferenceLine(
            field=field,
            name=name,
            one=71 + n,
            other=70 + n if n < 2 else 71 + n,
            act="Бир барак көчмө кутучадан." if n == 0 else "",
            same=n > 1,
        )
        for n, (field, name) in enumerate(names)
    )
    return v.DifferencesView((), acts, (MEMBERS[0].name.ky, MEMBERS[1].name.ky))


COMPLAINTS = v.ComplaintsView(
    (
        v.ComplaintRow(
            number=3,
            at="13:20",
            author="station",
            category="technical",
            text="Принтер он мүнөт токтоду, кагаз алмаштырылды.",
            status="received",
            decision="",
        ),
        v.ComplaintRow(
            number=2,
            at="11:05",
            author="observer",
            category="campaigning",
            text="Плакат на двери школы.",
            status="under_review",
            decision="",
        ),
        v.ComplaintRow(
            number=1,
            at="09:40",
            author="voter",
            category="other",
            text="Кезек узун.",
            status="dismissed",
            decision="Экинчи стол коюлду.",
        ),
    ),
    True,
    True,
)

SETUP = v.SetupView(
    packages=("STICK · 1021.package.zip",), copies=(),
    checks=(
        v.CheckLine("package, signed by the authority", "1021.package.zip"),
        v.CheckLine("sizes and hashes", "5"),
        v.CheckLine("station", "№ 1021 · Бишкек, ул. Токтогула 98, школа № 5"),
        v.CheckLine("purpose", "official"),
    ),
    fingerprint=("ad9c", "ca8d", None, "0b01", "556c", "e1ff", None, "b431"),
)  # fmt: skip
SPARE = v.SetupView(
    packages=(), copies=("MIRROR · station",),
    checks=(
        v.CheckLine("second copy, signed by the authority", "station"), v.CheckLine("station", "1021"),
        v.CheckLine("purpose", "official"), v.CheckLine("last written", "30.11.2025 14:02"),
    ),
    fingerprint=SETUP.fingerprint, taking_over=True,
)  # fmt: skip
TESTS = (
    v.CheckLine("station package", "№ 1021"), v.CheckLine("printer", "no_paper", "failed"),
    v.CheckLine("removable medium", "STICK"), v.CheckLine("room on the disk", "78.2 GB"),
    v.CheckLine("second copy", "/media/MIRROR"), v.CheckLine("power", "mains"), v.CheckLine("clock", "29.11.2025 16:20"),
)  # fmt: skip
TRAINER = v.TrainerView(
    badges=(CHAIR, CLERK, *MEMBERS, TECHNICIAN),
    samples=(v.Sample("next", "votes", "Кубанычкулова Жаңыл Кожоевна", "12104198920522"),),
    scenarios=tuple(
        v.Scenario(key, state)  # type: ignore[arg-type]
        for key, state in zip(
            ("other_district", "already_voted", "other_station", "lost_power", "no_paper", "wrong_pin",
             "count_difference", "stick_pulled"),
            ("passed", "passed", "running", "new", "new", "new", "new", "new"), strict=True,
        )
    ),
    mistakes=(v.Mistake("08:12", v.Said("badge_pin_wrong", {"tries": 1}, "warn")), v.Mistake("12:30", v.Said("close_too_early", {}, "warn"))),
)  # fmt: skip
FINGERPRINT = "3b09 d749 664e 45da 17c5 1f86 ff02 cfcf"


@cache
def all_views() -> dict[str, v.View]:
    """name → view, in the order of a day."""
    option = options()[3]
    return {
        "starting": v.View(),
        "setup-empty": _base(phase="unconfigured", place=None, officer=None, screen=v.SetupView()),
        "setup-fingerprint": _base(phase="unconfigured", place=None, officer=None, screen=SETUP),
        "setup-copy": _base(
            phase="unconfigured", place=None, officer=None,
            screen=v.SetupView(packages=("STICK · 1021.package.zip",), copies=("MIRROR · station",)),
        ),
        "setup-spare": _base(phase="unconfigured", place=None, officer=None, screen=SPARE),
        "setup-spare-done": _base(
            phase="sealed", officer=None,
            screen=msgspec.structs.replace(SPARE, fingerprint=(), compared=True, loaded=True, configured=True),
        ),
        "setup-tests": _base(
            phase="posting", officer=TECHNICIAN, screen=v.SetupView(tests=TESTS, configured=True)
        ),
        "locked": _base(officer=None),
        "locked-badge": _base(officer=None, screen=locked(holder=CLERK)),
        "locked-refused": _base(
            officer=None, screen=locked(holder=CLERK, refused=v.Said("badge_wait", {"seconds": 30}))
        ),
        "locked-posting": _base(officer=None, phase="posting", screen=locked(can_look_up=True)),
        "locked-training": _base(
            officer=None, purpose="demo", phase="posting", trainer=TRAINER, screen=locked()
        ),
        "locked-training-refused": _base(
            officer=None, purpose="demo", phase="posting", trainer=TRAINER,
            screen=locked(holder=CLERK, refused=v.Said("badge_pin_wrong", {"tries": 3}, "warn")),
        ),
        "lookup": _base(screen=v.LookUpView(), officer=None, phase="posting"),
        "lookup-found": _base(
            officer=None, phase="posting", screen=v.LookUpView("Джолдошова Айгүл Бакытовна", "1987", 318)
        ),
        "day-morning": _day(0, "posting"),
        "closing": _base(screen=v.ClosingView(), phase="open", officer=CHAIR, badges=CLOSING),
        "unblocking": _base(screen=v.UnblockingView((CLERK,)), phase="open", officer=CHAIR, badges=CLOSING),
        "taking-over": _base(screen=v.TakingOverView(), phase="open", officer=CHAIR, badges=CLOSING),
        "closing-early": _base(screen=v.ClosingView("20:00"), phase="open", officer=CHAIR, badges=BADGES),
        "day-contradicts": _day(3, "open", contradicts=True),
        "day-one-copy": msgspec.structs.replace(_day(3, "open"), devices=v.Devices(copy="lost", printer="ready")),
        "opening": _base(screen=v.OpeningView(), phase="posting", officer=CHAIR, badges=BADGES),
        "opening-ready": _base(
            screen=v.OpeningView(from_="08:00"), phase="ready", officer=CHAIR, badges=READY
        ),
        "day-open": _day(2, "open", from_="20:00", left=353),
        "day-training": msgspec.structs.replace(_day(2, "open", from_="20:00", left=353), purpose="demo", trainer=TRAINER),
        "desk": _desk(),
        "desk-search": _desk(query="жолдош", rows=ROWS),
        "desk-nobody": _desk(query="жолдошч"),
        "desk-given": _desk(verdict=v.Said("ballot_given", {"at": "14:07"}, "good"), card=CARD, in_booth=True),
        "desk-paused": msgspec.structs.replace(
            _desk(closed=v.Said("paused", {}, "warn"), chair=True), phase="paused", officer=CHAIR
        ),
        "desk-not-open": msgspec.structs.replace(
            _desk(closed=v.Said("day_not_open", {"phase": "posting"}, "warn")), phase="posting"
        ),
        "desk-near-number": _desk(query="11403198700413", rows=ROWS[:2], near_number=True),
        "desk-wrong-number": _desk(
            query="99999999999999", typed=True, verdict=v.Said("on_no_roll", {}, "bad"),
            card=v.VoterCard(pin="99999999999999"),
        ),
        "day-paused": _day(2, "paused", from_="20:00", left=353),
        "desk-give": _desk(verdict=v.Said("may_give", {"district": 21}, "good"), card=CARD, can_give=True),
        "desk-warning": _desk(verdict=v.Said("may_give_disagrees", {"district": 21}, "warn"), card=CARD, can_give=True, chair=True),
        "desk-already": _desk(verdict=v.Said("already_given", {"at": "10:42"}, "bad"), card=CARD),
        "desk-elsewhere": _desk(
            verdict=v.Said(
                "other_station",
                {"station": 1022, "address_ky": "Бишкек, Ибраимов көчөсү 24, маданият үйү", "address_ru": "Бишкек, ул. Ибраимова 24, дом культуры"},
                "warn",
            ),
            card=v.VoterCard(pin="11403198700412"),
        ),
        "desk-remote": _desk(
            verdict=v.Said("may_give_remote", {"district": 14}, "good"), card=v.VoterCard(pin="11403198700412"), remote=14,
            home=v.Named("№ 14 Нөөкөн шайлоо округу", "Избирательный округ № 14 Ноокен"), can_give=True,
        ),
        "desk-ballot-out": _desk(in_booth=True, calls=True, holder="Джолдошова Айгүл Бакытовна, 1987"),
        "desk-ballot-out-chair": _desk(in_booth=True, calls=True, chair=True),
        "notice": msgspec.structs.replace(_desk(), notice=v.Said("booth_busy", {}, "warn")),
        "desk-waits": _desk(card=CARD, verdict=v.Said("booth_busy", {}, "warn"), waits=True, in_booth=True),
        "handover": _base(screen=v.HandOverView()),
        "voter-welcome": _booth(page="welcome"),
        "voter-ballot": _booth(choice=option.number),
        "voter-review": _booth(page="review", choice=option.number),
        "voter-review-empty": _booth(page="review", choice=None),
        "voter-no-paper": _booth(page="review", choice=option.number, trouble=v.Said("printer_no_paper", {}, "warn")),
        "voter-paper": _booth(page="paper", choice=option.number),
        "voter-paper-training": msgspec.structs.replace(
            _booth(page="paper", choice=option.number, paper=_paper()), purpose="demo", trainer=TRAINER
        ),
        "voter-recorded": _booth(page="recorded", options=(), choice=None),
        "voter-left": _booth(page="left", options=(), choice=None),
        "voter-covered": _booth(page="covered", options=(), choice=None),
        "complaints": _base(officer=CHAIR, screen=COMPLAINTS),
        "day-close": _day(3, "open"),
        "counting": _base(screen=v.CountingView(), phase="closed", officer=CHAIR, badges=BADGES),
        "counting-alone": _base(
            screen=v.CountingView(), phase="closed", officer=CHAIR,
            badges=msgspec.structs.replace(BADGES, people=tuple((p, n < 1) for n, (p, _here) in enumerate(PEOPLE)), members=0),
        ),
        "hand": _base(
            phase="counted", officer=MEMBERS[0], screen=v.HandView(lines=LINES, options=options(), entered=("", ""), place=1)
        ),
        "hand-correct": _base(
            phase="counted", officer=MEMBERS[0],
            screen=v.HandView(lines=LINES, options=options(), entered=(MEMBERS[0].name.ky, MEMBERS[1].name.ky), place=1,
                            own={**{f"vote:{o.number}": 71 for o in options()}, **{key: 71 * len(options()) for key, _name in LINES}},
                            parted=frozenset(line.field for line in _differences(True).hand or ())),
        ),
        "differences-hand": _base(phase="counted", officer=CHAIR, screen=_differences(True)),
        "differences-acts": _base(phase="counted", officer=CHAIR, screen=_differences(False)),
        "protocol": _base(
            phase="counted", officer=CHAIR,
            screen=v.ProtocolView(pages=_protocol(), equations=(v.Equation(id="boxes", left=410, right=410, holds=True),), unexplained=0),
            badges=BADGES,
        ),
        "export": _base(
            phase="signed", officer=CHAIR,
            screen=v.ExportView(media=(("STICK", 7_800_000_000), ("OLD", 40_000)), size=783_000, file="1021-official-1.packet.zip"),
        ),
        "export-done": _base(
            phase="exported", officer=CHAIR,
            screen=v.ExportView(media=(("STICK", 7_800_000_000),), size=783_000, file="1021-official-1.packet.zip", written_to="STICK", fingerprint=FINGERPRINT),
        ),
        "export-trouble": _base(
            phase="signed", officer=CHAIR,
            screen=v.ExportView(media=(), size=783_000, file="1021-official-1.packet.zip", trouble=v.Said("stick_failed", {"reason": "I/O"})),
        ),
        "day-done": _day(6, "exported", complaints=3),
    }  # fmt: skip
