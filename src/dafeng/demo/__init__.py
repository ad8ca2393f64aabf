"""The fictional demo district 云汀区 (Yunting District): a seeded generator of records for every register.

Nothing here describes a real place. Totals are calibrated to public figures of comparable districts, each a named
constant with its source in ``calibration``; where no public figure exists a range stands in its place.
"""
