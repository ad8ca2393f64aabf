"""Engine of the pathway: where emissions go from here, and whether they have peaked."""
