"""The signed result packet and the ways to check it."""
