"""What makes a result of what was taken in. Who knows voters by their tags stays outside `anonymous`."""
