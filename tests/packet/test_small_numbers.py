"""For which district a remote voter voted is told by no public part of a packet, nor by the size of a sealed one."""

from datetime import datetime, timedelta
from pathlib import Path

from kiosk.demo import fabricate
from kiosk.packet import archive
from kiosk.packet import content as c
from tests.stage.country import Country
from tests.stage.world import HOME, World


def test_the_district_of_a_remote_voter_is_nowhere_but_in_the_sealed_parts(world: World, tmp_path: Path) -> None:
    """Two stations' days that differ in nothing but the districts their remote voters came from."""
    country = Country(world, tmp_path)
    at = datetime.fromisoformat("2025-11-30T09:00:00+06:00")
    found = []
    for districts in ((2, 3, 2), (14, 250, 65_535)):
        visits = [
            fabricate.Visit(
                tag=bytes([n]) * 16, kind="remote", district=district, at=at + timedelta(minutes=n), choice=1
            )
            for n, district in enumerate(districts)
        ]
        packet = fabricate.packet(country.desk(HOME), visits)
        (path := tmp_path / "made.packet.zip").write_bytes(packet)
        found.append(archive.read_file(path, c.ENTRIES))
    one, other = found
    for name in (c.PROTOCOL, c.RESULTS, c.BALLOTS, c.JOURNAL, c.EVENT_LOG, c.COMPLAINTS):
        assert one[name] == other[name], name
    for name in (c.SEALED_REGISTER, c.SEALED_ENVELOPES):
        assert one[name] != other[name] and len(one[name]) == len(other[name]), name
