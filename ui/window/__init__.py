"""The window itself: bars, sheets, screens in their places, the scanner's rhythm, the second display."""
