"""A PKCS#11 token in place of a card, with the real library against SoftHSM."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from kiosk.errors import DeviceError, Refusal
from kiosk.trust import tokens

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
LABEL = "101-member-1"


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> str:
    found = next((m for m in MODULES if Path(m).exists()), None)
    assert found and shutil.which("softhsm2-util"), (
        "softhsm2 is missing: `packaging/bootstrap.sh .venv tests` installs it"
    )
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    command = ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", "123456", "--so-pin", "00000000"]
    subprocess.run(command, check=True, capture_output=True)
    return found


def test_a_token_gives_the_same_badge_every_time_and_never_its_key(module: str) -> None:
    made = tokens.prepare_token(module, LABEL, "123456")
    assert made.id == LABEL
    assert len(made.seed) == 32
    assert tokens.open_token(module, LABEL, "123456") == made
    assert tokens.open_token(module, LABEL, "654321") == Refusal("badge_pin_wrong")
    with pytest.raises(DeviceError, match="token_unusable"):
        tokens.open_token(module, "no such token", "123456")
    with pytest.raises(DeviceError, match="token_unusable"):
        tokens.prepare_token("/no/such/module.so", LABEL, "123456")


def test_a_token_that_locked_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """SoftHSM never locks; real tokens do after a few wrong PINs."""
    import pkcs11

    def locked(_module: str) -> None:
        raise pkcs11.exceptions.PinLocked

    monkeypatch.setattr(pkcs11, "lib", locked)
    assert tokens.open_token("any", LABEL, "1") == Refusal("badge_blocked")
