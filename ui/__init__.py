"""The face of the station (Qt Widgets). Empty until the screens are built."""
