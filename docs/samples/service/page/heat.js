// Draws a small map over a photo as the service's own overlays are drawn: enlarged between the middles of its values, inferno's colours,
// the more opaque the higher.

const floor = 0.05;
const anchors = [0x000004, 0x1b0c41, 0x4a0c6b, 0x781c6d, 0xa52c60, 0xcf4446, 0xed6925, 0xfb9b06, 0xf7d13d, 0xfcffa4];

/** Red, green, blue and opacity of a value in 0 to 1. */
export function colourOf(value) {
  const place = Math.min(Math.max(value, 0), 1) * (anchors.length - 1);
  const before = Math.min(Math.floor(place), anchors.length - 2);
  const mix = shift => {
    const from = (anchors[before] >> shift) & 0xff;
    return from + (((anchors[before + 1] >> shift) & 0xff) - from) * (place - before);
  };
  const rise = Math.min(Math.max((value - floor) / (1 - floor), 0), 1);
  return [mix(16), mix(8), mix(0), 255 * Math.sqrt(rise) * Math.min(rise * 4, 1)];
}

/** The map's value at a place of its own: x and y run from 0 to 1 over the whole map. */
export function valueAt(map, x, y) {
  const column = tap(x, map.width);
  const row = tap(y, map.height);
  const at = (r, c) => map.values[r * map.width + c];
  const above = at(row.before, column.before) * (1 - column.share) + at(row.before, column.after) * column.share;
  const below = at(row.after, column.before) * (1 - column.share) + at(row.after, column.after) * column.share;
  return above * (1 - row.share) + below * row.share;
}

function tap(share, count) {
  const place = Math.min(Math.max(share * count - 0.5, 0), count - 1);
  const before = Math.floor(place);
  return { before, after: Math.min(before + 1, count - 1), share: place - before };
}

/** Fills the canvas: the map in its region of the photo, and a shade with a frame where the network saw nothing. */
export function draw(canvas, map) {
  const { left, top, right, bottom } = map.region;
  const picture = new ImageData(canvas.width, canvas.height);
  for (let y = 0; y < canvas.height; y++) {
    const v = ((y + 0.5) / canvas.height - top) / (bottom - top);
    for (let x = 0; x < canvas.width; x++) {
      const u = ((x + 0.5) / canvas.width - left) / (right - left);
      const isSeen = u >= 0 && u <= 1 && v >= 0 && v <= 1;
      picture.data.set(isSeen ? colourOf(valueAt(map, u, v)) : [16, 16, 20, 140], 4 * (y * canvas.width + x));
    }
  }

  const context = canvas.getContext("2d");
  context.putImageData(picture, 0, 0);
  if (isPart(map)) {
    context.strokeStyle = "#fff";
    context.lineWidth = 2;
    context.strokeRect(left * canvas.width, top * canvas.height, (right - left) * canvas.width, (bottom - top) * canvas.height);
  }
}

/** Whether the map leaves out some of the photo. */
export function isPart({ region }) {
  return region.left > 0.005 || region.top > 0.005 || region.right < 0.995 || region.bottom < 0.995;
}

/** Where the map is highest and how gathered it is, in words, for those who do not see it. */
export function inWords(map) {
  const highest = map.values.indexOf(Math.max(...map.values));
  const column = Math.floor((3 * ((highest % map.width) + 0.5)) / map.width);
  const row = Math.floor((3 * (Math.floor(highest / map.width) + 0.5)) / map.height);
  const place = row === 1 && column === 1 ? "in the middle" : `at the ${["top", "middle", "bottom"][row]} ${["left", "middle", "right"][column]}`.replace("middle middle", "middle");
  const sorted = [...map.values].sort((a, b) => b - a);
  const half = sorted.reduce((sum, value) => sum + value, 0) / 2;
  let sum = 0;
  const count = sorted.findIndex(value => (sum += value) >= half) + 1;
  return `It mattered most ${place} of what the network saw; half of the map's weight lies on ${Math.round((100 * count) / sorted.length)} % of it.`;
}
