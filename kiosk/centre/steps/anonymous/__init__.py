"""Beyond the wall: what is here opens and counts remote ballots and never sees a tag, a register or a table.

The import contract names this folder. `anonymise` is the door: it is lent one query and lets through nothing but
districts and sealed ballots.
"""
