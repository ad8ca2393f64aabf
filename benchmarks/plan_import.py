"""How long a plan of 33 KB takes to import, and how well plans are read (F1 of whole targets).

With ``DAFENG_REAL_DATA`` the real plan is imported; without it, the demo district's plan repeated to the same size.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from lines import Line, best_of

ROOT = Path(__file__).resolve().parents[1]
SIZE = 33_000


def bench() -> list[Line]:
    sys.path.insert(0, str(ROOT))
    from dafeng.workflows.plan import import_file

    with tempfile.TemporaryDirectory() as folder:
        document, name = _document(Path(folder))
        import_file(document)
        seconds = best_of(5, lambda: import_file(document))
    return [Line(f"import of a plan of 33 KB ({name})", seconds, 0.3, "s"), *_scores()]


def _document(folder: Path) -> tuple[Path, str]:
    """The real plan, or the demo plan's tasks again and again up to its size."""
    real = Path(os.environ.get("DAFENG_REAL_DATA", "")) / "plan" / "xuhui-2022.txt"
    if os.environ.get("DAFENG_REAL_DATA") and real.is_file():
        return real, "real"
    text = (ROOT / "src/dafeng/demo/plan/yunting-2022.txt").read_text(encoding="utf-8")
    begin, end = text.index("（一）"), text.index("三、政策保障")
    times = max(1, -(-(SIZE - len(text.encode())) // len(text[begin:end].encode())))
    path = folder / "plan.txt"
    path.write_text(text[:end] + text[begin:end] * times + text[end:], encoding="utf-8")
    return path, "demo, repeated"


def _scores() -> list[Line]:
    """F1 of targets with clause, value, unit, comparator, direction, years and responsible units all right."""
    from tests.planscore import golds, score_file

    scores = [score_file(gold) for gold in golds(ROOT / "tests/fixtures/plans/dev")]
    hits, both = sum(one.hits for one in scores), sum(one.wanted + one.found for one in scores)
    lines = [Line(f"F1 of targets, {len(scores)} layouts", 2 * hits / both, 0.95, "", higher_is_better=True)]
    real = Path(os.environ.get("DAFENG_REAL_DATA", "")) / "plan" / "xuhui-2022.txt"
    if os.environ.get("DAFENG_REAL_DATA") and real.is_file():
        score = score_file(ROOT / "tests/real/xuhui_2022.yaml", real)
        lines.append(Line("F1 of targets, real plan", score.f1, 0.95, "", higher_is_better=True))
    return lines
