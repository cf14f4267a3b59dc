"""The trainer and the lesson: at a station of purpose demo only. A real station never imports this."""
