#!/bin/sh
# What a station is made of, from its lock: `packaging/supply.sh OUT` writes
#   station.cdx.json   the bill of materials (CycloneDX), every package with its version and hashes
#   licences.md        the licence of each
#   advisories.txt     what is known against any of them, or that no index could be asked
# Fails on an advisory, and on a licence that packaging/licences.txt does not allow.
set -eu
out=$1
here=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$out"
tools=$out/tools station=$out/station
[ -x "$tools/bin/python" ] || python3 -m venv "$tools"
"$tools/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes -r "$here/packaging/supply.lock"
[ -x "$station/bin/python" ] || python3 -m venv --without-pip "$station"
"$tools/bin/python" -m pip --python "$station/bin/python" install -qq --disable-pip-version-check --no-deps \
    --require-hashes -r "$here/requirements-station.lock"
"$tools/bin/cyclonedx-py" requirements "$here/requirements-station.lock" --pyproject "$here/pyproject.toml" \
    --output-reproducible --output-format JSON -o "$out/station.cdx.json" 2> /dev/null
# sqlcipher3 names no licence in its metadata; it is pysqlite's, zlib, in its sources.
"$tools/bin/pip-licenses" --python "$station/bin/python" --ignore-packages sqlcipher3 --partial-match \
    --allow-only "$(paste -sd';' "$here/packaging/licences.txt")" > /dev/null
"$tools/bin/pip-licenses" --python "$station/bin/python" --format markdown --with-urls > "$out/licences.md"
asked=0
"$tools/bin/pip-audit" --require-hashes --disable-pip -r "$here/requirements-station.lock" > "$out/advisories.txt" 2>&1 || asked=$?
if [ $asked != 0 ] && grep -q "^Found" "$out/advisories.txt"; then
    cat "$out/advisories.txt" >&2
    exit 1
elif [ $asked != 0 ] || grep -q "could not be audited" "$out/advisories.txt"; then
    echo "No index of advisories could be asked for all packages; ask again where there is one." > "$out/advisories.txt"
fi
echo "$(grep -c '"bom-ref"' "$out/station.cdx.json") packages: $out/station.cdx.json, licences.md, advisories.txt"
cat "$out/advisories.txt"
