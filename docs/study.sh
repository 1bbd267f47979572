#!/usr/bin/env bash
# Compares every method on three networks by every measure, and prints the tables.
# Usage: docs/study.sh FOLDER    The folder keeps the results; an interrupted run goes on where it stopped.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:?give a folder for the results}
shared=../shared
dotnet build src/Microsoft.ML.AbsCam.Tool -c Release --nologo -v q >&2
abscam=(dotnet src/Microsoft.ML.AbsCam.Tool/bin/Release/net10.0/abscam.dll)
methods="abs-cam,abs-cam-per-channel,abs-cam-per-channel-logit,abs-cam-whole,abs-cam-initial,grad-cam,grad-cam++,hires-cam,xgrad-cam,layer-cam,score-cam,ablation-cam,eigen-cam,eigen-grad-cam,shapley-cam,refine-cam,recipro-cam,group-cam,rise(masks=500),occlusion,integrated-gradients,smooth(grad-cam,samples=8)"

# Exit code 1 says that a row could not be measured, which the tables say too.
compare() { "${abscam[@]}" compare "$@" --methods "$methods" --resume || [ $? = 1 ]; }

"${abscam[@]}" demo --pictures 200 --output "$out/drawn" --quiet
compare "$out/drawn/pictures" --model "$out/drawn/demo.onnx" --labels "$out/drawn/demo-labels.txt" --mean 0.45,0.45,0.4 --std 0.25,0.25,0.25 \
  --object-masks "$out/drawn/masks" --measures all --grid 2 --sanity 40 --show 20 --output "$out/demo"
compare $shared/images/cifar10 --model $shared/models/resnet20-cifar10.onnx --labels $shared/models/cifar10-labels.txt \
  --grid 2 --sanity 100 --show 40 --output "$out/resnet20"
compare $shared/images/imagenet --model $shared/models/squeezenet1.0.onnx --labels $shared/models/imagenet-labels.txt \
  --grid 2 --sanity 5 --show 100 --output "$out/squeezenet"
for name in demo resnet20 squeezenet; do
  printf '\n## %s\n' "$name"
  cat "$out/$name/comparison.md"
done
