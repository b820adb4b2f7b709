"""Feeds, one sub-package each: ``decode.py`` pure, ``client.py`` I/O, ``config.py``."""
