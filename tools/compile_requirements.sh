#!/bin/sh
# Pin every dependency with its hashes, for every platform; no index is named. Needs uv.
set -eu
cd "$(dirname "$0")/.."
uv=${UV:-.uv/uv}
compile() { "$uv" pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url "$@"; }
compile requirements/bootstrap.in -o requirements/bootstrap.txt
compile pyproject.toml requirements/build.in --extra analysis -o requirements/run.txt
compile pyproject.toml requirements/build.in --extra analysis --extra pdf --extra spark --group dev \
  -c requirements/run.txt -o requirements/test.txt
