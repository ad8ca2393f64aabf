"""A Chinese font for charts, among those that machines have; None where there is none."""

from __future__ import annotations

import functools

# In the order of preference; the first found is used.
WANTED = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Sans SC", "PingFang SC", "Microsoft YaHei",
    "HarmonyOS Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "DengXian", "Hiragino Sans GB",
    "Heiti SC", "STHeiti", "Arial Unicode MS", "Droid Sans Fallback", "FangSong", "SimSun", "KaiTi",
)  # fmt: skip
_PROBE = "达骨量"


@functools.cache
def chinese_font() -> str | None:
    """Name of a font that matplotlib can load and that holds simplified Chinese."""
    from matplotlib import font_manager

    known = {entry.name for entry in font_manager.fontManager.ttflist}
    for name in WANTED:
        if name in known and _holds(font_manager.findfont(name, fallback_to_default=False)):
            return name
    return None


def _holds(path: str) -> bool:
    from matplotlib.font_manager import get_font

    try:
        characters = get_font(path).get_charmap()
    except (OSError, RuntimeError):
        return False
    return all(ord(character) in characters for character in _PROBE)
