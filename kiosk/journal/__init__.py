"""What was done, by which badge: a chain that anybody can check, and the file it is kept in."""
