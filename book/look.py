"""How the book's figures look: one palette, and a picture that follows the page's theme.

A figure is kept as an SVG whose colours change with the colour scheme of the page around it. Where
no SVG is taken, in a PDF for one, it is a PNG on white.
"""

from __future__ import annotations

import io
import re
from typing import Any

from autograder.palette import DARK, LIGHT, SERIES

PAPER, INK = LIGHT["paper"], LIGHT["ink"]
BLUE, ORANGE, GREY, PURPLE, GREEN = (LIGHT[name] for name in SERIES)
WIDTH = 5.4  # inches of a figure: on a phone its words are then still 9 px high

SETTINGS = {
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "patch.edgecolor": INK,
    "grid.color": GREY,
    "legend.edgecolor": GREY,
    "hatch.color": PAPER,
    "font.size": 11,
    "svg.fonttype": "path",  # letters as they were measured, whatever fonts the reader has
    "svg.hashsalt": "beyond-pandas",  # names within the picture are the same in every build
}


def in_the_dark() -> str:
    """A style sheet that gives each colour of `LIGHT` its colour of `DARK` on a dark page.

    It goes by what is written in the elements, so that a reader who knows no style sheets, in an
    e-book for one, sees the light picture.
    """
    rules = "".join(
        f'[style*="{what}: {colour}"],[{what}="{colour}"]{{{what}:{DARK[name]}!important}}'
        for name, colour in LIGHT.items()
        for what in ("fill", "stroke")
    )
    return f"<style>@media (prefers-color-scheme:dark){{{rules}}}</style>"


def follows_the_theme(svg: str) -> str:
    """An SVG that matplotlib made, with its dark colours. Black and white are ink and paper."""
    for plain, name in (("#000000", "ink"), ("#ffffff", "paper")):
        svg = re.sub(rf"((?:fill|stroke): ){plain}", rf"\g<1>{LIGHT[name]}", svg)
    return re.sub(r"<svg [^>]*>", lambda found: found.group() + in_the_dark(), svg, count=1)


def as_svg(figure: Any) -> str:
    """A matplotlib figure as an SVG that follows the theme."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return follows_the_theme(out.getvalue())


def set_up() -> None:
    """Draw all figures of this process in the palette; a notebook keeps them as SVG and PNG."""
    from cycler import cycler
    from matplotlib import pyplot as plt
    from matplotlib.figure import Figure

    plt.rcParams.update(SETTINGS)
    plt.rcParams["axes.prop_cycle"] = cycler(color=[LIGHT[name] for name in SERIES])
    try:
        from IPython import get_ipython  # type: ignore[attr-defined]
    except ImportError:
        return
    shell = get_ipython()
    if shell is None:
        return
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    set_matplotlib_formats("png")
    shell.display_formatter.formatters["image/svg+xml"].for_type(Figure, as_svg)
