"""A polling station without a screen: no Qt anywhere below this line."""

__version__ = "0.3.0"
