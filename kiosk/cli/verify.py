"""kiosk verify"""

import sys
from pathlib import Path

import click
import msgspec

from kiosk.cli.output import PlainFile, as_json, table
from kiosk.errors import IntegrityError
from kiosk.messages import message
from kiosk.packet.verify import Verdict, verify_file
from kiosk.text import _
from kiosk.trust import election_file

_FILE = PlainFile()


@click.command(help=_("Check a result packet offline; exit 0 accepted, 1 refused, 2 misuse."))
@click.argument("packet", type=_FILE)
@click.option("--election", type=_FILE, help=_("The signed election file to compare with."))
@click.option("--head", "heads", multiple=True, help=_("A journal's head from paper: number and 16 digits."))
@click.option("--json", "json_", is_flag=True, help=_("Print JSON for programs."))
def verify(packet: Path, election: Path | None, heads: tuple[str, ...], json_: bool) -> None:
    signed = None
    if election:
        try:
            if election.stat().st_size > election_file.MAX_BYTES:
                raise IntegrityError("election_malformed")
            signed = election_file.read(election.read_bytes())
        except IntegrityError as error:
            said = message("election_malformed" if error.code.startswith("envelope") else error.code, error.facts)
            raise click.UsageError(f"{election}: {said.sentence} {said.next_step}") from error
    verdict = verify_file(packet, signed, heads)
    if json_:
        as_json(_json(verdict))
    else:
        _show(verdict)
    sys.exit(0 if verdict.accepted else 1)


def _json(verdict: Verdict) -> dict[str, object]:
    found: dict[str, object] = {
        "accepted": verdict.accepted,
        "code": verdict.code,
        "facts": verdict.facts,
        "checks": [msgspec.to_builtins(check) for check in verdict.checks],
    }
    if verdict.code:
        found["sentence"] = message(verdict.code, verdict.facts).sentence
    if verdict.manifest:
        found |= {k: getattr(verdict.manifest, k) for k in ("purpose", "election", "station", "version")}
    return found


def _show(verdict: Verdict) -> None:
    rows = [("✓", _(check.name), check.found) for check in verdict.checks]
    if verdict.code:
        said = message(verdict.code, verdict.facts)
        rows.append(("✗", said.sentence, verdict.code))
    table(rows, ("", _("check"), _("found")))
    if verdict.code:
        click.echo(_("REFUSED: {sentence} {next_step}", sentence=said.sentence, next_step=said.next_step))
    else:
        click.echo(_("ACCEPTED"))
