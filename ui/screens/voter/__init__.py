"""What the voter sees: one face for each step, in the voter's own language, size and colours."""
