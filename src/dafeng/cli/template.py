"""``dafeng template``: the Excel template of a register."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("register", required=False)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="写入的文件 · the file to write")
@click.option("--lang", type=click.Choice(["both", "zh", "en"]), default="both", help="语言 · language of headings")
@click.option("--filled", is_flag=True, help="写入现有记录 · with the records that are held")
@click.option("--district", type=click.Path(path_type=Path, file_okay=False), help="区的文件夹 · the district's folder")
@click.option("--json", "as_json", is_flag=True, help="JSON 输出 · answer in JSON")
def template(
    register: str | None, output: Path | None, lang: str, filled: bool, district: Path | None, as_json: bool
) -> None:
    """台账的 Excel 模板，带下拉列表和说明；不写台账时列出全部台账。

    The Excel template of a register with drop-downs and a guide; without a register lists them all. In a district's
    folder the district's own catalogue and records are used.
    """
    from dafeng.cli.output import print_json, print_table
    from dafeng.core.errors import BadInput
    from dafeng.core.text import Text
    from dafeng.workflows.district import open_district
    from dafeng.workflows.templates import list_registers, make_template

    try:
        here = open_district(district)
    except BadInput as error:
        # Outside a district the shipped catalogue serves, unless a folder or its records were asked for.
        if district is not None or filled or error.problems[0].code != "district.not-found":
            raise
        here = None
    if register is None:
        entries = list_registers(here)
        if as_json:
            print_json([{"id": e.id, "name": {"zh": e.name.zh, "en": e.name.en}, "owner": e.owner} for e in entries])
            return
        heads = [str(Text(*pair)) for pair in (("代号", "id"), ("台账", "Register"), ("填报单位", "Filled in by"))]
        print_table(heads, [[entry.id, str(entry.name), entry.owner] for entry in entries])
        return
    made = make_template(register, output, district=here, lang=lang, filled=filled)
    if as_json:
        print_json({"file": str(made.path), "register": made.register, "rows": made.rows})
        return
    rows = Text(f"，含 {made.rows} 条现有记录", f" with {made.rows} records") if filled else Text("", "")
    click.echo(Text(f"已写入 {made.path}{rows.zh}", f"wrote {made.path}{rows.en}"))
