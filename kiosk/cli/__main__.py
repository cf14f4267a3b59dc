"""`python -m kiosk.cli`: the same as `kiosk`."""

from kiosk.cli import main

main()
