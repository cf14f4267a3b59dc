"""Widgets that any screen may use: they know no station, only what they are told to show."""
