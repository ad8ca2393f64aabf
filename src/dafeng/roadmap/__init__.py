"""Engine of the roadmap: which measures, how much and when, so that every target is met at least cost."""
