"""What is voted on: pure rules and data; no clock, no disk, no randomness."""
