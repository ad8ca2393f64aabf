"""The command line: one module per verb; what a verb needs is imported inside it."""
