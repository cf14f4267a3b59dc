"""Small protocols for what is plugged in, with the real ones and honest fakes."""
