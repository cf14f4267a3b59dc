"""In from the stations: every file checked by itself, then whole into the tables or not at all."""
