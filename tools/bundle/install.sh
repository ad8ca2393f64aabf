#!/bin/sh
# 离线安装达峰 dafeng @VERSION@（@PLATFORM@）。 Installs dafeng without internet.
#   sh install.sh [目录 FOLDER]      默认 default: $HOME/dafeng-app
set -u
cd "$(dirname "$0")" || exit 1
folder=${1:-$HOME/dafeng-app}

python=""
for candidate in $(for wanted in @PYTHONS@; do echo "python$wanted"; done) python3; do
    version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    for wanted in @PYTHONS@; do
        [ "$version" = "$wanted" ] && python=$candidate && break 2
    done
done
if [ -z "$python" ]; then
    echo "没有找到合适的 Python。本安装包适用于 Python @PYTHONS@，请先安装其中一个版本。" >&2
    echo "No fitting Python was found. This installer is for Python @PYTHONS@; install one of these first." >&2
    exit 1
fi

if command -v sha256sum >/dev/null 2>&1 && ! sha256sum --quiet -c SHA256SUMS; then
    echo "安装包不完整或已损坏，请重新拷贝。 The installer is incomplete or damaged; copy it again." >&2
    exit 1
fi

# pip runs from its own wheel, so neither pip nor ensurepip need be on this machine.
pip=$(echo wheelhouse/pip-*.whl)/pip
"$python" -m venv --without-pip "$folder" &&
    "$folder/bin/python" "$pip" install --quiet --disable-pip-version-check --no-warn-script-location \
        --no-index --find-links wheelhouse 'dafeng[postgresql]==@VERSION@' || {
    echo "安装未完成，原因见上。 The installation did not finish; the reason stands above." >&2
    exit 1
}
"$folder/bin/dafeng" --version || exit 1
echo "已安装到 Installed in: $folder"
echo "命令 Command: $folder/bin/dafeng"
echo "若要直接输入 dafeng To type just dafeng: export PATH=\"$folder/bin:\$PATH\""
