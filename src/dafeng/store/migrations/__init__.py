"""Alembic's migrations, shipped in the package.

``HEAD`` is the newest: opening a store that is up to date loads no alembic.
"""

HEAD = "0001"


def versions() -> frozenset[str]:
    """Every layout that this program has ever written."""
    return frozenset(f"{number:04d}" for number in range(1, int(HEAD) + 1))
