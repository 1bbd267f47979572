"use strict";
// Lays a small map over a photo as the library's overlays are drawn: enlarged between the middles of its places, in the same colours, with the same opacity,
// and with what the network did not see darkened. A test holds it to the library, pixel by pixel.
const heat = (() => {
  const STEPS = 1024;
  const ONE = 256;
  const FLOOR = 0.05;
  const LOWEST = -0.5;
  const HIGHEST = 1.5;
  const OUTLINE_LEVEL = 235;
  const OUTLINE_SHARE = 1 / 300;
  const CONTOURS = [0.25, 0.5, 0.75];
  const luma = (red, green, blue) => (77 * red + 150 * green + 29 * blue) >> 8;

  /** The bytes of a text in Base64. */
  const bytesOf = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));

  /** A map as pages hold it, with its values as numbers: 16 bits each, or 8 where there are many. */
  function decode({ width, height, values }) {
    const bytes = bytesOf(values);
    const numbers = new Float32Array(width * height);
    const isByte = bytes.length === numbers.length;
    for (let i = 0; i < numbers.length; i++) {
      numbers[i] = isByte ? bytes[i] / 255 : ((bytes[2 * i] | (bytes[2 * i + 1] << 8)) / 65535) * (HIGHEST - LOWEST) + LOWEST;
    }
    return { width, height, values: numbers };
  }

  /** Colours from dark to light through these stops, as a palette. */
  const ramp = (...stops) => Uint8Array.from({ length: 3 * 256 }, (_, i) => {
    const place = Math.floor(i / 3) / 255 * (stops.length - 1);
    const at = Math.min(Math.floor(place), stops.length - 2);
    return Math.round(stops[at][i % 3] + (stops[at + 1][i % 3] - stops[at][i % 3]) * (place - at));
  });

  // Orange and blue, which the colour-blind tell apart.
  const WARM = ramp([70, 25, 0], [235, 110, 20], [255, 226, 170]);
  const COLD = ramp([0, 30, 80], [40, 130, 235], [190, 232, 255]);

  /** For each value the colour to add, already times its opacity, and what is left of the photo; 256 is one. */
  function tableOf(look) {
    const table = new Int32Array(4 * STEPS);
    for (let i = 0; i < STEPS; i++) {
      const value = i / (STEPS - 1);
      const rise = Math.min(Math.max((value - FLOOR) / (1 - FLOOR), 0), 1);
      const opacity = value < look.threshold ? 0 : look.opacity * Math.sqrt(rise) * Math.min(4 * rise, 1);
      const colour = 3 * Math.round(value * 255);
      for (let channel = 0; channel < 3; channel++) table[4 * i + channel] = Math.round(look.colours[colour + channel] * opacity * ONE);
      table[4 * i + 3] = ONE - Math.round(opacity * ONE);
    }
    return table;
  }

  /** Between which two places of a map each of so many pixels lies, and how near to the second; from and to are where the map begins and ends, as shares. */
  function pairsAlong(pixels, places, from, to) {
    const before = new Int32Array(pixels);
    const weight = new Float32Array(pixels);
    for (let i = 0; i < pixels; i++) {
      const place = Math.min(Math.max((((i + 0.5) / pixels - from) / (to - from)) * places - 0.5, 0), places - 1);
      before[i] = Math.floor(place);
      weight[i] = place - before[i];
    }
    return { before, weight, after: before.map(place => Math.min(place + 1, places - 1)) };
  }

  // A pixel is seen where its centre lies in the region; what a rounding error moves across a centre stays.
  const firstSeen = (edge, pixels) => Math.ceil(Math.min(Math.max(edge, 0), 1) * pixels - 0.5 - 1e-9);

  /** The map's value at every pixel of the part that the network saw, row by row. */
  function enlarge(map, [left, top, right, bottom], width, height) {
    const seen = { left: firstSeen(left, width), right: firstSeen(right, width), top: firstSeen(top, height), bottom: firstSeen(bottom, height) };
    const across = pairsAlong(width, map.width, left, right);
    const down = pairsAlong(height, map.height, top, bottom);
    const values = new Float32Array(width * height);
    const mixed = new Float32Array(map.width);
    for (let y = seen.top; y < seen.bottom; y++) {
      const above = down.before[y] * map.width;
      const below = down.after[y] * map.width;
      for (let x = 0; x < map.width; x++) mixed[x] = map.values[above + x] + (map.values[below + x] - map.values[above + x]) * down.weight[y];
      for (let x = seen.left; x < seen.right; x++) {
        values[y * width + x] = mixed[across.before[x]] + (mixed[across.after[x]] - mixed[across.before[x]]) * across.weight[x];
      }
    }
    return { values, seen };
  }

  const entryOf = value => 4 * Math.floor(Math.min(Math.max(value * (STEPS - 1) + 0.5, 0), STEPS - 1));

  /** Gives each pixel's colour, times its opacity, and what is left of the photo: of a map by the palette; of two maps in two colours, mixed as their squares are. */
  function colourer(values, others, look) {
    const table = tableOf(others ? { ...look, colours: WARM } : look);
    if (!others) return at => [table, entryOf(values[at]), table, 1];
    const cold = tableOf({ ...look, colours: COLD });
    return at => {
      const [own, other] = [Math.max(values[at], 0), Math.max(others[at], 0)];
      return [table, entryOf(Math.max(own, other)), cold, own + other > 0 ? own * own / (own * own + other * other) : 1];
    };
  }

  function lighten(level) {
    return Math.round(255 * Math.sqrt(level / 255));
  }

  /** Lays the map over the pixels, which are changed; of two maps, each in a colour of its own. */
  function lay(pixels, map, region, look, other) {
    const { width, height, data } = pixels;
    const { values, seen } = enlarge(map, region, width, height);
    const colourAt = colourer(values, other && enlarge(other, region, width, height).values, look);
    const kept = Math.round((1 - look.dimming) * ONE);
    for (let y = 0, at = 0; y < height; y++) {
      const isRowSeen = y >= seen.top && y < seen.bottom;
      for (let x = 0; x < width; x++, at += 4) {
        let [red, green, blue] = [data[at], data[at + 1], data[at + 2]];
        if (look.photo !== "colour") red = green = blue = luma(red, green, blue);
        if (look.photo === "light") red = green = blue = lighten(red);
        if (isRowSeen && x >= seen.left && x < seen.right) {
          const [table, entry, cold, share] = colourAt(at >> 2);
          const left = table[entry + 3];
          const colour = channel => table[entry + channel] * share + cold[entry + channel] * (1 - share);
          data[at] = (red * left + colour(0)) >> 8;
          data[at + 1] = (green * left + colour(1)) >> 8;
          data[at + 2] = (blue * left + colour(2)) >> 8;
        } else {
          const grey = luma(red, green, blue);
          const dim = level => Math.trunc((Math.trunc((level * kept + grey * (ONE - kept)) / ONE) * kept) / ONE);
          data[at] = dim(red);
          data[at + 1] = dim(green);
          data[at + 2] = dim(blue);
        }
        data[at + 3] = 255;
      }
    }
    if (look.contours) drawContours(pixels, values, seen, look);
    if (look.outline) drawOutline(pixels, seen);
  }

  /** Lines where the map crosses a quarter, a half and three quarters: light, beside a dark one, so that they show on any photo. */
  function drawContours({ width, data }, values, seen, look) {
    const paint = (at, level) => data.fill(level, 4 * at, 4 * at + 3).fill(255, 4 * at + 3, 4 * at + 4);
    for (const limit of CONTOURS.filter(level => level >= look.threshold)) {
      for (let y = seen.top; y + 1 < seen.bottom; y++) {
        for (let x = seen.left; x + 1 < seen.right; x++) {
          const at = y * width + x;
          const inside = values[at] >= limit;
          if (inside === values[at + 1] >= limit && inside === values[at + width] >= limit) continue;
          paint(inside ? at : at + (values[at + 1] >= limit ? 1 : width), 255);
          paint(inside ? at + (values[at + 1] >= limit ? width : 1) : at, 20);
        }
      }
    }
  }

  /** The line around what the network saw: outside of it, never on the heat. */
  function drawOutline({ width, height, data }, seen) {
    const line = Math.max(1, Math.round(Math.min(width, height) * OUTLINE_SHARE));
    const [left, right] = [Math.max(seen.left - line, 0), Math.min(seen.right + line, width)];
    const fill = (y, from, to) => {
      for (let at = 4 * (y * width + from); at < 4 * (y * width + to); at += 4) data.fill(OUTLINE_LEVEL, at, at + 3).fill(255, at + 3, at + 4);
    };
    for (let y = Math.max(seen.top - line, 0); y < Math.min(seen.bottom + line, height); y++) {
      if (y < seen.top || y >= seen.bottom) fill(y, left, right);
      else {
        fill(y, left, seen.left);
        fill(y, seen.right, right);
      }
    }
  }

  /** Draws photo and map into a canvas of the photo's size; without a photo, the map alone. */
  function paint(canvas, photo, map, region, look, other) {
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (photo) context.drawImage(photo, 0, 0, canvas.width, canvas.height);
    else {
      context.fillStyle = "#282828";
      context.fillRect(0, 0, canvas.width, canvas.height);
    }
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
    lay(pixels, map, region, look, other);
    context.putImageData(pixels, 0, 0);
  }

  /** Draws the map alone, as a layer that lets a photo through whose pixels may not be read; what was not seen is darkened, not drained of colour. */
  function paintLayer(canvas, map, region, look, other) {
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const pixels = context.createImageData(canvas.width, canvas.height);
    const { width, height, data } = pixels;
    const { values, seen } = enlarge(map, region, width, height);
    const colourAt = colourer(values, other && enlarge(other, region, width, height).values, look);
    for (let y = 0, at = 0; y < height; y++) {
      const isRowSeen = y >= seen.top && y < seen.bottom;
      for (let x = 0; x < width; x++, at += 4) {
        if (!isRowSeen || x < seen.left || x >= seen.right) {
          data[at + 3] = 255 * look.dimming;
          continue;
        }
        const [table, entry, cold, share] = colourAt(at >> 2);
        const opacity = ONE - table[entry + 3];
        if (opacity === 0) continue;
        for (let channel = 0; channel < 3; channel++) data[at + channel] = (table[entry + channel] * share + cold[entry + channel] * (1 - share)) / opacity;
        data[at + 3] = (255 * opacity) / ONE;
      }
    }
    if (look.contours) drawContours(pixels, values, seen, look);
    if (look.outline) drawOutline(pixels, seen);
    context.putImageData(pixels, 0, 0);
  }

  /** Draws the scale: every value's colour as it is over a photo of middle grey; of two maps, the first one's to the left and the other's to the right. */
  function paintScale(canvas, look, areTwo) {
    const places = Array.from({ length: canvas.width }, (_, i) => i / (canvas.width - 1));
    const map = of => ({ width: canvas.width, height: 1, values: Float32Array.from(places, of) });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.fillStyle = "#808080";
    context.fillRect(0, 0, canvas.width, canvas.height);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
    const plain = { ...look, contours: false, outline: false };
    if (areTwo) lay(pixels, map(x => Math.max(0, 1 - 2 * x)), [0, 0, 1, 1], plain, map(x => Math.max(0, 2 * x - 1)));
    else lay(pixels, map(x => x), [0, 0, 1, 1], plain);
    context.putImageData(pixels, 0, 0);
  }

  return { bytesOf, decode, paint, paintLayer, paintScale };
})();
