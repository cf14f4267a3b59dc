"""What runs beside the window: the station's worker, and the watch over the devices."""
