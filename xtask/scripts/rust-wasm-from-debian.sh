#!/usr/bin/env bash
# Unpacks a Rust compiler with WebAssembly targets from Debian's unstable suite. Nothing is installed.
#
#   rust-wasm-from-debian.sh FOLDER TARGET...
#
# `cargo xtask setup` runs this only where `rustup target add` does not work. The result is
# FOLDER/toolchain. The mirror is the one that this system's apt already uses (or $DEBIAN_MIRROR);
# apt gets a private state under FOLDER and reads nothing of the system but its keyring.
set -euo pipefail

PREFIX=$1
shift
TARGETS=("$@")
TC=$PREFIX/toolchain ROOT=$PREFIX/root A=$PREFIX/apt
TRIPLE=x86_64-unknown-linux-gnu
KEY=/usr/share/keyrings/debian-archive-keyring.gpg

say() { printf '    %s\n' "$*" >&2; }
die() { printf '    could not unpack Rust from Debian: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || die "it is for x86-64 Linux only"
for program in apt-get apt-cache dpkg cargo cc; do have $program || die "it needs $program"; done
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
     -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false)
say "fetching the package list"
apt-get "${APT[@]}" update >&2

# What rustc's shared libraries need is found by following Depends, so that no version is written here.
mapfile -t CLOSURE < <(
  apt-cache "${APT[@]}" depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
    --no-replaces --no-enhances --no-pre-depends libstd-rust-dev | grep -E '^[a-z0-9]' | sort -u |
    grep -vE '^(gcc-[0-9]+-base|libc-gconv-modules-extra|ncurses-.*|debconf.*|libc-bin)$')
say "downloading rustc and its WebAssembly library"
(cd "$A/debs" && rm -f ./*.deb && apt-get "${APT[@]}" download rustc libstd-rust-dev-wasm32 "${CLOSURE[@]}" >&2)

rm -rf "$ROOT" "$TC"
mkdir -p "$ROOT" "$TC/bin" "$TC/lib"
for package in "$A"/debs/*.deb; do dpkg -x "$package" "$ROOT"; done
rm -rf "$A/debs" "$ROOT/usr/share" "$ROOT/usr/libexec"

# The compiler runs with its own loader and C library, because this system's may be older.
L=$ROOT/usr/lib/x86_64-linux-gnu
cat >"$TC/bin/rustc" <<SH
#!/bin/sh
case " \$* " in *" --sysroot"*) exec "$L/ld-linux-x86-64.so.2" --library-path "$L" "$ROOT/usr/bin/rustc" "\$@";; esac
exec "$L/ld-linux-x86-64.so.2" --library-path "$L" "$ROOT/usr/bin/rustc" --sysroot "$TC" "\$@"
SH
chmod +x "$TC/bin/rustc"
mv "$ROOT/usr/lib/rustlib" "$TC/lib/rustlib"

# Debian ships neither rust-lld nor wasm-component-ld. The toolchain that is already here lends its
# own, which do not depend on the compiler's version; else they are unpacked and built.
BIN=$TC/lib/rustlib/$TRIPLE/bin
HOSTBIN=$(rustc --print sysroot 2>/dev/null || true)/lib/rustlib/$TRIPLE/bin
mkdir -p "$BIN"
if [ -x "$HOSTBIN/rust-lld" ]; then
  # Links, not copies: rust-lld finds its library relative to where it really lies.
  ln -sfn "$HOSTBIN/rust-lld" "$BIN/rust-lld"
  ln -sfn "$HOSTBIN/gcc-ld" "$BIN/gcc-ld"
else
  say "downloading Debian's lld"
  LLD=$(printf '%s\n' "${CLOSURE[@]}" | sed -n 's/^libllvm\([0-9]*\)$/lld-\1/p' | head -n 1)
  mkdir -p "$A/debs" "$BIN/gcc-ld"
  (cd "$A/debs" && apt-get "${APT[@]}" download "$LLD" >&2 && dpkg -x "$LLD"_*.deb "$ROOT")
  LLDBIN=$(ls -d "$ROOT"/usr/lib/llvm-*/bin/lld | head -n 1)
  printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s" "$@"\n' "$L/ld-linux-x86-64.so.2" "$L" "$LLDBIN" >"$BIN/rust-lld"
  printf '#!/bin/sh\nexec "%s" -flavor wasm "$@"\n' "$BIN/rust-lld" >"$BIN/gcc-ld/wasm-ld"
  chmod +x "$BIN/rust-lld" "$BIN/gcc-ld/wasm-ld"
fi
if [ -x "$HOSTBIN/wasm-component-ld" ]; then
  ln -sfn "$HOSTBIN/wasm-component-ld" "$BIN/wasm-component-ld"
else
  say "building wasm-component-ld"
  RUSTC="$TC/bin/rustc" cargo install --quiet --locked wasm-component-ld --root "$PREFIX/tools" >&2
  cp "$PREFIX/tools/bin/wasm-component-ld" "$BIN/"
fi
# rustup lends its cargo to a linked toolchain only from an official channel: be explicit.
if have rustup; then ln -sfn "$(rustup which cargo)" "$TC/bin/cargo"; fi

for target in "${TARGETS[@]}"; do
  folder=$("$TC/bin/rustc" --print target-libdir --target "$target")
  compgen -G "$folder/libstd-*.rlib" >/dev/null || die "the package has no library for $target"
done
rm -rf "$A"
