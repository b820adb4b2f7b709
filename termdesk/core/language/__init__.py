"""Text to commands and back. The only parser of what a person types.

    buy|sell QTY [x] SYMBOL @ PRICE|market [gtc|day|ioc|fok] [post] [reduce] [open|close] [account NAME]
    cancel ID
    cancel all [buy|sell] [SYMBOL [@ PRICE]] [account NAME|*]
    amend ID [qty QTY] [@ PRICE]

Every keyword has a Chinese form (``words.py``); full-width characters read
as plain ones. lark is imported by the first line that is parsed.
"""

from termdesk.core.language.completion import complete
from termdesk.core.language.context import Context
from termdesk.core.language.parse import parse
from termdesk.core.language.render import render
from termdesk.core.language.symbols import resolve_symbol

__all__ = ["Context", "complete", "parse", "render", "resolve_symbol"]
