"""``termdesk keys``: the keys in force, and whether this terminal delivers them."""

from __future__ import annotations

from typing import Annotated

import typer

from termdesk.cli import options as o
from termdesk.cli.failure import DONE, console


@console
def keys(
    check: Annotated[bool, typer.Option("--check", help="Show which of them this terminal delivers.")] = False,
    preset: Annotated[
        str, typer.Option("--preset", metavar="NAME|FILE", help="default, vim, cn or a file; else the configured one.")
    ] = "",
    config: Annotated[str, typer.Option("--config", metavar="FILE", help="Configuration read after the user's.")] = "",
    json: o.Json = False,
) -> int:
    """Show the keys of the screen, with what is wrong with them."""
    import os
    from pathlib import Path

    from termdesk.cli.output import print_json, print_line, print_table
    from termdesk.cli.shapes import KeyShape
    from termdesk.config.load import load_settings, settings_files
    from termdesk.ui.actions import ACTIONS, shown_keys
    from termdesk.ui.keys.presets import chosen_keymap, wrong_keys
    from termdesk.ui.locale import catalogue, chosen_language

    settings = load_settings(settings_files(Path(config) if config else None), {})
    keymap = chosen_keymap(preset or settings.keys.preset, settings.keys.overrides)
    said = catalogue(chosen_language(settings.screen.language, os.environ))
    if check:
        from termdesk.ui.keys.check import KeyCheckApp

        return KeyCheckApp(keymap, said).run() or DONE
    if json:
        shapes = [
            KeyShape(action=one.id, keys=list(keymap.keys[one.id]), where=one.context.value, danger=one.danger.value)
            for one in ACTIONS
        ]
        print_json(shapes)
        return DONE
    print_table(
        "key where what action",
        [
            (
                shown_keys(keymap.keys[one.id]),
                said.word("context", one.context.value),
                said.texts[one.help_key],
                one.id,
            )
            for one in ACTIONS
        ],
    )
    wrong = wrong_keys(keymap, said)
    if wrong:
        print_line(wrong)
    return DONE
