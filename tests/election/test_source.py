"""check-election reports every problem with its file and line, and guesses nothing."""

import pickle
import re

import pytest

from kiosk.election import definition, source
from kiosk.errors import Problem
from tests.stage.world import small_files


def problems(**changes: object) -> list[str]:
    files = small_files()
    for name, change in changes.items():
        key = name.replace("_csv", ".csv").replace("_toml", ".toml")
        if change is None:
            del files[key]
        elif isinstance(change, bytes):
            files[key] = change
        elif isinstance(change, re.Pattern):
            files[key] = change.sub('name_ky = " "', files[key].decode()).encode()
        else:
            assert isinstance(change, tuple)
            old, new = change
            assert old.encode() in files[key], old
            files[key] = files[key].replace(old.encode(), new.encode(), 1)
    found, said = source.read(files)
    assert (found is None) == bool(said)
    assert said == sorted(said, key=lambda p: (source.FILES.index(p.file), p))
    return [str(problem) for problem in said]


def test_a_good_folder_has_no_problems() -> None:
    assert problems() == []


@pytest.mark.parametrize("name", source.FILES)
def test_a_missing_file_is_named(name: str) -> None:
    files = small_files()
    del files[name]
    assert source.read(files) == (None, [Problem(name, 1, "the file is missing; add it to the folder")])


