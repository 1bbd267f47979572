#!/usr/bin/env bash
# Measures one machine on a few photos and prints what many photos come to on many machines like it.
# Usage: docs/scale-out/plan.sh PHOTOS MODEL [IMAGES [NODES]]
# Wants GNU time. PHOTOS is a folder, of which every so manieth file is measured, 16 in all (SAMPLE in the environment);
# IMAGES is how many there will be (default: 14,197,122, as ImageNet has), NODES how many machines (default: 64).
set -euo pipefail
cd "$(dirname "$0")/../.."
model=$2 images=${3:-14197122} nodes=${4:-64}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet build src/Microsoft.ML.AbsCam.Tool -c Release --nologo -v q >&2
abscam=(dotnet src/Microsoft.ML.AbsCam.Tool/bin/Release/net10.0/abscam.dll)

photos=$work/photos
mkdir "$photos"
all=$(find "$1" -type f | wc -l)
find "$(realpath "$1")" -type f | sort | awk -v step="$((all / ${SAMPLE:-16} > 0 ? all / ${SAMPLE:-16} : 1))" -v most="${SAMPLE:-16}" 'NR % step == 0 && ++taken <= most' | xargs cp --target-directory="$photos"
count=$(find "$photos" -type f | wc -l)
bytes=$(find "$photos" -type f -printf '%s\n' | awk '{sum += $1} END {print sum}')

# Seconds from the command's own clock: the network is loaded once a task, not once an image.
explain() {
  local name=$1
  shift
  /usr/bin/env time -f %M -o "$work/$name.memory" "${abscam[@]}" explain "$photos" --model "$model" --output "$work/$name" "$@" >"$work/$name.log" || [ $? = 1 ]
  sed -n 's/^explained.* in \([0-9.]*\) s (.*/\1/p' "$work/$name.log" >"$work/$name.seconds"
}
size() { find "$work/$1" -type f -printf '%s\n' | awk -v count="$count" '{sum += $1} END {printf "%.0f", count ? sum / count : 0}'; }

explain final --save npy,overlay
explain initial --phase initial --save npy
explain grad --method grad-cam --save npy

# What every worker does before its first image: list all files and ask each for its size.
mkdir "$work/listed"
(cd "$work/listed" && seq -f '%06g.jpg' 100000 | xargs touch)
listing=$({ time "${abscam[@]}" explain "$work/listed" --model "$model" --output "$work/none" --save npy --shard 0/100000 --on-error stop >/dev/null 2>&1 || true; } 2>&1 | sed -n 's/^real.*m\([0-9.]*\)s/\1/p')
start=$({ time "${abscam[@]}" layers "$model" >/dev/null; } 2>&1 | sed -n 's/^real.*m\([0-9.]*\)s/\1/p')

awk -v images="$images" -v nodes="$nodes" -v count="$count" -v bytes="$bytes" -v listing="$listing" -v start="$start" -v cores="$(nproc)" \
  -v final="$(cat "$work/final.seconds")" -v initial="$(cat "$work/initial.seconds")" -v grad="$(cat "$work/grad.seconds")" \
  -v memory="$(cat "$work/final.memory")" -v map="$(size initial/maps)" -v overlay="$(size final/overlays)" \
  -v journal="$(wc -c <"$work/initial/explain.journal")" -v table="$(wc -c <"$work/initial/results.csv")" '
  function hours(seconds) { return sprintf("%.3g h", images / count * seconds / nodes / 3600) }
  function tera(each) { return sprintf("%.3g TB", images * each / 1e12) }
  BEGIN {
    printf "%d photos of %.0f KB measured on %d cores; %d images on %d nodes\n\n", count, bytes / count / 1000, cores, images, nodes
    print "| method | one node | images a second | all nodes |\n|---|---|---|---|"
    printf "| Abs-CAM, final map | %.0f ms | %.1f | %s |\n", 1000 * final / count, count / final, hours(final)
    printf "| Abs-CAM, initial map | %.1f ms | %.1f | %s |\n", 1000 * initial / count, count / initial, hours(initial)
    printf "| Grad-CAM | %.1f ms | %.1f | %s |\n\n", 1000 * grad / count, count / grad, hours(grad)
    print "| kept of an image | bytes | all |\n|---|---|---|"
    printf "| map as float, .npy | %d | %s |\n", map, tera(map)
    printf "| the same of 8 bits | %d | %s |\n", (map - 128) / 4, tera((map - 128) / 4)
    printf "| map of 13 x 13 as float | %d | %s |\n", 13 * 13 * 4, tera(13 * 13 * 4)
    printf "| the same of 8 bits | %d | %s |\n", 13 * 13, tera(13 * 13)
    printf "| overlay, PNG of the photo\x27s size | %d | %s |\n", overlay, tera(overlay)
    printf "| rows of results.csv and journal | %d | %s |\n", (table + journal) / count, tera((table + journal) / count)
    printf "| read: the photo | %d | %s |\n\n", bytes / count, tera(bytes / count)
    printf "A task starts in %.1f s and lists %d files in %.0f s (%.1f us a file, a local disk); it takes %.1f GB of memory.\n", start, images, (listing - start) / 100000 * images, (listing - start) * 10, memory / 1e6
    printf "A node reads %.1f MB/s and writes %.1f MB/s with final maps, %.1f and %.1f with initial ones.\n", bytes / final / 1e6, map * count / final / 1e6, bytes / initial / 1e6, map * count / initial / 1e6
  }'
