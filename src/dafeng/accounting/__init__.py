"""Engine: what was emitted, why it changed and how surely it is known. Pure functions over polars frames."""
