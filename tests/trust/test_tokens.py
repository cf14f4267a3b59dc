"""PKCS#11 tokens in place of cards, with the real library against SoftHSM."""

from threading import Thread
from types import SimpleNamespace
from typing import Any

import pkcs11
import pytest

from kiosk.errors import DeviceError, Refusal
from kiosk.trust import badges
from kiosk.trust.tokens import Tokens
from tests.stage.softhsm import PIN, plug_in

LABEL = "trust-member-1"


def test_a_token_gives_the_same_badge_every_time_and_never_its_key(soft_tokens: Tokens) -> None:
    tokens = soft_tokens
    assert LABEL not in tokens.labels()
    assert tokens.open(LABEL, PIN) == Refusal("token_missing", {"badge": LABEL})
    plug_in(tokens, LABEL)
    assert LABEL in tokens.labels()
    with pytest.raises(DeviceError, match="token_unusable"):
        tokens.open(LABEL, PIN)  # nobody has made a key on it
    assert tokens.prepare(LABEL, "654321") == Refusal("badge_pin_wrong")
    made = tokens.prepare(LABEL, PIN)
    assert isinstance(made, badges.Badge) and made.id == LABEL and len(made.seed) == 32
    assert tokens.prepare(LABEL, PIN) == made  # an interrupted run goes on with what it made
    assert tokens.open(LABEL, PIN) == made
    assert tokens.open(LABEL, "654321") == Refusal("badge_pin_wrong")
    assert tokens.open(LABEL, "") == Refusal("badge_pin_wrong")
    with pytest.raises(DeviceError, match="token_unusable"):
        tokens.prepare("no such token", PIN)
    with pytest.raises(DeviceError, match="token_unusable"):
        Tokens("/no/such/module.so").labels()


def test_what_a_plugged_in_token_says_of_itself() -> None:
    shown = f"{badges.PLUGGED}101-chair"
    assert badges.is_shown(shown) and badges.is_token(shown) and badges.card_id(shown) == "101-chair"
    assert badges.card_hash(shown) == "" and badges.card_hash("KB1:x") != ""


def _library(monkeypatch: pytest.MonkeyPatch, flags: int = 0, opens: Any = None) -> Tokens:
    token = SimpleNamespace(label=LABEL + "   ", flags=pkcs11.TokenFlag(flags), open=opens)
    monkeypatch.setattr(pkcs11, "lib", lambda _module: SimpleNamespace(get_tokens=lambda: iter([token])))
    return Tokens("any")


def test_a_token_that_locked_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """SoftHSM never locks; real tokens do after a few wrong PINs."""

    def locked(user_pin: str) -> None:
        raise pkcs11.exceptions.PinLocked

    assert _library(monkeypatch, opens=locked).open(LABEL, "1") == Refusal("token_locked")


def test_a_voter_cannot_use_up_a_token_s_last_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """At a screen that was handed over the try is not even made; at the locked screen its holder may."""
    tried: list[str] = []

    def wrong(user_pin: str) -> None:
        tried.append(user_pin)
        raise pkcs11.exceptions.PinIncorrect

    tokens = _library(monkeypatch, flags=int(pkcs11.TokenFlag.USER_PIN_FINAL_TRY), opens=wrong)
    assert tokens.open(LABEL, "1", handed_over=True) == Refusal("token_last_try") and tried == []
    assert tokens.open(LABEL, "2") == Refusal("badge_pin_wrong") and tried == ["2"]


def test_who_looks_does_not_wait_for_who_opens(soft_tokens: Tokens) -> None:
    """A token that hangs while it is opened hangs nobody who only looks."""
    before = soft_tokens.labels()
    with soft_tokens._lock:
        seen: list[tuple[str, ...]] = []
        looks = Thread(target=lambda: seen.append(soft_tokens.labels()))
        looks.start()
        looks.join(10)
    assert seen == [before]
