"""Alembic's migrations, shipped in the package.

``HEAD`` is the newest: opening a store that is up to date loads no alembic.
"""

HEAD = "0001"
