#!/bin/sh
# Builds rapidsnark-warm: rapidsnark's own library, including assembly, with a main program that keeps the key loaded.
#
#   bench/peers/build-rapidsnark.sh [folder]      default: a new temporary folder; prints the program's path
#
# Needs go, g++ and the Go proxy. rapidsnark is LGPL-3.0 (iden3) and libgmp LGPL-3.0 or GPL-2.0. They are only fetched
# for measurements and linked outside this repository. Do not distribute the result.
set -eu

module=github.com/iden3/go-rapidsnark/prover
version=v0.0.15
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$(mktemp -d)}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) ;;
  *) echo "rapidsnark's Go module has no library with assembly for $(uname -s) $(uname -m)" >&2; exit 1 ;;
esac
for program in go g++; do
  command -v "$program" >/dev/null || { echo "$program is missing" >&2; exit 1; }
done

cd "$folder"
[ -f go.mod ] || go mod init peer >/dev/null 2>&1
# An exact version, because the proxy cannot resolve "latest".
library=$(go mod download -json "$module@$version" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')/rapidsnark_vendor
[ -f "$library/librapidsnark-linux-amd64.a" ] || { echo "the module came without its library" >&2; exit 1; }

# Its assembly has no note about the stack, so the linker would otherwise make the stack executable.
g++ -O2 -std=c++17 "-DRAPIDSNARK_VERSION=\"go module $version\"" -o rapidsnark-warm "$here/rapidsnark-main.cpp" \
  "$library/librapidsnark-linux-amd64.a" "$library/libgmp-linux-amd64.a" -pthread -z noexecstack
echo "$folder/rapidsnark-warm"
