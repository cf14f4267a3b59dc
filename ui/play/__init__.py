"""Playing: a station to train at, and hands that play a whole day on its screens. No real station imports this."""
