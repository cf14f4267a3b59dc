"""The election day: verbs a person at the station would say."""
