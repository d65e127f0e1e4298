"""Helpers of the page on models: what really decides the hours, and two figures."""

from __future__ import annotations

import pandas as pd
from matplotlib import pyplot as plt
from shop import SEED
from shop.truth import NOISE_HOURS, truth
from wall import BLUE, GREY, ORANGE

__all__ = ["NOISE_HOURS", "draw_estimates", "draw_steps", "true_hours"]


def true_hours() -> dict[str, float]:
    """The numbers that made the deliveries of the published seed, in hours; the base is Postline.

    No exercise can ask for them: a graded run has data of another seed, with numbers of its own.
    """
    true = truth(SEED)
    first, *others = true.courier
    assert true.courier[first] == 0, first
    return {
        "per 100 km": true.per_100_km,
        "per kg": true.per_kg,
        "express": true.express,
        "weekend": true.weekend,
        **{name: true.courier[name] for name in others},
        "start": true.base,
    }


def draw_estimates(found: dict[str, pd.DataFrame], true: dict[str, float]) -> None:
    """How far each estimate lies from the truth, with bars of two standard errors.

    Args:
        found: for each data set its name and a frame with the columns `estimate` and `error`, in
            hours, and the names of `true` as its index.
        true: the true numbers, in hours.
    """
    _, axes = plt.subplots(figsize=(7, 4.2), layout="constrained")
    looks = ((ORANGE, "s", -0.16), (BLUE, "o", 0.16))
    for (name, one), (colour, marker, shift) in zip(found.items(), looks, strict=True):
        one = one.loc[list(true)]
        axes.errorbar(
            one["estimate"] - pd.Series(true), [place + shift for place in range(len(true))],
            xerr=2 * one["error"], fmt=marker, color=colour, capsize=4, label=name,
        )  # fmt: skip
    axes.axvline(0, color=GREY, linewidth=1.5, linestyle="--", label="the truth")
    axes.set_yticks(range(len(true)), list(true))
    axes.invert_yaxis()
    axes.set_xlabel("estimate less truth, hours; bars: 2 standard errors")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.14), ncols=3, frameon=False)


def draw_steps(along: pd.DataFrame, known_to: float) -> None:
    """The forecasts of two models along the distance.

    Args:
        along: columns `distance_km`, and one for each model, in hours.
        known_to: the largest distance in the training rows, in km.
    """
    _, axes = plt.subplots(figsize=(7, 3.2), layout="constrained")
    names = [name for name in along if name != "distance_km"]
    for name, colour, style in zip(names, (BLUE, ORANGE), ("-", "--"), strict=True):
        axes.plot(along["distance_km"], along[name], style, color=colour, linewidth=2, label=name)
    axes.axvspan(known_to, along["distance_km"].max(), color=GREY, alpha=0.15, linewidth=0)
    axes.annotate(
        "no parcel\nto learn from", (known_to, axes.get_ylim()[0]),
        xytext=(6, 6), textcoords="offset points",
    )  # fmt: skip
    axes.set_xlabel("distance, km")
    axes.set_ylabel("forecast, hours")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="upper left", frameon=False)
