"""The station behind the screens: intents in, views out. No Qt here; it runs on the worker thread."""
