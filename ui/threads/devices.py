"""Asks the devices how they are, beside the worker: a printer that does not answer must not make a voter wait."""

from collections.abc import Callable
from threading import Thread
from time import sleep

from ui.model.setting import Setting

_EVERY_SECONDS, _TOKENS_EVERY = 4, 1


def watch(setting: Setting) -> None:
    _every(_EVERY_SECONDS, setting.watch, "devices")
    if setting.tokens:
        _every(_TOKENS_EVERY, setting.watch_tokens, "tokens")


def _every(seconds: int, look: Callable[[], None], name: str) -> None:
    def run() -> None:
        while True:
            look()
            sleep(seconds)

    Thread(target=run, name=name, daemon=True).start()