CASES = [
    (
        "election_toml",
        ('silence_from = "2025-11-29T08:00"', 'silence_from = "2025-11-29T08:00+06:00"'),
        r":\d+: .*has a zone",
    ),
    (
        "protocol_toml",
        ('label_ru = "Число избирателей', 'label_ru = "\u202eЧисло избирателей'),
        r"protocol\.toml:\d+: roll: .*U\+202E",
    ),
    (
        "election_toml",
        ('voting_day = "2025-11-30"', 'voting_day = "2025-11-31"'),
        r"toml:\d+: 2025-11-31 is not a date",
    ),
    (
        "election_toml",
        ('posted_by = "2025-11-10"', 'posted_by = "2025-12-10"'),
        r"the lists must hang before the voting",
    ),
    ("election_toml", ('name_ru = "', 'name_ru = "\u202e'), r"election\.toml:\d: name_ru: .*U\+202E"),
    ("election_toml", re.compile('name_ky = ".*"'), r"election\.toml:\d: name_ky: there is nothing in it"),
    ("election_toml", ('id = "small"', "id = “small”"), r"election\.toml:2: the quotes of “id = “small”” are curly"),
    ("election_toml", ("quorum = 2", "quorum = 02"), r"election\.toml:\d+: the number of “quorum = 02” begins with 0"),
    ("election_toml", 'id = "сайлоо"'.encode("cp1251"), r"election\.toml:1: this is text in Windows-1251 .*: сайлоо"),
    (
        "protocol_toml",
        ('"cast"\nsource = "day"', '"cast"\nsource = "hand"'),
        r"protocol\.toml:\d+: cast is computed by",
    ),
    ("protocol_toml", ('"stationary"', '"stationary"\nx = 1'), r"protocol\.toml:\d+: x is no setting"),
    ("protocol_toml", b"line = 3", r"protocol\.toml:1: write line as blocks, each below \[\[line\]\]"),
    ("protocol_toml", b"lines = 3", r"protocol\.toml:1: lines is no setting"),
    ("candidates_csv", (",m,1970", ",m,2010"), r"candidates\.csv:2: birth_year is “2010”; .* to 2007"),
    ("candidates_csv", ("1,1,Асанов", "1,1,Ас?нов"), r"candidates\.csv:2: name_ky: a letter was lost"),
    (
        "candidates_csv",
        ("1,1,Асанов", "1,1,Асанов 김"),
        r"candidates\.csv:2: name_ky: no form can print “김” \(U\+AE40\)",
    ),
    ("candidates_csv", ("struck_off_at", "struck_of_at"), r"candidates\.csv:1: columns are not known: struck_of_at"),
    ("districts_csv", ("округ", "окр?г"), r"districts\.csv:2: name_.*: a letter was lost"),
    ("districts_csv", ("округ", "окр╨г"), r"districts\.csv:2: name_.*: “╨” .* stands in no name"),
    (
        "election_toml",
        ('purpose = "test"', 'purpose = "fun"'),
        r'election\.toml:3: purpose must be one of: "demo", "test", "official"',
    ),
    ("election_toml", ('id = "small"', 'id = "a b"'), r"election\.toml:2: the id may hold"),
    ("election_toml", ("quorum = 2", "quorum = 17"), r"election\.toml:\d+: the quorum"),
    ("election_toml", ("quorum = 2", "quorum = "), r"election\.toml:\d+: “quorum =” cannot be read"),
    ("election_toml", ('"ky", "ru", "en"', '"de"'), r"election\.toml:7: languages are"),
    ("election_toml", ('"Asia/Bishkek"', '"Asia/Bishek"'), r"election\.toml:\d+: Asia/Bishek is not a time zone"),
    (
        "election_toml",
        ('opens = "08:00"', 'opens = "8am"'),
        r"election\.toml:\d+: 8am is not a date or time of the calendar; write like 08:00",
    ),
    ("election_toml", ('opens = "08:00"', 'opens = "08:00+06:00"'), r"election\.toml:\d+: .*has a zone"),
    ("election_toml", ('closes = "20:00"', 'closes = "07:00"'), r"election\.toml:\d+: .*must follow one another"),
    (
        "election_toml",
        ('lists_posted_by = "2025-11-10"', 'lists_posted_by = "soon"'),
        r":\d+: soon is not a date or time of the calendar; write like 2025-11-30",
    ),
    ("election_toml", ("quorum = 2", ""), r"election\.toml:1: quorum is missing; add it"),
    ("election_toml", ("quorum = 2", "quorum = 2\nquorom = 3"), r"election\.toml:\d+: quorom is no setting"),
    (
        "election_toml",
        ('campaign_from = "2025-11-10"', "campaign_from = 3"),
        r"election\.toml:\d\d: campaign_from must be text",
    ),
    ("stations_csv", b"", r"stations\.csv:1: the file is empty"),
    ("stations_csv", b"number;district;kind", r"stations\.csv:1: the cells are parted by semicolons"),
    ("election_toml", ('"ky", "ru", "en"', '"ky", "ky"'), r"election\.toml:7: languages are"),
    ("election_toml", b"a = " + b"[" * 5000, r"election\.toml:1: this is not TOML"),
    ("protocol_toml", ('id = "votes"', 'id = "boxes"'), r"protocol\.toml:\d\d: an equation needs an id"),
    ("protocol_toml", ('id = "votes"', 'id = "ящики"'), r"protocol\.toml:\d\d: an equation needs an id"),
    ("protocol_toml", ('id = "valid"', 'id = "invalid"'), r"protocol\.toml:\d\d: a line needs an id"),
    ("protocol_toml", ('id = "votes"', 'id = "((("'), r"protocol\.toml:\d\d: an equation needs an id"),
    (
        "districts_csv",
        ("district,name_ky,name_ru,seats", "district,name_ky,name_ru,seats,seats"),
        r"columns are given twice: seats",
    ),
    (
        "officials_csv",
        ("101,member,", "101,member,x,y\n" * 13 + "101,member,"),
        r"station 101 has more than 15 members",
    ),
    ("protocol_toml", b"# nothing", r"protocol\.toml:1: the line cast is missing"),
    ("election_toml", b"\xff\xfe", r"election\.toml:1: this is UTF-16"),
    ("protocol_toml", ('id = "portable"', 'id = "carried"'), r"protocol\.toml:\d: the line portable is missing"),
    (
        "protocol_toml",
        ('"portable"\nsource = "hand"', '"portable"\nsource = "day"'),
        r"protocol\.toml:\d\d: portable is not",
    ),
    ("protocol_toml", b"[[line", r"protocol\.toml:1: “\[\[line” cannot be read"),
    (
        "protocol_toml",
        ('"portable"\nsource = "hand"', '"portable"\nsource = "magic"'),
        r'protocol\.toml:\d\d: source must be one of: "day", "hand"',
    ),
    ("protocol_toml", ("portable + stationary = valid", "portable + stationary is valid"), r"is not an equation"),
    ("protocol_toml", ("= valid + invalid", "= valid + sound"), r"the equation names sound"),
    ("protocol_toml", ("= valid + invalid", "= valid + 7"), r"is not an equation"),
    ("districts_csv", ("2,Экинчи", "1,Экинчи"), r"districts\.csv:3: district 1 is given twice"),
    ("districts_csv", ("округ,3\n2", "округ,1\n2"), r"districts\.csv:2: seats is “1”"),
    ("districts_csv", ("district,", "number,"), r"districts\.csv:1: columns are missing: district"),
    ("districts_csv", b'district,name_ky,name_ru,seats\n1,"a,b,3\n', r"districts\.csv:\d: "),
    ("districts_csv", b"district,name_ky,name_ru,seats\n1,a\n", r"districts\.csv:2: the number of cells"),
    ("districts_csv", b"\xff", r"districts\.csv:1: this is text in"),
    ("stations_csv", ("102,1", "101,1"), r"stations\.csv:3: station 101 is given twice"),
    ("stations_csv", ("102,1", "102,9"), r"stations\.csv:3: district 9 is not in districts"),
    ("stations_csv", ("precinct", "kiosk"), r"stations\.csv:2: kind is “kiosk”; write one of"),
    ("stations_csv", ("America/New_York", "America/Bishkek"), r"stations\.csv:4: America/Bishkek is not a time zone"),
    ("stations_csv", ("14,16", "-1,16"), r"stations\.csv:2: voters_m is “-1”"),
    ("stations_csv", ("14,16", "14,9999999999999"), r"stations\.csv:2: voters_f is"),
    ("stations_csv", ("Аэропорт,Аэропорт,0,0", "Аэропорт,Аэропорт,0,1"), r"stations\.csv:5: a remote-only station"),
    ("stations_csv", ("Мектеп", "Мек\x07теп"), r"stations\.csv:2: address_ky: here is an invisible sign, U\+0007"),
    ("stations_csv", ("Мектеп", ""), r"stations\.csv:2: address_ky is empty"),
    ("stations_csv", ("Мектеп", "х" * 501), r"stations\.csv:2: address_ky is longer"),
    ("candidates_csv", ("1,1,Асанов", "1,2,Асанов"), r"candidates\.csv:3: order is given twice in district 1"),
    ("candidates_csv", ("1,4,Төрөбекова", "1,5,Төрөбекова"), r"candidates\.csv:5: the ballot order of district 1"),
    ("candidates_csv", ("f,1980,1", "f,1980,3"), r"candidates\.csv:3: filed is given twice"),
    ("candidates_csv", (",m,1970", ",x,1970"), r"candidates\.csv:2: sex is “x”; write one of: m, f"),
    ("candidates_csv", ("struck_off,2025-11-28T18:00+06:00", "struck_off,"), r"candidates\.csv:4: struck_off_at"),
    ("candidates_csv", ("struck_off,2025-11-28T18:00+06:00", "struck_off,soon"), r"candidates\.csv:4: struck_off_at"),
    ("candidates_csv", ("3,registered,", "3,registered,2025-11-28T18:00+06:00"), r"candidates\.csv:2: struck_off_at"),
    ("candidates_csv", ("2,1,Улан", "7,1,Улан"), r"candidates\.csv:6: district 7 is not in districts\.csv"),
    ("officials_csv", ("101,member", "101,chair"), r"officials\.csv:3: station 101 has two chairs"),
    ("officials_csv", ("101,chair", "101,member"), r"officials\.csv:\d+: station 101 has no chair"),
    ("officials_csv", ("101,clerk", "555,clerk"), r"officials\.csv:6: station 555 is not in stations\.csv"),
    (
        "officials_csv",
        b"station,role,name_ky,name_ru\n101,chair,a,b\n",
        r"station 101 has fewer members than the quorum",
    ),
]


