#!/bin/sh
# Installs the Debian packages that some tests need, where that is possible: as root, with apt-get.
# Otherwise names each missing one and what will not be tested without it. Never fails: the tests themselves
# report what was not run, and under CI=true that is a failure.
set -u

missing=""
need() { # need PACKAGE WHAT-FOR PROBE…
    package=$1
    purpose=$2
    shift 2
    "$@" >/dev/null 2>&1 && return
    missing="$missing $package"
    echo "missing: $package ($purpose)"
}

has_postgresql() { ls /usr/lib/postgresql/*/bin/postgres; }
has_writer() { command -v soffice && ls /usr/lib/libreoffice/program/libswlo.so; }
has_calc() { command -v soffice && ls /usr/lib/libreoffice/program/libsclo.so; }
has_cjk_font() { ls /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc; }

need postgresql "records on PostgreSQL" has_postgresql
need libreoffice-writer-nogui "Word files opened and looked at as pages" has_writer
need libreoffice-calc-nogui "Excel files opened and looked at as pages" has_calc
need poppler-utils "pages of a PDF as pictures" command -v pdftoppm
need fonts-noto-cjk "Chinese text on pages and charts" has_cjk_font
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing Debian packages:$missing"
    log=$(mktemp)
    # The server's own cluster is not wanted: the tests start one of their own and stop it again.
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] ||
        echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
    # shellcheck disable=SC2086
    if apt-get update -qq >"$log" 2>&1 &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >>"$log" 2>&1; then
        echo "installed."
    else
        tail -n 20 "$log"
        echo "could not install:$missing"
    fi
    rm -f "$log"
else
    echo "to run everything: sudo apt-get install --no-install-recommends$missing"
fi
exit 0
