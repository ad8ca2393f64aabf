"""The catalogue: standards, units, choices, factors, registers, indicators, rules, measures and tariffs as
data.

``load_catalogue(local)`` reads what ships with the program and merges a district's own folder on top.
"""

from dafeng.catalogue.load import Catalogue, catalogue_digest, load_catalogue

__all__ = ["Catalogue", "catalogue_digest", "load_catalogue"]
