"""Keys, badges, shares, signatures, sealing: thin covers over well-kept libraries."""
