"""Tokens without hardware: SoftHSM behind the real PKCS#11 library."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pkcs11
import pytest

from kiosk.trust.tokens import Tokens

_MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
PIN = "123456"


@pytest.fixture(scope="session")
def soft_tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tokens]:
    """None is plugged in yet. One folder for the whole run: the library reads where it is once."""
    found = next((m for m in _MODULES if Path(m).exists()), None)
    assert found and shutil.which("softhsm2-util"), (
        "softhsm2 is missing: `packaging/bootstrap.sh .venv tests` installs it"
    )
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    yield Tokens(found)


def plug_in(tokens: Tokens, label: str) -> None:
    """A new token of this label, as its maker's tool initialises it."""
    if label not in tokens.labels():
        command = ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "00000000"]
        subprocess.run(command, check=True, capture_output=True)
        pkcs11.lib(tokens._module).reinitialize()  # hardware shows up by itself
