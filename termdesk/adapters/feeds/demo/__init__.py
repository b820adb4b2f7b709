"""The demo feed: a generator that runs a real limit order book per instrument.

``instruments.toml`` says what is traded, ``flow.py`` when and towards which
price, ``trader.py`` what is done in the book of ``orderbook.py``,
``source.py`` tells it as events, ``market.py`` puts the instruments on one
clock, ``client.py`` moves that clock.
"""

from termdesk.adapters.feeds.demo.client import DemoFeedFactory

FEED = DemoFeedFactory()
