"""What the benchmarks work out of the times that they take."""

from __future__ import annotations

from benchmarks.feedback import within


def test_a_share_of_the_times_lies_within_what_is_told_of_them() -> None:
    took = [float(n) for n in range(40, 0, -1)]
    assert (within(took, 0.95), within(took[:20], 0.95), within(took, 1.0)) == (38.0, 39.0, 40.0)
    assert within([2.0], 0.95) == 2.0
    assert sum(one <= within(took, 0.95) for one in took) / len(took) == 0.95
