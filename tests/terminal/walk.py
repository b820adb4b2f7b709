"""A walk through the whole screen: whatever opens is opened, an order is placed, explained and cancelled."""

from __future__ import annotations

from tmux import TmuxScreen

from termdesk.ui.locale import catalogue


def walked(screen: TmuxScreen, language: str = "en") -> None:
    """Walk once; ends with no order working."""
    said = catalogue(language)
    texts = said.texts
    screen.shows(said.tr("news.attached", desk="demo"))
    for key, text in (
        ("?", texts["action.ladder.finer.help"]),
        ("C-p", texts["action.desk.help.help"]),
        ("/", texts["finder.hint"].partition(" ·")[0]),
        (":", texts["ui.line_hint"].partition(" ·")[0]),
        ("F7", texts["ui.form_send"]),
    ):
        screen.press(key)
        screen.shows(text)
        screen.press("Escape")
        screen.shows_no(text)
    for keys, text in (
        (["A"], texts["news.armed"]),
        ([*["NPage"] * 30, "b"], texts["ticket.staged"]),
        (["Enter"], texts["status.new"]),
        (["y"], texts["ui.why_recorded"]),
    ):
        screen.press(*keys)
        screen.shows(text)
    screen.press("Escape")
    screen.shows_no(texts["ui.why_recorded"])
    for key, name in (("M-v", "review"), ("M-e", "research"), ("M-t", "trade")):
        screen.press(key)
        screen.shows(texts[f"workspace.{name}"])
    screen.shows(f"[{texts['blotter.tab.orders']} ")
    screen.press("F5")
    screen.shows(f"x {texts['action.row.cancel.label']}")
    screen.press("Down", "x")
    screen.shows(texts["status.canceled"])
