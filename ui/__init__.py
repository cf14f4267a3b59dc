"""The face of the station: Qt Widgets, touch first. The only package that may import Qt."""
