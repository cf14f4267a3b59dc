"""`python -m tests.fuzz TARGET [libFuzzer options]`: looks for bytes that a reader of ours does not expect, guided by
which lines they reach. What is found is written to a file; hours are worth their time before an election.
"""

import sys

import atheris

with atheris.instrument_imports(include=["kiosk"]):
    from tests.fuzz.targets import TARGETS, try_one


def main() -> None:
    name = sys.argv[1]
    if name not in TARGETS:
        raise SystemExit(f"one of {', '.join(TARGETS)}")
    atheris.Setup([sys.argv[0], *sys.argv[2:]], lambda data: try_one(name, data))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
