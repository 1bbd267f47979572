#!/usr/bin/env bash
# Makes docs/pictures from the demo's own pictures: plates, the report, the comparison page, the methods side by side, a picture for each kind of question, and the packages' icon.
# Usage: docs/pictures.sh [FOLDER]    The folder keeps the results that are shown. Wants chromium and webp (apt-get install chromium webp).
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(realpath -m "${1:-$(mktemp -d)}") out=$PWD/docs/pictures
mkdir -p "$work" "$out"
dotnet build src/Microsoft.ML.AbsCam.Tool -c Release --nologo -v q >&2
abscam() { dotnet src/Microsoft.ML.AbsCam.Tool/bin/Release/net10.0/abscam.dll "$@" --quiet; }
seen=(--mean 0.45,0.45,0.4 --std 0.25,0.25,0.25)
network=(--model "$work/demo/demo.onnx" --labels "$work/demo/demo-labels.txt" "${seen[@]}")
# overlays TASK PICTURE NETWORK OPTION…: the demo's question of one of its pictures once more, drawn at the picture's own size in TASK/overlays.
overlays() {
    local labels=()
    [ ! -f "$work/$1/$3-labels.txt" ] || labels=(--labels "$work/$1/$3-labels.txt")
    abscam explain "$work/$1/pictures/$2.png" --model "$work/$1/$3.onnx" "${labels[@]}" "${seen[@]}" "${@:4}" --save overlay --output "$work/$1/drawn/$2" --overwrite
    mkdir -p "$work/$1/overlays"
    cp "$work/$1/drawn/$2/overlays/$2.png" "$work/$1/overlays"
}
methods=(abs-cam abs-cam-initial grad-cam grad-cam++ hires-cam layer-cam score-cam ablation-cam eigen-cam group-cam 'rise(masks=1000)' random center-gaussian)
one=006-rubber-duck
plates=(002-fish 003-hot-air-balloon 006-rubber-duck 018-strawberry)

abscam demo --output "$work/demo"
for plate in "${plates[@]}"; do overlays demo "$plate" demo; done
for task in detect segment contrast embed tokens; do abscam demo --task "$task" --pictures 12 --output "$work/$task"; done
boxed=004-ladybird outlined=006-butterfly twin=007-mushroom-with-a-window alike=002-rubber-duck token=008-strawberry
overlays detect "$boxed" detector --target "box:@$work/detect/targets.csv"
overlays segment "$outlined" segmenter --target "region:@$work/segment/targets.csv"
overlays contrast "$twin" twins --target contrast:runner-up
overlays embed "$alike" embedding --task embed --target "similar:$work/embed/rubber-duck.png" --method hires-cam
overlays tokens "$token" transformer
abscam compare "$work/demo/pictures" "${network[@]}" --object-masks "$work/demo/masks" --sample 12 --output "$work/comparison" --overwrite
for method in "${methods[@]}"; do
    abscam explain "$work/demo/pictures/$one.png" "${network[@]}" --method "$method" --save overlay --output "$work/methods/$method" --overwrite
done

# page <BODY >FILE: figures in a row, as wide as a page of a repository.
page() {
    echo '<!doctype html><meta charset="utf-8"><style>
      body { margin: 0; padding: 12px; display: grid; gap: 12px; font: 13px/1.3 "DejaVu Sans", sans-serif; color: #1f1c18; background: #faf8f4; }
      figure { margin: 0; } img { display: block; width: 100%; } figcaption { padding-top: 5px; } b { font-weight: normal; color: #6b645a; float: right; }
    </style>'
    cat
}
# shot URL NAME WIDTH HEIGHT [QUALITY]: a picture of the page, in docs/pictures.
shot() {
    local root=()
    [ "$(id -u)" != 0 ] || root=(--no-sandbox)
    chromium --headless=new "${root[@]}" --disable-gpu --hide-scrollbars --force-device-scale-factor=1 --default-background-color=00000000 \
        --virtual-time-budget=4000 --window-size="$3,$4" --screenshot="$work/$2.png" "file://$1" >/dev/null 2>&1
    [ -z "${5:-}" ] || cwebp -quiet -q "$5" "$work/$2.png" -o "$out/$2.webp"
}

{
    echo '<style>body { grid-template-columns: repeat(4, 1fr); }</style>'
    for plate in "${plates[@]}"; do echo "<figure><img src=\"demo/pictures/$plate.png\"></figure>"; done
    for plate in "${plates[@]}"; do
        row=$(grep "^$plate.png," "$work/demo/results.csv")
        echo "<figure><img src=\"demo/overlays/$plate.png\"><figcaption>$(cut -d, -f4 <<<"$row") <b>$(cut -d, -f5 <<<"$row" | awk '{ printf "%.1f %%", 100 * $1 }')</b></figcaption></figure>"
    done
} | page >"$work/plates.html"
{
    echo '<style>body { grid-template-columns: repeat(7, 1fr); }</style>'
    echo "<figure><img src=\"demo/pictures/$one.png\"><figcaption>the picture</figcaption></figure>"
    for method in "${methods[@]}"; do echo "<figure><img src=\"methods/$method/overlays/$one.png\"><figcaption>${method%%(*}</figcaption></figure>"; done
} | page >"$work/methods.html"

# question FOLDER PICTURE QUESTION [OTHER]: a photo, in its corner the other one that it is compared with, and below it where the answer lies.
question() {
    echo "<figure><div><img src=\"$1/pictures/$2.png\">${4:+<img class=\"other\" src=\"$1/$4.png\">}</div><img src=\"$1/overlays/$2.png\"><figcaption>$3</figcaption></figure>"
}
{
    echo '<style>
      body { grid-template-columns: repeat(6, 1fr); } figure div { position: relative; padding-bottom: 6px; }
      .other { position: absolute; bottom: 10px; left: 4px; width: 36%; border: 2px solid #faf8f4; }
    </style>'
    question demo "$one" 'Why a rubber duck?'
    question detect "$boxed" 'Why this box?'
    question segment "$outlined" 'Why this region?'
    question contrast "$twin" 'Why a window, not a door?'
    question embed "$alike" 'Why like that duck?' rubber-duck
    question tokens "$token" 'Why a strawberry, to a transformer?'
} | page >"$work/questions.html"

shot "$work/plates.html" plates 880 460 80
shot "$work/questions.html" questions 1100 420 60
shot "$work/methods.html" methods 1100 360 80
shot "$work/demo/index.html" report 1200 1240 70
shot "$work/comparison/index.html" comparison 1440 900 70
shot "$PWD/docs/samples/service/page/icon.svg" icon 128 128
cp "$work/icon.png" "$out/icon.png"
du -ch "$out"/* >&2
