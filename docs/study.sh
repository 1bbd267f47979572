#!/usr/bin/env bash
# Compares every method on three networks by every measure, and prints the tables.
# Usage: docs/study.sh FOLDER [METHODS [PART]]    The folder keeps the results; an interrupted run goes on where it stopped.
# METHODS are those to compare in place of all, and PART takes one of so many pictures, drawn by a fixed seed.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:?give a folder for the results}
shared=../shared
dotnet build src/Microsoft.ML.AbsCam.Tool -c Release --nologo -v q >&2
abscam=(dotnet src/Microsoft.ML.AbsCam.Tool/bin/Release/net10.0/abscam.dll)
methods=${2:-"abs-cam,abs-cam-per-channel,abs-cam-per-channel-logit,abs-cam-whole,abs-cam-initial,grad-cam,grad-cam++,hires-cam,xgrad-cam,layer-cam,score-cam,ablation-cam,eigen-cam,eigen-grad-cam,shapley-cam,refine-cam,recipro-cam,group-cam,rise(masks=500),occlusion,integrated-gradients(steps=10),smooth(grad-cam,samples=8)"}
part=${3:-1}

# Exit code 1 says that a row could not be measured, which the tables say too.
compare() { "${abscam[@]}" compare "$@" --methods "$methods" --resume || [ $? = 1 ]; }

"${abscam[@]}" demo --pictures 200 --output "$out/drawn" --quiet
compare "$out/drawn/pictures" --model "$out/drawn/demo.onnx" --labels "$out/drawn/demo-labels.txt" --mean 0.45,0.45,0.4 --std 0.25,0.25,0.25 \
  --object-masks "$out/drawn/masks" --measures all --sample $((200 / part)) --grid 2 --sanity $((40 / part)) --show 20 --output "$out/demo"
compare $shared/images/cifar10 --model $shared/models/resnet20-cifar10.onnx --labels $shared/models/cifar10-labels.txt \
  --sample $((1000 / part)) --grid 2 --sanity $((100 / part)) --show 40 --output "$out/resnet20"
compare $shared/images/imagenet --model $shared/models/squeezenet1.0.onnx --labels $shared/models/imagenet-labels.txt \
  --sample $((100 / part)) --grid 2 --sanity $((4 / part + 1)) --show 100 --output "$out/squeezenet"
for name in demo resnet20 squeezenet; do
  printf '\n## %s\n' "$name"
  cat "$out/$name/comparison.md"
done
