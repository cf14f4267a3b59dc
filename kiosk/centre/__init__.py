"""The central commission: packages out to stations, packets back in."""
