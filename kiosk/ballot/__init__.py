"""What was voted. Never imports `kiosk.roll`."""
