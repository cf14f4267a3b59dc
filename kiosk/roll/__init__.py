"""Who may vote. Never imports `kiosk.ballot`."""
