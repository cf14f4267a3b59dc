"""Out to the stations: keys, badges, one signed package each."""
