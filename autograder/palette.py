"""The colours of the course: of the book's figures and pages, of reports and of plans.

They are told apart with every kind of colour vision, on a light page and on a dark one; the tests
compute both. Colour is never all: a line also has a dash or a marker, a box bears a word.
"""

from __future__ import annotations

# Where a picture knows which theme is on. Each name has a colour in both.
LIGHT = {
    "paper": "#ffffff",  # what a figure is drawn on
    "panel": "#f3f6fa",  # an area within it
    "ink": "#24292f",  # text and axes
    "grey": "#586068",  # what stands back
    "blue": "#146bbd",
    "orange": "#b43b10",
    "purple": "#591264",
    "green": "#04332a",
}
DARK = {
    "paper": "#121212",
    "panel": "#1d242d",
    "ink": "#dce2e8",
    "grey": "#8b9298",
    "blue": "#4493f8",
    "orange": "#f28336",
    "purple": "#ecd6f2",
    "green": "#75e3b5",
}
SERIES = ("blue", "orange", "grey", "purple", "green")  # of lines and bars, in this order

# Where it does not, as in a notebook: areas and lines that are seen on either, and that white
# text can be read on. They are not for text.
BADGES = {
    "green": "#1b7f4b",
    "orange": "#b8400f",
    "gold": "#7f6000",
    "blue": "#1f64c8",
    "purple": "#7656b0",
    "grey": "#5f6973",
}
ON_BADGE = "#ffffff"
