"""One way to open an encrypted file."""
