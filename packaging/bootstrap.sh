#!/bin/sh
# Bring a fresh Debian machine with Python 3.11 to the point where the Makefile runs: missing system packages, the
# virtual environment, the locked Python packages, the compiled catalogues.
# Usage: packaging/bootstrap.sh VENV [tests]     (with `tests`: also what the tests and the bench call)
set -eu
venv=$1
here=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-python3}

# command that proves a package is there : Debian package
needed=""
[ "${2:-}" = tests ] && needed="openssl:openssl sqlite3:sqlite3 unzip:unzip softhsm2-util:softhsm2 Xvfb:xvfb
    xdotool:xdotool xrandr:x11-xserver-utils mkfs.vfat:dosfstools lp:cups-client cupsd:cups-daemon chromium:chromium
    chromedriver:chromium-driver mkfs.ext4:e2fsprogs mount:mount cc:gcc qemu-storage-daemon:qemu-system-common
    swtpm:swtpm pkg-config:pkg-config"
missing=""
PATH="$PATH:/usr/sbin:/sbin"
for pair in $needed; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
if [ "${2:-}" = tests ]; then
    [ -e /usr/include/stdio.h ] || missing="$missing libc6-dev"
    [ -e /usr/include/tss2/tss2_esys.h ] || missing="$missing libtss2-dev"
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
fi
# library that a window needs : Debian package
windows="libEGL.so.1:libegl1 libGL.so.1:libgl1 libxkbcommon.so.0:libxkbcommon0 libxkbcommon-x11.so.0:libxkbcommon-x11-0
    libfontconfig.so.1:libfontconfig1 libdbus-1.so.3:libdbus-1-3 libxcb-cursor.so.0:libxcb-cursor0
    libxcb-icccm.so.4:libxcb-icccm4 libxcb-keysyms.so.1:libxcb-keysyms1 libxcb-image.so.0:libxcb-image0
    libxcb-render-util.so.0:libxcb-render-util0 libxcb-shape.so.0:libxcb-shape0 libxcb-randr.so.0:libxcb-randr0
    libglib-2.0.so.0:libglib2.0-0"
libraries=$(/sbin/ldconfig -p 2>/dev/null || true)
for pair in $windows; do
    case "$libraries" in *"${pair%%:*} "*) ;; *) missing="$missing ${pair##*:}" ;; esac
done
[ -d /usr/share/fonts/opentype/inter ] || missing="$missing fonts-inter"
"$python" -c 'import venv, ensurepip' 2>/dev/null || missing="$missing python3-venv"
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ]; then as_root=""
    elif sudo -n true 2>/dev/null; then as_root="sudo"
    else
        echo "Missing system packages:$missing. Ask an administrator to run: apt-get install$missing" >&2
        exit 1
    fi
    $as_root apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or newer is needed; this is $("$python" --version). Set PYTHON=/path/to/python3.11" >&2
    exit 1
}
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
echo "Installing the locked packages (a minute on a new machine) …"
# --no-deps: the lock is complete, so nothing is resolved again; a release of tomorrow cannot change or break today.
"$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r "$here/requirements.lock"
# Built here, against Debian's libtss2: a station without a TPM does without.
[ "${2:-}" != tests ] || "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-deps --require-hashes \
    -r "$here/packaging/tpm.lock"
"$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e "$here"
"$venv/bin/pybabel" -q compile -d "$here/resources/locale" -D kiosk
