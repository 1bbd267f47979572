#!/usr/bin/env bash
# Runs the comparison that docs/study.md reports, and writes its tables into that page.
# Usage: docs/study.sh FOLDER    The folder keeps the results; an interrupted run goes on where it stopped.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:?give a folder for the results}
shared=../shared
dotnet build src/Microsoft.ML.AbsCam.Tool -c Release --nologo -v q >&2
abscam=(dotnet src/Microsoft.ML.AbsCam.Tool/bin/Release/net10.0/abscam.dll)
methods="abs-cam,abs-cam-per-channel,abs-cam-whole,abs-cam-initial,grad-cam,grad-cam++,hires-cam,xgrad-cam,layer-cam,score-cam,ablation-cam,eigen-cam,group-cam,rise(masks=500),smooth(grad-cam,samples=8)"

"${abscam[@]}" demo --pictures 200 --output "$out/drawn" --quiet
"${abscam[@]}" compare "$out/drawn/pictures" --model "$out/drawn/demo.onnx" --labels "$out/drawn/demo-labels.txt" \
  --mean 0.45,0.45,0.4 --std 0.25,0.25,0.25 --masks "$out/drawn/masks" --methods "$methods" --measures all --show 20 --output "$out/demo" || [ $? = 1 ]
"${abscam[@]}" compare $shared/images/cifar10 --model $shared/models/resnet20-cifar10.onnx --labels $shared/models/cifar10-labels.txt \
  --methods "$methods" --show 40 --output "$out/resnet20" || [ $? = 1 ]
"${abscam[@]}" compare $shared/images/imagenet --model $shared/models/squeezenet1.0.onnx --labels $shared/models/imagenet-labels.txt \
  --methods "$methods" --show 100 --output "$out/squeezenet" || [ $? = 1 ]

# Each table goes between its two marks.
for name in demo resnet20 squeezenet; do
  awk -v name="$name" -v table="$out/$name/comparison.md" '
    $0 == "<!-- " name " -->" { print; while ((getline line < table) > 0) print line; skip = 1; next }
    $0 == "<!-- /" name " -->" { skip = 0 }
    !skip' docs/study.md > docs/study.md.new
  mv docs/study.md.new docs/study.md
done
