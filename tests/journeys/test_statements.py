"""What a touch asks of the disk: nothing that was not changed. A voter costs the commits and two looks at the roll."""

from collections.abc import Callable
from typing import Any

from tests.stage.desktop import Desktop
from tests.stage.world import HOME
from ui.intents import Tick


def statements(desktop: Desktop, what: Callable[[], object]) -> list[str]:
    """Of SQL, run meanwhile on the day's file and the roll."""
    files = desktop.station._session.files
    seen: list[str] = []
    connections: list[Any] = [files.day.conn, files.book._connection]
    for connection in connections:
        connection.set_trace_callback(seen.append)
    try:
        what()
        desktop.hand.settle()
    finally:
        for connection in connections:
            connection.set_trace_callback(None)
    # A free slot is drawn by lot, and in a box as small as this one lots are drawn more than once.
    draws = [sql for sql in seen if sql.startswith("SELECT 1 FROM slot")]
    return [sql for sql in seen if sql not in draws[1:]]


def serve(desktop: Desktop, pin: str) -> None:
    desktop.hand.scan(pin)
    desktop.hand.touch("give")
    desktop.vote(1)
    desktop.clerk_comes_back()


def test_a_voter_costs_no_more_than_twenty_statements_and_a_touch_none(desktop: Desktop) -> None:
    desktop.at_the_desk()
    pins = desktop.world.pins(HOME)
    serve(desktop, pins[0])
    once = statements(desktop, lambda: serve(desktop, pins[1]))
    assert len(once) <= 20, once
    for pin in pins[2:6]:
        serve(desktop, pin)
    assert len(statements(desktop, lambda: serve(desktop, pins[6]))) == len(once)  # as many in the evening
    assert statements(desktop, lambda: desktop.app.tasks.post(Tick())) == []
    assert statements(desktop, lambda: desktop.hand.touch("desk-more")) == []
    assert statements(desktop, lambda: desktop.hand.touch("cancel")) == []
    desktop.sign_in("chair")
    assert statements(desktop, lambda: desktop.hand.touch("to-desk")) == []
    assert statements(desktop, lambda: desktop.hand.touch("desk-day")) == []
    assert desktop.view.counters.recorded == 7
