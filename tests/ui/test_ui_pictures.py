"""How every screen looks: by size, theme and language, as pictures of text that can be reviewed.

The product is every scene of ``picture_scenes`` × its sizes × both languages,
one file each. Every scene is held against every theme at 80×24 in English, and
at each other size and language against one theme, taken in turn; with ``-m long``
against every theme there too. ``colours.txt`` holds what the names of the legends
are in each theme and convention.
``pytest tests/ui/test_ui_pictures.py --snapshot-update`` writes the files anew.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from picture_scenes import SCENES, Engine, opened, regions, scene_app
from pictures import FOLDER, LOOKS, Look, cells_of, differences, taken
from pilot_words import shown
from rich.style import Style
from textual.color import Color

from termdesk.ui.lines.format import left
from termdesk.ui.lines.palette import GROUNDS, INKS, Convention, Palette
from termdesk.ui.link import Link
from termdesk.ui.locale import LANGUAGES
from termdesk.ui.theme import shipped_themes

SIZES = ("80x24", "120x40", "200x50")
PRODUCT = [
    (name, size, language) for name, scene in SCENES.items() for size in scene.sizes or SIZES for language in LANGUAGES
]
MOST_BYTES = 3_000_000
"""Of all pictures together."""


pytestmark = pytest.mark.usefixtures("still_link")


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    engine = Engine()
    monkeypatch.setattr(Link, "do", lambda _, command: engine.take(command))
    monkeypatch.setattr(Link, "asking", property(lambda _: engine))
    return engine


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(("name", "size", "language"), PRODUCT)
async def test_screen_looks_the_same(name: str, size: str, language: str, request: pytest.FixtureRequest) -> None:
    picture = await drawn(name, size, language, looks_of(name, size, language))
    compare(f"{name}-{size}-{language}", picture, is_written=request.config.getoption("--snapshot-update"))


@pytest.mark.long
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(("name", "size", "language"), PRODUCT)
async def test_screen_looks_the_same_under_every_theme(name: str, size: str, language: str) -> None:
    compare(f"{name}-{size}-{language}", await drawn(name, size, language, LOOKS), is_written=False)


async def drawn(name: str, size: str, language: str, looks: tuple[Look, ...]) -> str:
    """Open a scene and give its picture, the same under all of these looks."""
    scene = SCENES[name]
    width, height = map(int, size.split("x"))
    async with scene_app(scene, language).run_test(size=(width, height)) as pilot:
        await opened(pilot, scene)
        lines = shown(pilot).splitlines()
        text = "\n".join(lines)
        assert [word for word in scene.words[language] if word not in text] == []
        assert (len(lines), {cells_of(line) for line in lines}) == (height, {width})
        assert not set(text) & set("\ufffd\x1b\t"), "nothing is cut in the middle of a character"
        picture = await taken(pilot, regions(pilot, scene), looks)
    legend = picture.rpartition("-- legend\n")[2].splitlines()
    assert [line for line in legend if "?" in line[1:]] == [], "every colour has a name in every theme"
    return picture


def looks_of(name: str, size: str, language: str) -> tuple[Look, ...]:
    """Every theme for the smallest screen in English; for the others one of them, in turn."""
    if (size, language) == (SIZES[0], LANGUAGES[0]):
        return LOOKS
    return (LOOKS[PRODUCT.index((name, size, language)) % len(LOOKS)],)


def compare(name: str, picture: str, *, is_written: bool) -> None:
    """Hold a picture against its file, or write it."""
    path = FOLDER / f"{name}.txt"
    if is_written:
        FOLDER.mkdir(parents=True, exist_ok=True)
        path.write_text(picture, encoding="utf-8")
    assert path.exists(), f"there is no picture {path.name} yet; pytest --snapshot-update writes it"
    before = path.read_text(encoding="utf-8")
    if before != picture:
        told = f"{path.name} looks otherwise now; pytest --snapshot-update takes it over"
        pytest.fail(f"{told}\n{differences(before, picture)}", pytrace=False)


def test_colours_of_every_theme_and_convention(request: pytest.FixtureRequest) -> None:
    table = "\n".join(colour_table()) + "\n"
    compare("colours", table, is_written=request.config.getoption("--snapshot-update"))


def colour_table() -> Iterator[str]:
    """Give every ink and ground by theme; those of up and down by convention too."""
    themes = shipped_themes()
    yield left("", 22) + "".join(left(name, 18) for name in themes)
    for convention in Convention:
        palettes = []
        for theme in themes.values():
            made = theme.made(convention)
            variables = {**made.to_color_system().generate(), **made.variables}
            palettes.append(Palette(variables, Color.parse(made.background or "")))
        moves = {"up", "down", "bid", "ask"}
        inks = [name for name in INKS if convention is Convention.RED_UP or name in moves]
        grounds = [name for name in GROUNDS if convention is Convention.RED_UP or name.removesuffix("_bar") in moves]
        yield f"-- {convention.value}"
        for ink in inks:
            yield _row(ink, [told(palette[ink], "color") for palette in palettes])
        for ground in grounds:
            yield _row(f"@{ground}", [told(palette[f"text@{ground}"], "bgcolor") for palette in palettes])


def told(style: Style, which: str) -> str:
    """Name one colour of a style, and how it is shown."""
    marks = " bold" if style.bold else " reverse" if style.reverse else ""
    return f"{getattr(style, which).name}{marks}"


def _row(name: str, cells: list[str]) -> str:
    return (left(name, 22) + "".join(left(cell, 18) for cell in cells)).rstrip()


def test_no_picture_is_left_over_and_all_together_stay_small() -> None:
    wanted = {"colours.txt", *(f"{name}-{size}-{language}.txt" for name, size, language in PRODUCT)}
    files = {path.name: path.stat().st_size for path in FOLDER.iterdir()}
    assert set(files) == wanted
    assert sum(path.stat().st_size for path in FOLDER.parent.rglob("*.*")) < MOST_BYTES


def test_every_theme_and_every_convention_is_looked_at() -> None:
    assert {look.theme for look in LOOKS} == set(shipped_themes())
    assert {look.convention for look in LOOKS} == set(Convention)
