"""Everything printed: data in, PDF/A or PNG out, through the Typst templates in resources/forms.

A commission changes a form by editing its template; the data a template gets is described at its head. The fonts
come with Typst, so a form looks the same on every machine, and the same data gives the same bytes.
"""

import io
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
import typst

from kiosk.errors import DeviceError
from kiosk.settings import RESOURCES

Form = Literal["protocol", "roll", "badges", "zero", "ballot", "readiness", "result", "slip"]

_FORMS = RESOURCES / "forms"


def pdf(form: Form, data: Any, at: datetime) -> bytes:
    """The form as PDF/A-2b. `at` becomes the document's date: the same data give the same bytes."""
    return bytes(
        _compile(form, data, format="pdf", pdf_standards="a-2b", timestamp=at.astimezone(UTC).replace(microsecond=0))
    )


def png(form: Form, data: Any, dpi: int = 150) -> list[bytes]:
    """One picture a page, for showing on a screen."""
    pages = _compile(form, data, format="png", ppi=dpi)
    return pages if isinstance(pages, list) else [pages]


def _compile(form: Form, data: Any, **options: Any) -> Any:
    try:
        return typst.compile(
            str(_FORMS / f"{form}.typ"),
            root=str(_FORMS),
            ignore_system_fonts=True,
            sys_inputs={"data": msgspec.json.encode(data).decode()},
            **options,
        )
    except typst.TypstError as error:
        raise DeviceError("form_unprintable", form=form, reason=str(error)) from error


def qr_svg(text: str) -> str:
    """A QR code as SVG, error correction M (a folded sheet still reads), quiet zone included."""
    import qrcode  # with all it brings, only where a code is drawn: a station prints thousands of sheets without one
    import qrcode.image.svg

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4, box_size=10)
    code.add_data(text)
    code.make(fit=True)
    buffer = io.BytesIO()
    code.make_image(image_factory=qrcode.image.svg.SvgPathImage).save(buffer)
    return buffer.getvalue().decode()
