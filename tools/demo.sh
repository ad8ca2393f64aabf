#!/bin/sh
# make run: sets up the core install, makes the demo district once, runs it, and says where the results are.
set -eu
cd "$(dirname "$0")/.."
uv=$(tools/uv.sh)
# --inexact leaves a developer's tools in place when they are there.
"$uv" sync --quiet --locked --no-dev --inexact
dafeng="$PWD/.venv/bin/dafeng"

[ -f demo/district.toml ] || "$dafeng" init demo --demo
cd demo
[ -z "$(ls inbox)" ] || "$dafeng" load
"$dafeng" run
"$dafeng" report
# The same table to keep and to print; nothing has changed, so nothing is computed again.
"$dafeng" run >out/targets.txt

echo
echo "演示区县的全部数据均为合成数据。 All figures of the demo district are synthetic."
echo "结果文件 Results:"
find "$PWD/out" -type f \( -name '*.docx' -o -name '*.xlsx' -o -name '*.pdf' -o -name '*.txt' \) | sort | sed 's/^/  /'
echo "接下来 Next: cd demo && ../.venv/bin/dafeng --help"
