"""What decides how long a delivery takes. A student's run cannot read this module or the seed.

hours = base + per_100_km x distance_km / 100 + per_kg x weight_g / 1000
        + courier + express (where it is) + weekend (where it starts at one) + noise
"""

from __future__ import annotations

from dataclasses import dataclass

from shop.draw import Stream

NOISE_HOURS = 1.5  # standard deviation; the sum of twelve uniform numbers, so nearly normal
SHORTEST_HOURS = 1.0


@dataclass(frozen=True)
class Truth:
    """The coefficients of one seed, in hours."""

    base: float
    per_100_km: float
    per_kg: float
    express: float
    weekend: float
    courier: dict[str, float]  # the first courier is the base case: 0


def truth(seed: int) -> Truth:
    """The coefficients that made the deliveries of `seed`."""
    from shop.orders import COURIERS

    stream = Stream(seed, "truth")

    def between(low: int, high: int) -> float:
        return (low + int(stream.below(1, high - low + 1)[0])) / 100

    return Truth(
        base=between(1_200, 2_000),
        per_100_km=between(120, 320),
        per_kg=between(20, 80),
        express=-between(400, 900),
        weekend=between(500, 1_100),
        courier={
            name: 0.0 if place == 0 else between(-300, 600) for place, name in enumerate(COURIERS)
        },
    )