@pytest.mark.parametrize(("file", "change", "said"), CASES, ids=[f"{c[0]}-{i}" for i, c in enumerate(CASES)])
def test_a_problem_is_told_where_it_is(file: str, change: object, said: str) -> None:
    assert any(re.search(said, line) for line in problems(**{file: change})), problems(**{file: change})


def test_all_problems_are_told_at_once() -> None:
    found = problems(stations_csv=("precinct", "kiosk"), candidates_csv=(",m,1970", ",x,1970"))
    assert len(found) == 2


def test_all_settings_are_checked_though_one_is_wrong() -> None:
    text = small_files()["election.toml"].replace(b"quorum = 2", b'quorum = "x"').replace(b'"test"', b'"fun"')
    assert len(problems(election_toml=text)) == 2


def test_a_district_whose_candidates_are_all_struck_off_is_a_problem() -> None:
    text = small_files()["candidates.csv"].decode()
    changed = re.sub(r"^(2,.*)registered,$", r"\1struck_off,2025-11-28T18:00+06:00", text, flags=re.M)
    assert any("district 2 has no registered candidate" in p for p in problems(candidates_csv=changed.encode()))


def test_the_marks_of_excel_are_no_problem() -> None:
    files = small_files()
    files["stations.csv"] = b"\xef\xbb\xbf" + files["stations.csv"].replace(b"\n", b"\r\n")
    assert source.read(files)[1] == []


