"""Moved to `anchorset.infra.html.plots`; old name, going. What this module does not know: plots."""

from anchorset.infra.html.plots import WIDTH, Curve, Interval, Pair, curves, dumbbell, forest

__all__ = ["WIDTH", "Curve", "Interval", "Pair", "curves", "dumbbell", "forest"]
