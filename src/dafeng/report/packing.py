"""Writes a Word file whose bytes depend on nothing but its content: fixed times, no thumbnail, no tool's name."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from dafeng.report.words import moment

_APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>dafeng</Application></Properties>"
)


def write_docx(document: Any, path: Path, made_at: str) -> None:
    """Save ``document`` at ``path``; every member of the archive carries the time of the run."""
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[key]
    held = io.BytesIO()
    document.save(held)
    at = max(moment(made_at).timetuple()[:6], (1980, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(held) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = _APP.encode() if name == "docProps/app.xml" else old.read(name)
            info = zipfile.ZipInfo(name, at)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            new.writestr(info, data)
