"""The one canonical form: what has none is refused before anything is signed."""

import pytest

from kiosk import canonical


@pytest.mark.parametrize("value", [{"n": 0.5}, {"é": 1}, [{"deep": [{"n": 1.0}]}]])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical.write(value)
