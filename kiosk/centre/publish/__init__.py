"""A result for people and machines, as numbered versions, and the means to check it."""
