"""Text to commands and back. The only parser of what a person types.

    buy|sell QTY [x] SYMBOL HOW [TIME] [post] [reduce] [show QTY] [open|close]
        [EXITS | oco NAME | ouo NAME] [account NAME]
    HOW: @ PRICE | market | mtl | stop PRICE [@ PRICE] | touch PRICE [@ PRICE]
        | trail 5%|25bp|3t|DIFFERENCE [stop PRICE] [from PRICE] [limit DIFFERENCE],
        the last three with by last|bidask|mid|last2
    TIME: gtc | day | ioc | fok | at-open | at-close | gtd 2026-12-01[T15:00[:00][Z]]
    EXITS: [sl PRICE [@ PRICE]] [tp PRICE] [oto full|partial] [oco|ouo]
    cancel ID
    cancel all [buy|sell] [SYMBOL [@ PRICE]] [account NAME|*]
    amend ID [qty QTY] [@ PRICE] [trigger PRICE]

Every keyword has a Chinese form (``words.py``); full-width characters read
as plain ones. lark is imported by the first line that is parsed.
"""

from termdesk.core.language.completion import complete
from termdesk.core.language.context import Context
from termdesk.core.language.parse import parse
from termdesk.core.language.render import render
from termdesk.core.language.symbols import resolve_symbol

__all__ = ["Context", "complete", "parse", "render", "resolve_symbol"]
