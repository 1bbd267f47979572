// Plates: a photo with its map, and what is known of it. Only those near the window are there, however many rows there are.
const pictures = (() => {
  const TINY = 100;
  const percent = p => p === undefined ? "" : p > 0 && p < 0.001 ? "< 0.1 %" : `${(100 * p).toFixed(1)} %`;
  const hasPhoto = row => row.width !== undefined;
  const hasMap = row => rows.shown(row).status === "Ok";

  /** Puts empty pictures into a frame, or the reason why there are none. */
  function fill(frame, row) {
    const target = rows.shown(row);
    frame.replaceChildren();
    frame.classList.toggle("failed", !hasPhoto(row) && !hasMap(row));
    frame.held = undefined;
    if (hasPhoto(row)) frame.append(Object.assign(make("img", "photo"), { alt: "" }));
    if (hasMap(row)) frame.append(make("canvas", "heat"));
    for (const picture of frame.children) picture.classList.toggle("tiny", Math.max(row.width ?? 0, row.height ?? 0) < TINY);
    if (frame.children.length > 0) return;
    const failure = make("span", "failure");
    failure.append(make("b", "", target.status), make("span", "", target.message ?? "There is no picture for this row."));
    frame.append(failure);
  }

  // The place that is asked about, light on dark.
  function markOf(path, row) {
    const svg = byId("mark").content.firstElementChild.cloneNode(true);
    svg.setAttribute("viewBox", `0 0 ${row.width} ${row.height}`);
    for (const line of svg.children) {
      line.setAttribute("d", path);
      line.setAttribute("stroke-width", Math.max(1, Math.max(row.width, row.height) / 130) * (line.matches(".halo") ? 2 : 1));
    }
    return svg;
  }

  /** Reads what the frame shows, and draws it. */
  async function load(frame, row) {
    const [photo, canvas] = [frame.querySelector("img"), frame.querySelector("canvas")];
    if (!photo && !canvas) return undefined;
    const held = {};
    frame.held = held;
    const details = await rows.details(row);
    if (photo) {
      photo.src = details.photo;
      await photo.decode().catch(() => {});
    }
    const map = details.maps[row.at];
    if (frame.held !== held) return details;
    if (canvas && map) {
      const other = details.maps[rows.mirror(row)];
      Object.assign(held, { photo, canvas, map: heat.decode(map), other: other && heat.decode(other), region: details.region ?? [0, 0, 1, 1] });
      canvas.width = row.width ?? map.width;
      canvas.height = row.height ?? map.height;
      draw(frame);
    }
    const mark = details.marks?.[row.at] ?? details.mark;
    if (mark) frame.append(markOf(mark, row));
    return details;
  }

  /** Draws what was read, as it is to look now. */
  function draw(frame) {
    const held = frame.held;
    if (!held?.map) return;
    const other = look.both ? held.other : undefined;
    if (held.isLayer) heat.paintLayer(held.canvas, held.map, held.region, look, other);
    else heat.paint(held.canvas, held.photo, held.map, held.region, look, other);
  }

  function caption(element, title, row) {
    const target = rows.shown(row);
    const part = name => element.querySelector(name);
    title.textContent = target.name ?? "Not explained";
    part(".chance").hidden = target.probability === undefined;
    part(".bar").hidden = Boolean(target.value);
    part(".bar i").style.width = `${100 * (target.probability ?? 0)}%`;
    part(".percent").textContent = target.value ?? percent(target.probability);
    part(".against").hidden = !target.against;
    part(".against").textContent = target.against ? `and not ${target.against}` : "";
    element.classList.toggle("two-coloured", rows.mirror(row) >= 0);
    const notes = part(".notes");
    const note = (isGood, text) => notes.append(make("span", isGood ? "good" : "bad", `${isGood ? "\u2713" : "\u2717"} ${text}`));
    notes.replaceChildren();
    const right = rows.isRight(row);
    if (right !== undefined) note(right, right ? "right class" : `true class: ${row.truth}`);
    if (target.hit !== undefined) note(target.hit, target.hit ? "peak on the object" : "peak beside the object");
    if (target.message !== undefined && (hasPhoto(row) || hasMap(row))) notes.append(make("span", "bad", target.message));
    notes.title = notes.textContent;
  }

  return { fill, load, draw, caption, percent, hasMap, hasPhoto };
})();