def test_causes_stand_alone_and_before_what_follows_from_them() -> None:
    """A file that cannot be read, or a row that nobody knows by its number: what leans on them is not compared."""
    for name in ("stations.csv", "districts.csv", "candidates.csv"):
        for spoil in (b"sep=,\n", b"\xff\xfe"):
            assert len(problems(**{name.replace(".", "_"): spoil + small_files()[name]})) == 1
    assert len(problems(stations_csv=("101,1,", "1o1,1,"))) == 1
    assert len(problems(stations_csv=("101,1,", "1o1,"))) == 1
    assert len(problems(election_toml=("quorum = 2", "quorum = two"))) == 1
    both = problems(officials_csv=("101,clerk", "101,clerk,x"), stations_csv=("precinct", "kiosk"))
    assert [line.partition(":")[0] for line in both] == ["stations.csv", "officials.csv"], both


DOUBTS = [
    ("election.toml", "quorum = 2", "quorum = 1", "election.toml:10", "with a quorum of 1"),
    ("protocol.toml", "cast + cancelled + not_returned", "cancelled", "protocol.toml:", "would not hold on a day"),
    ("districts.csv", "округ,3\n2", "округ,5\n2", "districts.csv:2", "5 seats"),
    ("districts.csv", "округ,3\n2", "округ,5\n2", "districts.csv:2", "a seat will stay vacant"),
    ("candidates.csv", "", "", "candidates.csv:3", "reads like the one of line 2"),
    ("stations.csv", "", "", "districts.csv:3", "district 2 has no station"),
    ("officials.csv", "", "", "officials.csv:1", "serves at the stations 101, 102"),
]


@pytest.mark.parametrize(("name", "old", "new", "where", "said"), DOUBTS, ids=[f"{c[0]}-{c[4][:12]}" for c in DOUBTS])
def test_what_may_be_meant_so_is_told_and_not_refused(name: str, old: str, new: str, where: str, said: str) -> None:
    files = small_files()
    text = files[name].decode()
    rows = text.splitlines()
    if name == "candidates.csv":
        rows[2] = rows[1].replace("1,1,", "1,2,", 1)[: rows[1].rindex(",m")] + rows[2][rows[2].index(",f") :]
    elif name == "stations.csv":
        rows = [row.replace(",2,", ",1,", 1) for row in rows]
    elif name == "officials.csv":
        rows.append("102,clerk," + ",".join(rows[1].split(",")[2:]))
    files[name] = ("\n".join(rows) + "\n").replace(old, new, 1).encode()
    found, problems = source.read(files)
    assert problems == [] and found is not None
    told = [str(warning) for warning in found.warnings]
    assert any(line.startswith(where) and said in line for line in told), told


def test_an_election_without_equations_and_one_with_lines_of_its_own() -> None:
    files = small_files()
    head, mark, tail = files["protocol.toml"].partition(b"[[equation]]")
    found, _ = source.read({**files, "protocol.toml": head})
    assert found and any("no control equation" in str(w) for w in found.warnings)
    own = b'[[line]]\nid = "torn"\nsource = "hand"\nlabel_ky = "a"\nlabel_ru = "b"\n\n'
    extra = b'\n[[equation]]\nid = "own"\nrule = "torn <= valid"\n'
    found, _ = source.read({**files, "protocol.toml": head + own + mark + tail + extra})
    assert found and not any("equation" in str(w) for w in found.warnings)


def test_names_at_many_stations_are_counted_rather_than_listed() -> None:
    files = small_files()
    rows = files["officials.csv"].decode().splitlines()
    more = [f"{station},clerk,Ким {letter},Ким {letter}" for letter in "абвгдежз" for station in (101, 102)]
    found, _ = source.read({**files, "officials.csv": ("\n".join(rows + more) + "\n").encode()})
    assert found is not None and [w.what for w in found.warnings if "besides" in w.what] == [
        "names that serve at more than one station, besides those: 3"
    ]


def test_who_decides_a_correction_is_left_out_where_nobody_said_it() -> None:
    """The bytes that are hashed and signed are those of before, also in another process."""
    files = small_files()
    plain, _ = source.read(files)
    said, _ = source.read({**files, "election.toml": b'corrections = "commission"\n' + files["election.toml"]})
    other, _ = source.read({**files, "election.toml": b'corrections = "order"\n' + files["election.toml"]})
    assert plain and said and other
    assert plain.definition.hash == said.definition.hash != other.definition.hash
    assert b"corrections" not in definition.to_bytes(plain.definition)
    copied = pickle.loads(pickle.dumps(other.definition))
    assert definition.to_bytes(copied) == definition.to_bytes(other.definition)
    assert definition.from_bytes(definition.to_bytes(copied)).corrections == "order"
