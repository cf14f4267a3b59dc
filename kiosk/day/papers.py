"""What the station puts on paper, as PDF: drawn from the day's files each time; the protocol as it was signed."""

from kiosk.day import signing_off
from kiosk.day.session import KINDS, Session
from kiosk.election.definition import District
from kiosk.errors import Refusal
from kiosk.forms import ballots, pages
from kiosk.journal.book import Happened
from kiosk.packet import content as c
from kiosk.packet.archive import read_file


class Papers:
    def __init__(self, session: Session) -> None:
        self._session = session

    # -- of the day: only who may print -----------------------------------------------------------

    def posting_list(self) -> bytes | Refusal:
        s = self._session
        voters = s.files.book.in_order()
        return s.may("print") or pages.posting_list(s.definition, s.credential.station, voters, s.clock.now())

    def zero_report(self) -> bytes | Refusal:
        """The counters as `prepare` found them, with the names of those present."""
        s = self._session
        present = [officer for officer in s.credential.officers if officer.id in s.present]
        return s.may("print") or pages.zero_report(
            s.definition, s.credential.station, s.zero, present, imprint=s.imprint(), at=s.clock.now()
        )

    def slip(self) -> bytes | Refusal:
        """Where the day stands, with the journal's head: by the hour while people vote, and after the close. The
        journal tells how many there are. `wrong_phase` before the opening."""
        s = self._session
        if refused := s.may("print"):
            return refused
        if s.state.name in ("posting", "ready"):
            return Refusal("wrong_phase", {"phase": s.state.name})
        tally = s.files.register.tally()
        counters: dict[str, int] = {
            "given": sum(tally[kind].given for kind in KINDS),
            "cast": s.cast_count("home"),
            "envelopes": s.cast_count("remote"),
        }
        s.tell(Happened("slip_printed", s.by, dict(counters)))
        closed = s.state.name not in ("open", "paused")
        return pages.slip(
            s.definition, s.credential.station, counters.items(), s.imprint(), at=s.clock.now(), closed=closed
        )

    def protocol(self) -> bytes | Refusal:
        """The signed one, out of the packet: every copy is the same page. `wrong_phase` before it is signed."""
        s = self._session
        if refused := s.may("print"):
            return refused
        found = signing_off.signed_packet(s)
        return found if isinstance(found, Refusal) else read_file(s.folder / found[0], c.ENTRIES)[c.PROTOCOL_PDF]

    # -- of the voter ------------------------------------------------------------------------------

    def blank(self, district: District) -> bytes:
        """A ballot to be marked with a pen."""
        return ballots.blank(self._session.definition, self._session.credential.station, district)

    def marked(self, district: District, choice: int | None) -> bytes:
        return ballots.marked(self._session.definition, self._session.credential.station, district, choice)

    def picture(self, district: District, choice: int | None) -> bytes:
        """The same as PNG, for training."""
        return ballots.picture(self._session.definition, self._session.credential.station, district, choice)
