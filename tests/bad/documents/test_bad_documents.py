"""One small broken document per error: each is refused by name of the error, with what to do, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from dafeng.core.errors import BadInput
from dafeng.sources.documents import read_document

HERE = Path(__file__).parent
CODES = {
    "password.docx": "documents.password",
    "truncated.docx": "documents.damaged",
    "macros.docm": "documents.macros",
    "workbook.docx": "documents.not-a-document",
    "old.doc": "documents.old-format",
    "old.rtf": "documents.old-format",
    "password.pdf": "documents.password",
    "truncated.pdf": "documents.damaged",
    "scanned.pdf": "documents.scanned",
    "picture.png": "documents.picture",
    "not-a-pdf.pdf": "documents.damaged",
    "binary.txt": "documents.encoding",
    "mojibake.txt": "documents.encoding",
    "empty.txt": "documents.empty",
    "nothing.html": "documents.empty",
}


@pytest.mark.parametrize(("name", "code"), CODES.items(), ids=list(CODES))
def test_a_broken_document_is_refused_with_its_reason_and_remedy(name, code):
    with pytest.raises(BadInput) as refused:
        read_document(HERE / name)
    (problem,) = refused.value.problems
    assert problem.code == code
    assert problem.place.file == str(HERE / name)
    for words in (problem.rule, problem.remedy):
        assert words.zh.strip()
        assert words.en.strip()
        assert words.zh != words.en


def test_every_broken_document_here_is_tested():
    held = {path.name for path in HERE.iterdir() if path.suffix != ".py" and path.is_file()}
    assert held == set(CODES)
