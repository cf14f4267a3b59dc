"""The trainer: samples, exercises, the clock, the summary; and never anything official."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.demo import training as tr
from kiosk.errors import IntegrityError
from tests.stage.desktop import Desktop, code
from tests.stage.world import World, small_source
from ui import app as composition
from ui.intents import PlayBadge, PlaySample, PlayScenario, Restart, SetTime
from ui.look.tokens import Scale
from ui.play import behind
from ui.play.fingers import Fingers
from ui.play.rehearsal import Rehearsal
from ui.views import DeskView, DifferencesView, ExportView

STATION = 1021


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tr.Training:
    base = tmp_path_factory.mktemp("training")
    return tr.prepare(base, behind.example, STATION, lambda step, done, size: None)


@pytest.fixture
def trainer(tmp_path: Path) -> Iterator[composition.App]:
    app = composition.App(
        composition.application(),
        lambda told: behind.training(tmp_path, STATION, False, told),
        tmp_path,
        True,
        with_scale=Scale(96.0),
    )
    crashes: list[BaseException] = []
    app.tasks.crashed.connect(crashes.append)
    app.shell.resize(1280, 800)
    app.shell.show()
    app.start()
    yield app
    app.stop()
    app.app.processEvents()
    assert not crashes


def test_a_training_day_by_touch_with_every_exercise(trainer: composition.App, tmp_path: Path) -> None:
    hand = Fingers(trainer.shell, trainer.tasks, trainer.scanner)
    hand.wait(lambda: trainer.shell.view.page == "locked", "the locked screen")
    training = tr.prepare(tmp_path, behind.example, STATION, lambda step, done, size: None)
    day = Rehearsal(trainer, training)

    def exercise(key: str) -> None:
        hand.touch("trainer")
        hand.touch(f"scenario-{key}")

    def state(key: str) -> str:
        view = trainer.shell.view.trainer
        assert view is not None
        return next(s.state for s in view.scenarios if s.key == key)

    exercise("wrong_pin")
    hand.touch(f"badge-{STATION}-chair")
    chair = training.badge(f"{STATION}-chair")
    hand.pin("000000" if chair.pin != "000000" else "111111")
    assert state("wrong_pin") == "passed"
    hand.pin(chair.pin)
    hand.touch("next-step")
    day.gather()
    hand.touch("prepare")
    day.clock("opening")
    hand.touch("open-polls")
    hand.touch("answer-0")
    day.sign_in("clerk-1")
    day.serve(3)
    exercise("already_voted")
    assert code(trainer.shell.view.of(DeskView).verdict) == "already_given"
    exercise("other_station")
    exercise("other_district")
    hand.touch("give")
    day.vote()
    day.clerk_comes_back()
    exercise("no_paper")
    for document in training.queue[8:]:
        hand.scan(document.scan)
        if hand.see("give"):
            break
    hand.touch("give")
    assert hand.says("sheet-title") == "The printer is out of paper"
    hand.touch("answer-0")
    exercise("no_paper")  # paper is put in
    hand.touch("give")
    hand.touch("voter-ready")
    hand.touch("start-ballot")
    trainer._ask(PlayScenario("lost_power"))
    hand.settle()
    assert trainer.shell.view.page == "locked"
    day.sign_in("clerk-1")
    assert trainer.shell.view.of(DeskView).calls  # the ballot is still out: the voter goes on
    hand.touch("back-to-booth")
    day.vote()
    day.clerk_comes_back()
    for key in ("wrong_pin", "already_voted", "other_station", "other_district", "no_paper", "lost_power"):
        assert state(key) == "passed", key
    exercise_later = ("count_difference", "stick_pulled")
    for key in exercise_later:
        exercise(key)
    day.close_and_count()
    day.hand_counts()
    day.sign_in("chair")
    hand.touch("next-step")
    [line] = [d for d in trainer.shell.view.of(DifferencesView).acts if not d.same and d.field.startswith("vote:")]
    assert line.one == line.other + 1  # one paper is missing
    for difference in [d for d in trainer.shell.view.of(DifferencesView).acts if not d.same]:
        hand.touch(f"act-{difference.field}")
        hand.key("Q")
        hand.touch("write-done")
    hand.touch("to-protocol")
    day.gather()
    hand.touch("sign")
    hand.touch("answer-0")
    hand.touch("stick-stick")
    assert hand.says("band-title") == "No stick"  # pulled out half-way
    hand.touch("stick-stick")
    assert trainer.shell.view.of(ExportView).written_to == "stick"
    assert state("stick_pulled") == "passed" and state("count_difference") == "passed"
    view = trainer.shell.view.trainer
    assert view is not None
    assert "badge_pin_wrong" in {mistake.said.code for mistake in view.mistakes}
    hand.touch("trainer")
    hand.touch("restart-training")
    hand.touch("answer-0")
    hand.wait(lambda: trainer.shell.view.page == "locked", "a new morning")
    assert trainer.shell.view.phase == "posting" and f"{trainer.shell.view.now:%H:%M}" == "07:20"


def test_the_rehearsal_by_screen_ends_with_a_verified_packet(trainer: composition.App, tmp_path: Path) -> None:
    hand = Fingers(trainer.shell, trainer.tasks, trainer.scanner)
    hand.wait(lambda: trainer.shell.view.page == "locked", "the locked screen")
    training = tr.prepare(tmp_path, behind.example, STATION, lambda step, done, size: None)
    day = Rehearsal(trainer, training).run(60)
    assert day.served == 60 and day.verdict.accepted
    printed = list((tmp_path / "printed").iterdir())
    assert [p.name for p in printed if p.name.startswith("ballot")] == ["ballot.pdf"]


def test_a_training_station_goes_on_where_it_was_and_its_clock_never_goes_back(made: tr.Training) -> None:
    again = tr.prepare(Path(made.base), lambda: small_source(), STATION, lambda step, done, size: None)
    assert again == made
    tr.keep_clock(made, tr.morning(made).replace(hour=12))
    assert tr.clock_of(made).hour == 12


def test_training_refuses_anything_official_by_what_is_signed(tmp_path: Path, world: World) -> None:
    for purpose in ("official", "test"):
        with pytest.raises(IntegrityError) as error:
            tr.prepare(tmp_path, lambda p=purpose: small_source(p), 101, lambda step, done, size: None)  # type: ignore[misc]
        assert error.value.code == "purpose_foreign"
    with pytest.raises(IntegrityError) as error:
        tr.prepare(tmp_path, behind.example, 99, lambda step, done, size: None)
    assert error.value.code == "station_unknown"
    precious = tmp_path / "station"
    precious.mkdir()
    tr.restart(tmp_path)
    assert precious.exists()  # no training station lies here: nothing is thrown away


def test_a_real_station_has_no_trainer(desktop: Desktop) -> None:
    desktop.sign_in("chair")
    assert desktop.view.trainer is None and desktop.hand.see("trainer") is None
    for intent in (PlaySample("next"), PlayBadge("x"), PlayScenario("lost_power"), SetTime("hour"), Restart()):
        desktop.app._ask(intent)
        desktop.hand.settle()
        assert desktop.view.notice and desktop.view.notice.code == "only_training"
    assert desktop.world.folder.exists()


def test_a_terminal_for_training_does_not_open_a_real_station(world: World, tmp_path: Path) -> None:
    world.set_up()
    with Desktop(world, tmp_path, purpose="demo") as desktop:
        assert desktop.view.notice and desktop.view.notice.code == "purpose_foreign"
        assert desktop.terminal.seat.locked is None
