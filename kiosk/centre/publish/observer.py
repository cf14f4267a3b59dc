"""The observer's page: one HTML file, no network, that checks a protocol's QR or a packet in any browser (WebCrypto).

It is written once for an election and carries what a check needs: the authority's key, the stations' keys as the
authority signed them, the lines, rules and names. Everything else comes from the code or the packet.
"""

import json
from pathlib import Path
from typing import Any

import msgspec

from kiosk.centre.provision.run import ELECTION_FILE
from kiosk.centre.publish.html import environment, script
from kiosk.election.definition import AGAINST_ALL_KY, AGAINST_ALL_RU
from kiosk.errors import IntegrityError
from kiosk.journal import chain
from kiosk.journal.events import event_table
from kiosk.messages import every_language
from kiosk.packet import archive, package
from kiosk.packet import content as c
from kiosk.packet.nist.event_log import kind_of
from kiosk.text import N_
from kiosk.trust import credential, election_file
from kiosk.trust.keys import fingerprint

TEXTS = {
    "title": N_("Check a protocol or a packet"),
    "lead": N_("Nothing leaves this device: the page works without a network."),
    "paper": N_("Compare this fingerprint with the commission's paper:"),
    "code": N_("The code on the protocol"),
    "camera": N_("Read it with the camera"),
    "no_camera": N_("This browser cannot read codes with the camera. Read it with a phone and paste its text."),
    "paste": N_("or paste its text here, it begins with KS1:"),
    "check": N_("Check"),
    "packet": N_("A packet from a stick"),
    "drop": N_("Drop the file here, or choose it"),
    "good": N_("Everything holds"),
    "bad": N_("Refused"),
    "look": N_("The signature holds, an equation does not: look for its act on the protocol"),
    "electronic": N_("electronic"), "by_hand": N_("by hand, counts"),
    "differences": N_("every difference between the counts has an act"),
    "station": N_("Station"),
    "version": N_("Version"),
    "district": N_("District"),
    "purpose": N_("Purpose"),
    "demo": N_("training"), "test": N_("test"), "official": N_("official"),
    "program": N_("Program"),
    "taken_over": N_("times another terminal took the day over"),
    "votes": N_("Votes"),
    "lines": N_("Lines"),
    "equations": N_("Control equations"),
    "holds": N_("holds"),
    "fails": N_("does not hold"),
    "explained": N_("does not hold, explained by an act"),
    "signed_station": N_("signed by the station"),
    "signed_authority": N_("the station's keys are signed by the commission"),
    "signed_chair": N_("signed by the chair"),
    "signed_members": N_("signed by enough members"),
    "hashes": N_("every file is the one that was signed"),
    "same_election": N_("of this election"),
    "same_protocol": N_("the protocol is this station's, with those who signed it"),
    "figures": N_("the figures fit together"),
    "no_crypto": N_("This browser is too old: it cannot check Ed25519 signatures. Use a newer one."),
    "malformed": N_("This is no code of a protocol, or a part is missing. Read it again, flat and in good light."),
    "copied_badly": N_(
        "This is no code of a protocol, or it was changed when it was copied. Copy the whole text from KS1: on, or "
        "read the code with the camera, flat and in good light."
    ),
    "malformed_packet": N_("This is no packet of this system, or the copy is damaged. Copy it again from the stick."),
    "unknown_station": N_("There is no such station in this election."),
    "journal": N_("the journal's chain is whole and signed to its end"),
    "ballots": N_("the ballots counted one by one give the same"),
    "reports": N_("the NIST reports say the same as the figures"),
}  # fmt: skip


def page(folder: Path) -> str:
    """From the folder that provisioning made. IntegrityError `centre_incomplete`, or a package's own."""
    path = folder / ELECTION_FILE
    if not path.is_file():
        raise IntegrityError("centre_incomplete", file=ELECTION_FILE)
    election = election_file.read(path.read_bytes())
    definition = election.definition
    data = _data(folder, election)
    said = every_language(TEXTS)
    html: str = (
        environment()
        .get_template("observer.html.j2")
        .render(
            name_ky=definition.name_ky,
            name_ru=definition.name_ru,
            purpose=definition.purpose,
            print=fingerprint(election.authority),
            t=said["ky"],
            texts=script(json.dumps(said, ensure_ascii=False)),
            data=script(json.dumps(data, ensure_ascii=False)),
        )
    )
    return html


def _data(folder: Path, election: election_file.SignedElection) -> dict[str, Any]:
    """What the page knows of the election."""
    definition = election.definition
    return {
        "authority": election.authority.hex(),
        "election": definition.id,
        "hash": definition.hash,
        "purpose": definition.purpose,
        "lines": [[line.id, line.label_ky, line.label_ru] for line in definition.lines],
        "equations": [[e.id, e.left, e.relation, e.right] for e in definition.equations],
        "stations": {
            str(s.number): [
                s.district,
                s.address_ky,
                s.address_ru,
                _station_key(folder, s.number, election.authority),
                s.zone,
            ]
            for s in definition.stations
        },
        "districts": {
            str(d.number): [
                d.name_ky,
                d.name_ru,
                [[x.number, x.name_ky, x.name_ru, x.sex] for x in d.standing],
                d.seats,
            ]
            for d in definition.districts
        },
        "against": [AGAINST_ALL_KY, AGAINST_ALL_RU],
        "entries": c.ENTRIES,
        "format": c.FORMAT,
        "mode": definition.ballot_mode,
        "day": [definition.calendar.voting_day, definition.quorum, definition.name_ky, definition.name_ru],
        "shapes": _shapes(),
        "events": _events(),
        "types": {"manifest": c.MANIFEST_TYPE, "credential": credential.TYPE},
    }


def _shapes() -> dict[str, Any]:
    """The records of a packet as JSON Schema, from the very types that `kiosk verify` reads them with."""
    kinds = {
        "manifest": c.Manifest,
        "protocol": c.Protocol,
        "complaints": list[c.PublicComplaint],
        "entry": chain.Entry,
        "checkpoint": chain.Checkpoint,
    }
    found, parts = msgspec.json.schema_components(kinds.values())
    return {**dict(zip(kinds, found, strict=True)), "parts": parts}


def _events() -> dict[str, tuple[str, str, str]]:
    """event → sentence, disposition, severity, as in the event log."""
    return {event: kind_of(event) for event in event_table()}


def _station_key(folder: Path, station: int, authority: bytes) -> str:
    """As its package's credential says, signed by this authority."""
    path = folder / str(station) / package.file_name(station)
    if not path.is_file():
        raise IntegrityError("centre_incomplete", file=f"{station}/{path.name}")
    found = credential.read(archive.read_file(path, package.ENTRIES)[package.CREDENTIAL])
    if found.authority_key != authority.hex() or found.station != station:
        raise IntegrityError("package_foreign", field="authority")
    return found.station_key
