"""One file a screen: a frozen view in, intents out; never storage, trust or devices."""
