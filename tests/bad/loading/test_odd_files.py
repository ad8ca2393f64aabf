"""Files with odd names, links, shared names, loads at once and loads that are killed: nothing lost, nothing half."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dafeng.core.errors import BadInput
from dafeng.store import Store
from dafeng.workflows.district import District
from dafeng.workflows.loading import LoadOptions, LoadReport, load
from dafeng.workflows.readiness import readiness
from dafeng.workflows.starting import init

HEAD = "公园编号,公园名称,公园类型,开放日期,占地面积（m2）,所在街道镇\n"
BY = LoadOptions("甲")


def parks(count: int, prefix: str, area: int = 500) -> str:
    return HEAD + "".join(f"{prefix}{i},公园{i},口袋公园,2023-05-01,{area},汀湾镇\n" for i in range(count))


@pytest.fixture
def district(tmp_path: Path) -> District:
    return init(tmp_path / "某 区", name="某区").district


def put(district: District, name: str, text: str) -> Path:
    path = district.folder("inbox") / name
    path.write_text(text, encoding="utf-8")
    return path


def held(district: District) -> int:
    with district.open_store() as store:
        return store.counts().get("parks", 0)


def codes(report: LoadReport) -> set[str]:
    return {outcome.status for outcome in report.files}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows forbids these names")
def test_files_of_any_name_are_loaded_and_kept_with_their_reports(district: District):
    names = [
        "a b.csv",
        "q'uo\"te.csv",
        "new\nline.csv",
        "名" * 80 + ".csv",
        "😀.csv",
        "-rf.csv",
        "%s{}.csv",
        "a\tb.csv",
    ]
    for number, name in enumerate(names):
        put(district, name, parks(2, f"P{number}-"))
    (district.folder("inbox") / os.fsdecode(b"\xff\xfe.csv")).write_text(parks(2, "PX"), encoding="utf-8")
    report = load(district, (), BY)
    assert codes(report) == {"loaded"}
    assert held(district) == 2 * (len(names) + 1)
    assert list(district.folder("inbox").iterdir()) == []
    for outcome in report.files:
        assert outcome.kept is not None
        assert (district.root / outcome.kept).is_file()
        assert (district.root / f"{outcome.kept}.report.txt").is_file()


def test_a_link_in_the_inbox_is_named_and_not_followed(district: District, tmp_path: Path):
    outside = tmp_path / "outside.csv"
    outside.write_text(parks(2, "L"), encoding="utf-8")
    link = district.folder("inbox") / "link.csv"
    link.symlink_to(outside)
    put(district, "own.csv", parks(3, "M"))
    report = load(district, (), BY)
    assert [(outcome.file, outcome.status) for outcome in report.files] == [
        ("own.csv", "loaded"),
        ("link.csv", "refused"),
    ]
    assert [problem.code for problem in report.files[1].problems] == ["load.link"]
    assert link.is_symlink()
    assert held(district) == 3
    # Named in the command, it is the file that the person meant.
    load(district, (link,), BY)
    assert held(district) == 5


def test_a_number_without_end_refuses_its_own_file_and_no_other(district: District):
    put(district, "a.csv", parks(1, "A").replace(",500,", ",1e400,"))
    put(district, "b.csv", parks(2, "B"))
    report = load(district, (), BY)
    assert [outcome.status for outcome in report.files] == ["refused", "loaded"]
    assert [(problem.place.row, problem.place.column) for problem in report.files[0].problems] == [(2, "E")]
    assert held(district) == 2


def test_two_refused_files_of_one_name_are_both_given_back(district: District):
    for area in (-5, -7):
        put(district, "Book1.csv", parks(1, "R", area))
        assert codes(load(district, (), BY)) == {"refused"}
    kept = [path.read_text(encoding="utf-8") for path in district.folder("refused").glob("Book1*.csv")]
    assert sorted(kept) == sorted([parks(1, "R", -5), parks(1, "R", -7)])


def test_what_the_store_does_not_take_does_not_lie_among_the_loaded(
    district: District, monkeypatch: pytest.MonkeyPatch
):
    def fails(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "dafeng.db")

    path = put(district, "a.csv", parks(2, "F"))
    with monkeypatch.context() as patched:
        patched.setattr(Store, "load", fails)
        with pytest.raises(BadInput) as caught:
            load(district, (), BY)
    assert [problem.code for problem in caught.value.problems] == ["machine.full"]
    assert path.is_file()
    assert [left.name for left in district.folder("loaded").iterdir()] == []
    assert codes(load(district, (), BY)) == {"loaded"}


def command(district: District, *words: str) -> list[str]:
    start = "from dafeng.cli.main import entry; entry()"
    return [sys.executable, "-c", start, *words, "--district", str(district.root)]


def test_two_loads_at_once_share_the_inbox(district: District):
    for number in range(6):
        put(district, f"c{number}.csv", parks(50, f"C{number}-"))
    both = [
        subprocess.Popen(command(district, "load"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in range(2)
    ]
    said = [one.communicate(timeout=120)[0].decode() for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert held(district) == 300
    assert list(district.folder("inbox").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_a_load_killed_at_any_moment_leaves_all_or_nothing(district: District):
    for number, seconds in enumerate((0.6, 0.9, 1.2, 1.5, 1.8)):
        path = put(district, f"k{number}.csv", parks(4000, f"K{number}-"))
        before = held(district)
        process = subprocess.Popen(command(district, "load"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)
        now = held(district)
        assert (now - before) % 4000 == 0
        assert now == 4000 * (number + 1) or path.is_file()
    load(district, (), BY)
    assert held(district) == 20000
    assert [path.name for path in district.folder("loaded").glob(".*.part")] == []


def test_a_plan_that_cannot_be_read_is_told(district: District):
    (district.root / "plans" / "a.yaml").mkdir()
    with pytest.raises(BadInput) as caught:
        readiness(district)
    assert all(str(problem.place) for problem in caught.value.problems)
