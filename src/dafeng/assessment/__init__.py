"""Assessment: what a target asks for by a year, how far the figure is, and which light that gives.

trajectory   expected value of a target in each year
judgement    a figure against its target
results      the answer of one run, as data
"""
