#!/bin/sh
# Prints the path of a usable uv; sets one up under .tools/ when the machine has none.
# Needs only python3 (3.11 or newer). Tries, in order: uv on the PATH, python3 -m venv, pip install --target,
# and as root on Debian the package python3-venv. Says plainly what is missing when none of these works.
set -u
cd "$(dirname "$0")/.." || exit 1
UV_VERSION=0.13.9
OLDEST_MINOR=8
tools="$PWD/.tools"

usable() {
    version=$("$1" --version 2>/dev/null | sed -n 's/^uv \([0-9][0-9.]*\).*/\1/p')
    [ -n "$version" ] || return 1
    major=${version%%.*}
    rest=${version#*.}
    [ "$major" -gt 0 ] || [ "${rest%%.*}" -ge "$OLDEST_MINOR" ]
}

found() {
    echo "$1"
    exit 0
}

say() { echo "$*" >&2; }

for candidate in "$tools/venv/bin/uv" "$tools/target/bin/uv" "$(command -v uv 2>/dev/null)"; do
    [ -n "$candidate" ] && [ -x "$candidate" ] && usable "$candidate" && found "$candidate"
done

if ! command -v python3 >/dev/null 2>&1 ||
    ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    say "需要 Python 3.11 或更新版本（python3）。Debian 12 及以后：apt-get install python3"
    say "Python 3.11 or newer is needed as python3. On Debian 12 or later: apt-get install python3"
    exit 1
fi

mkdir -p "$tools"

with_venv() {
    rm -rf "$tools/venv"
    python3 -m venv "$tools/venv" >"$tools/venv.log" 2>&1 || { rm -rf "$tools/venv"; return 1; }
    "$tools/venv/bin/python" -m pip install --quiet "uv==$UV_VERSION" >"$tools/pip.log" 2>&1 &&
        usable "$tools/venv/bin/uv"
}

with_target() {
    python3 -m pip --version >/dev/null 2>&1 || return 1
    rm -rf "$tools/target"
    python3 -m pip install --quiet --target "$tools/target" "uv==$UV_VERSION" >"$tools/pip.log" 2>&1 &&
        usable "$tools/target/bin/uv"
}

say "正在准备 uv（只在第一次）…… setting up uv (first time only) …"
with_venv && found "$tools/venv/bin/uv"
with_target && found "$tools/target/bin/uv"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "安装 Debian 软件包 python3-venv …… installing Debian's package python3-venv …"
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv; } \
        >"$tools/apt.log" 2>&1 || cat "$tools/apt.log" >&2
    with_venv && found "$tools/venv/bin/uv"
fi

if [ -s "$tools/pip.log" ]; then
    say "未能从软件包索引安装 uv，pip 的原话如下。没有网络的机器请使用离线安装包（make bundle）。"
    say "uv could not be installed from the package index; pip said what follows. On a machine without"
    say "internet use the offline installer (make bundle)."
    cat "$tools/pip.log" >&2
else
    say "这台机器的 Python 既没有 venv（ensurepip）也没有 pip，请先执行：sudo apt-get install python3-venv"
    say "This machine's Python has neither venv (ensurepip) nor pip. First: sudo apt-get install python3-venv"
fi
exit 1
