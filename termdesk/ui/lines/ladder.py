"""The quote ladder as a widget, and the plain data it is given."""

from __future__ import annotations

from termdesk.ui.lines.idiom import Idiom, Row, message
from termdesk.ui.lines.ladder_model import LadderModel, OwnOrder, Staged
from termdesk.ui.lines.ladder_rows import paint_ladder
from termdesk.ui.lines.ladder_strip import strip_rows
from termdesk.ui.lines.ladder_totals import totals_rows
from termdesk.ui.lines.surface import Surface

__all__ = ["LadderModel", "LadderSurface", "OwnOrder", "Staged"]


class LadderSurface(Surface, can_focus=True):
    """The ladder as a widget. Give it a model, then flush."""

    def __init__(self, idiom: Idiom, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.idiom = idiom
        self.model: LadderModel | None = None

    @property
    def price_rows(self) -> int:
        """Rows of prices that fit; the view's ``rows``."""
        height = self.size.height
        return max(0, height - 1 - strip_rows(height) - totals_rows(height))

    def show(self, model: LadderModel | None) -> int:
        """Show another state; returns how many rows changed."""
        self.model = model
        return self.flush()

    def paint(self, width: int, height: int) -> list[Row]:
        """Paint the model, or say that there is none."""
        if self.model is None:
            return message(self.idiom.tr("ladder.empty"), width, height)
        return paint_ladder(self.model, self.idiom, width, height)
