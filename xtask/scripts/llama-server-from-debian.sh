#!/usr/bin/env bash
# Unpacks llama.cpp's server from Debian's unstable suite, about 13 MB. Nothing is installed.
#
#   llama-server-from-debian.sh FOLDER
#
# The result is FOLDER/llama-server. The mirror is the one that this system's apt already uses (or
# $DEBIAN_MIRROR); apt gets a private state under FOLDER and reads nothing of the system but its keyring.
set -euo pipefail

PREFIX=$1
ROOT=$PREFIX/root A=$PREFIX/apt
KEY=/usr/share/keyrings/debian-archive-keyring.gpg

die() { printf '    could not unpack llama-server from Debian: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || die "it is for x86-64 Linux only"
for program in apt-get apt-cache dpkg; do have $program || die "it needs $program"; done
[ -r $KEY ] || die "it needs $KEY (package debian-archive-keyring)"
MIRROR=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | grep -E '/debian/?$' | head -n 1)}
[ -n "$MIRROR" ] || die "this system's apt names no Debian mirror; name one in DEBIAN_MIRROR"

mkdir -p "$A/lists/partial" "$A/cache/archives/partial" "$A/debs"
: >"$A/status"
echo "deb [signed-by=$KEY arch=amd64] $MIRROR sid main" >"$A/sources.list"
APT=(-qq -o "Dir::Etc::sourcelist=$A/sources.list" -o Dir::Etc::sourceparts=/dev/null
     -o Dir::Etc::preferencesparts=/dev/null -o Dir::Etc::preferences=/dev/null
     -o "Dir::State::Lists=$A/lists" -o "Dir::State::status=$A/status" -o "Dir::Cache=$A/cache"
     -o APT::Architecture=amd64 -o APT::Architectures::=amd64 -o "APT::Sandbox::User=$(id -un)"
     -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false
     -o Acquire::Retries=2 -o Acquire::http::Timeout=20)
apt-get "${APT[@]}" update >&2 || die "the package list could not be fetched"

# Its libraries are found by following Depends, so that no version is written here; it asks for programs to download
# with and to be configured by as well, which it runs without.
depends() {
  apt-cache "${APT[@]}" depends --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
    --no-enhances --no-pre-depends "$@"
}
mapfile -t NEEDED < <(depends llama.cpp-tools | sed -n 's/^ *|\?Depends: \([a-z0-9]\)/\1/p' | grep '^lib' | sort -u)
mapfile -t ALL < <(depends --recurse "${NEEDED[@]}" | grep -E '^[a-z0-9]' | sort -u |
  grep -vE '^(gcc-[0-9]+-base|libc-gconv-modules-extra|libc-bin|debconf.*|openssl-.*)$')
(cd "$A/debs" && rm -f ./*.deb && apt-get "${APT[@]}" download llama.cpp-tools "${ALL[@]}" >&2) ||
  die "the packages could not be fetched"

rm -rf "$ROOT"
mkdir -p "$ROOT"
for package in "$A"/debs/*.deb; do dpkg -x "$package" "$ROOT"; done
rm -rf "$A" "$ROOT/usr/share"

# It runs with its own loader and C library, because this system's may be older; and on any processor.
L=$ROOT/usr/lib/x86_64-linux-gnu
BACKEND=$(find "$L" -name 'libggml-cpu-x64.so' | head -n 1)
cat >"$PREFIX/llama-server" <<SH
#!/bin/sh
GGML_BACKEND_PATH="$BACKEND" exec "$L/ld-linux-x86-64.so.2" --library-path "$L:$L/llama" "$ROOT/usr/bin/llama-server" "\$@"
SH
chmod +x "$PREFIX/llama-server"
"$PREFIX/llama-server" --version >/dev/null 2>&1 || die "it does not run here"
