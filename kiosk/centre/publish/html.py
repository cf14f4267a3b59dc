"""Self-contained HTML pages: one environment for the templates, and data that cannot end the script it stands in."""

from functools import cache
from typing import Any

from kiosk.numerals import number
from kiosk.settings import RESOURCES


@cache
def environment() -> Any:
    """Everything is escaped, and a name the page does not know is an error."""
    import jinja2

    loader = jinja2.FileSystemLoader(str(RESOURCES / "pages"))
    made = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    made.filters["thousands"] = number
    return made


def script(json: str) -> str:
    return json.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
