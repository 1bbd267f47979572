#!/usr/bin/env bash
# Measures what explaining costs on this machine, and prints docs/understand/performance.md. It takes some ten minutes on two cores,
# and wants the machine to itself.
# Usage: docs/performance.sh > docs/understand/performance.md
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build test/Microsoft.ML.AbsCam.Benchmarks -c Release --nologo -v q >&2
measure() { dotnet test/Microsoft.ML.AbsCam.Benchmarks/bin/Release/net10.0/Microsoft.ML.AbsCam.Benchmarks.dll "$@"; }

cat <<'HEAD'
# Performance
What `docs/performance.sh` printed. The networks and pictures are those of `../shared`; how the time is saved is in
[the method](method.md#what-is-computed-and-what-is-not) and [the design](../contribute/design.md#networks).
HEAD

# One section a line: a verb of the benchmarks, or any command that prints Markdown.
measure machine
measure ratios
measure bake
measure pipeline
measure cold-start
measure tolerance
measure peak
measure memory initial
