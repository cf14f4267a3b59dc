"""A synthetic country and a rehearsed election day."""
