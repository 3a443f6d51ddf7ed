#!/bin/sh
# Makes $VENV with everything that chatanything needs. Safe to run again.
set -eu

PYTHON="${PYTHON:-python3}"
VENV="${VENV:-.venv}"

say() { printf '%s\n' "setup: $*"; }
fail() { printf '%s\n' "setup: $*" >&2; exit 1; }

# Shared libraries that the landmark detector and OpenCV load; Debian's names.
missing=""
for pair in libGL.so.1:libgl1 libEGL.so.1:libegl1 libGLESv2.so.2:libgles2 libglib-2.0.so.0:libglib2.0-0; do
    lib="${pair%%:*}" package="${pair##*:}"
    { ldconfig -p 2>/dev/null || /sbin/ldconfig -p; } | grep -q "$lib" || missing="$missing $package"
done
command -v "$PYTHON" >/dev/null 2>&1 || missing="$missing python3 python3-venv"
if command -v "$PYTHON" >/dev/null 2>&1; then
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
fi
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "installing$missing"
        apt-get update -qq
        # shellcheck disable=SC2086 # a list of package names
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    else
        fail "these system packages are missing:$missing. Install them, on Debian: sudo apt-get install$missing"
    fi
fi

"$PYTHON" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' ||
    fail "Python 3.11, 3.12 or 3.13 is needed, got $("$PYTHON" -V). Name another: make PYTHON=python3.12 demo"

[ -x "$VENV/bin/python" ] || { say "making $VENV"; "$PYTHON" -m venv "$VENV"; }
say "installing packages (a few minutes the first time)"
"$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
"$VENV/bin/python" -m pip check