const plates = (() => {
  const LEAST_WIDTH = 15.5;
  const GAP = 1.5;
  const NARROW_GAP = 0.9;
  const NARROW = 40;
  const CAPTION = 4.6;
  const LINE = 1.4;
  const CHOICE = 2.1;
  const HEAD = 3.6;
  const MOST_CHOICES = 6;
  const BEYOND = 700;
  const list = byId("plates");
  const reference = byId("reference");
  const there = new Map();
  let lines = [];
  let groups = [];
  let shape = 1;
  let size = 0;

  const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

  /** Frames take the shape that most photos have, so that few of them stand in wide margins. */
  function takeShape() {
    const shapes = rows.all.filter(pictures.hasPhoto).map(row => row.width / row.height).sort((a, b) => a - b);
    shape = Math.min(1.5, Math.max(0.8, shapes[shapes.length >> 1] ?? 1));
  }

  /** As high as the fullest caption, so that all lines of plates are alike. */
  function captionHeight() {
    const some = what => rows.all.some(row => row.targets.some(what));
    const hasNotes = rows.all.some(row => row.truth !== undefined) || some(target => target.hit !== undefined || target.message !== undefined);
    return CAPTION + (hasNotes ? LINE : 0) + (some(target => target.against) ? LINE : 0) + (rows.all.some(row => row.targets.length > 1) ? CHOICE : 0);
  }

  /** Shows these groups of rows, from their beginning. */
  function show(shown) {
    groups = shown;
    for (const element of there.values()) element.remove();
    there.clear();
    arrange();
  }

  /** Says where every line of plates is, and draws those that are near. */
  function arrange() {
    const unit = rem();
    const isNarrow = document.documentElement.clientWidth < NARROW * unit;
    const gap = (isNarrow ? NARROW_GAP : GAP) * unit;
    const width = list.clientWidth;
    const columns = isNarrow ? 2 : Math.max(1, Math.floor((width + gap) / (LEAST_WIDTH * unit + gap)));
    const plate = (width - (columns - 1) * gap) / columns;
    const height = plate / shape + captionHeight() * unit;
    lines = [];
    size = 0;
    let y = 0;
    for (const group of groups) {
      if (group.title !== undefined) {
        lines.push({ y, height: HEAD * unit, group });
        y += HEAD * unit;
      }
      for (let from = 0; from < group.rows.length; from += columns) {
        lines.push({ y, height, rows: group.rows.slice(from, from + columns), first: size + from });
        y += height + gap;
      }
      size += group.rows.length;
    }
    list.style.height = `${y}px`;
    list.style.setProperty("--plate-width", `${plate}px`);
    list.style.setProperty("--plate-height", `${plate / shape}px`);
    list.style.setProperty("--plate-step", `${plate + gap}px`);
    for (const element of there.values()) element.remove();
    there.clear();
    update();
  }

  function firstBelow(y) {
    let [low, high] = [0, lines.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (lines[middle].y + lines[middle].height < y) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Makes the plates that are near the window, and lets go of those that are not. */
  function update() {
    const top = -list.getBoundingClientRect().top;
    const [from, to] = [top - BEYOND, top + window.innerHeight + BEYOND];
    const wanted = [];
    for (let at = firstBelow(from); at < lines.length && lines[at].y < to; at++) {
      const line = lines[at];
      if (line.group) wanted.push({ key: `group ${at}`, make: () => headOf(line) });
      else line.rows.forEach((row, column) => wanted.push({ key: row.index, make: () => plateOf(row, line, column) }));
    }
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, element] of there) {
      if (keys.has(key)) continue;
      element.remove();
      there.delete(key);
    }
    // In their order, which is that of the keyboard.
    let before = null;
    for (const { key, make: create } of wanted) {
      let element = there.get(key);
      if (!element) {
        element = create();
        there.set(key, element);
        list.insertBefore(element, before ? before.nextSibling : list.firstChild);
      }
      before = element;
    }
  }

  function headOf({ y, group }) {
    const head = make("li", "head");
    head.style.top = `${y}px`;
    head.append(make("h2", "", group.title), make("span", "", group.note));
    return head;
  }

  function plateOf(row, line, column) {
    const plate = byId("plate").content.firstElementChild.cloneNode(true);
    const frame = plate.querySelector(".frame");
    plate.style.top = `${line.y}px`;
    plate.style.left = `calc(${column} * var(--plate-step))`;
    plate.setAttribute("aria-posinset", line.first + column + 1);
    plate.setAttribute("aria-setsize", size);
    frame.dataset.row = row.index;
    fill(plate, row);
    const file = plate.querySelector(".file");
    file.textContent = file.title = row.image;
    if (reference) plate.querySelector(".caption").prepend(Object.assign(make("img", "beside"), { alt: "the picture that it is compared with", src: reference.src }));
    return plate;
  }

  function fill(plate, row) {
    const frame = plate.querySelector(".frame");
    pictures.fill(frame, row);
    if (frame.matches(".failed")) frame.removeAttribute("aria-label");
    else frame.setAttribute("aria-label", `${rows.shown(row).name ?? rows.shown(row).status}, ${row.image}: enlarge`);
    pictures.caption(plate, plate.querySelector("h3"), row);
    plate.querySelector("h3").title = plate.querySelector("h3").textContent;
    const choice = plate.querySelector(".choice");
    choice.hidden = row.targets.length < 2;
    choice.replaceChildren(...row.targets.slice(0, MOST_CHOICES).map((target, at) => choiceOf(row, target, at)));
    pictures.load(frame, row);
  }

  /** Another class of the row to show. */
  function choiceOf(row, target, at) {
    const button = make("button", "", `${at + 1}`);
    button.type = "button";
    button.title = `${target.name ?? target.status}, ${pictures.percent(target.probability)}`;
    button.setAttribute("aria-label", `${row.image}: explain ${target.name ?? target.status}`);
    button.setAttribute("aria-pressed", row.at === at);
    button.addEventListener("click", () => {
      row.at = at;
      refill(row);
      there.get(row.index)?.querySelector(".choice [aria-pressed=true]")?.focus();
    });
    return button;
  }

  /** Shows a row anew, whose class is another now. */
  function refill(row) {
    const plate = there.get(row.index);
    if (plate) fill(plate, row);
  }

  /** Draws the maps that are there as they are to look now. */
  function redraw() {
    for (const frame of document.querySelectorAll(".plate .frame, .strip .frame")) pictures.draw(frame);
  }

  addEventListener("scroll", onceAFrame(update), { passive: true });
  new ResizeObserver(arrange).observe(list.parentElement);

  return { list, show, redraw, refill, takeShape };
})();
