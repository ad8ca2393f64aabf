"""Documents (txt, md, html, docx, pdf) → text with its tables."""

from dafeng.sources.documents.document import Document
from dafeng.sources.documents.reading import read_document

__all__ = ["Document", "read_document"]
