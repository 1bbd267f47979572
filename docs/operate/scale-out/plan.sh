#!/usr/bin/env bash
# Measures one machine on a few photos and prints what many photos come to on many machines like it.
# Usage: docs/operate/scale-out/plan.sh PHOTOS MODEL [IMAGES [NODES]]
# Wants GNU time. PHOTOS is a folder: final maps are measured on 16 of its files (SAMPLE in the environment), the rest on all;
# IMAGES is how many there will be (default: 14,197,122, as ImageNet has), NODES how many machines (default: 64).
set -euo pipefail
cd "$(dirname "$0")/../../.."
photos=$(realpath "$1") model=$2 images=${3:-14197122} nodes=${4:-64} most=${SAMPLE:-16}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet build src/Microsoft.ML.AbsCam.Tool -c Release --nologo -v q >&2
abscam=(dotnet src/Microsoft.ML.AbsCam.Tool/bin/Release/net10.0/abscam.dll)

count=$(find "$photos" -type f | wc -l)
bytes=$(find "$photos" -type f -printf '%s\n' | awk '{sum += $1} END {print sum}')
mkdir "$work/sample"
find "$photos" -type f | sort | awk -v step=$((count > most ? count / most : 1)) -v most="$most" 'NR % step == 0 && ++taken <= most' | xargs cp --target-directory="$work/sample"
sampled=$(find "$work/sample" -type f | wc -l)

# Seconds from the command's own clock: the network is loaded once a task, not once an image.
explain() {
  local name=$1 from=$2
  shift 2
  env time -f %M -o "$work/$name.memory" "${abscam[@]}" explain "$from" --model "$model" --output "$work/$name" "$@" >"$work/$name.log" || [ $? = 1 ]
  sed -n 's/^explained.* in \([0-9.]*\) s (.*/\1/p' "$work/$name.log" >"$work/$name.seconds"
}
size() { find "$work/$1" -type f -printf '%s\n' | awk '{sum += $1} END {printf "%.0f", NR ? sum / NR : 0}'; }

explain final "$work/sample" --save npy,overlay
explain initial "$photos" --phase initial --save npy
explain grad "$photos" --method grad-cam --save npy

# What every worker does before its first image: list all files and ask each for its size. The first of so many shards is empty.
mkdir "$work/few" "$work/many"
touch "$work/few/0.jpg"
(cd "$work/many" && seq -f '%06g.jpg' 200000 | xargs touch)
listing() {
  local least=
  for _ in 1 2 3; do
    env time -f %e -o "$work/listing" "${abscam[@]}" explain "$work/$1" --model "$model" --output "$work/none-$1" --save npy --shard 0/1000000 >/dev/null
    least=$(awk -v least="$least" '{print least == "" || $1 < least ? $1 : least}' "$work/listing")
  done
  echo "$least"
}
start=$(listing few)
listing=$(listing many)

awk -v images="$images" -v nodes="$nodes" -v count="$count" -v sampled="$sampled" -v bytes="$bytes" -v listing="$listing" -v start="$start" -v cores="$(nproc)" \
  -v final="$(cat "$work/final.seconds")" -v initial="$(cat "$work/initial.seconds")" -v grad="$(cat "$work/grad.seconds")" \
  -v memory="$(cat "$work/final.memory")" -v map="$(size initial/maps)" -v overlay="$(size final/overlays)" \
  -v journal="$(wc -c <"$work/initial/explain.journal")" -v table="$(wc -c <"$work/initial/results.csv")" '
  function hours(each) { return sprintf("%.3g h", images * each / nodes / 3600) }
  function tera(each) { return sprintf("%.3g TB", images * each / 1e12) }
  function method(name, each) { printf "| %s | %.0f ms | %.1f | %s |\n", name, 1000 * each, 1 / each, hours(each) }
  function kept(what, each) { printf "| %s | %d | %s |\n", what, each, tera(each) }
  BEGIN {
    final /= sampled; initial /= count; grad /= count; photo = bytes / count
    printf "%d and %d photos of %.0f KB measured on %d cores; %d images on %d nodes like it\n\n", sampled, count, photo / 1000, cores, images, nodes
    print "| method | an image | images a second | all on all nodes |\n|---|---|---|---|"
    method("Abs-CAM, final map", final)
    method("Abs-CAM, initial map", initial)
    method("Grad-CAM", grad)
    print "\n| of an image | bytes | of all |\n|---|---|---|"
    kept("map as float, .npy", map)
    kept("the same in 8 bits", (map - 128) / 4)
    kept("map of 13 x 13 as float", 13 * 13 * 4)
    kept("the same in 8 bits", 13 * 13)
    kept("overlay, PNG of the photo\x27s size", overlay)
    kept("row of results.csv and line of the journal", (table + journal) / count)
    kept("read: the photo", photo)
    each = (listing - start) / 200000
    printf "\nA task starts in %.1f s and lists all files in %.0f s (%.0f us a file, from a local disk); it takes %.1f GB of memory.\n", start, each * images, 1e6 * each, memory / 1e6
    printf "A node reads %.2f MB/s and writes %.2f MB/s with final maps of floats, %.1f and %.1f with initial ones.\n", photo / final / 1e6, map / final / 1e6, photo / initial / 1e6, map / initial / 1e6
  }'
