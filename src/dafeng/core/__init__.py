"""Words that every room shares: text in two languages, problems, periods, units, provenance, expressions.

Imports nothing of ours; importing it is cheap (no third-party package is loaded).
"""
