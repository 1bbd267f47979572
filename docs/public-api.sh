#!/usr/bin/env bash
# Writes the public members of the libraries that no published version has into their PublicAPI.Unshipped.txt; git diff shows what changed.
# Usage: docs/public-api.sh
set -euo pipefail
cd "$(dirname "$0")/.."
for folder in src/Microsoft.ML.AbsCam.Onnx src/Microsoft.ML.AbsCam; do
    echo '#nullable enable' >"$folder/PublicAPI.Unshipped.txt"
done
# The analyzer itself says what is missing.
dotnet build src/Microsoft.ML.AbsCam -c Release --no-incremental --nologo -p:TreatWarningsAsErrors=false -p:RunAnalyzers=true |
    sed -n "s/.*warning RS0016: Symbol '\(.*\)' is not part of the declared public API.*\[\(.*\)\/[^/]*csproj\]$/\2\t\1/p" |
    LC_ALL=C sort -u |
    while IFS=$'\t' read -r folder member; do echo "$member" >>"$folder/PublicAPI.Unshipped.txt"; done
