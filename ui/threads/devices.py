"""Asks the devices how they are, beside the worker: a printer that does not answer must not make a voter wait."""

from threading import Thread
from time import sleep

from ui.model.setting import Setting

_EVERY_SECONDS = 4


def watch(setting: Setting) -> None:
    def run() -> None:
        while True:
            setting.watch()
            sleep(_EVERY_SECONDS)

    Thread(target=run, name="devices", daemon=True).start()
