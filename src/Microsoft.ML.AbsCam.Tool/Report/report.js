"use strict";
/* global heat */
(() => {
  const CHUNK = 60;
  const NEAR = "900px";
  const TINY = 100;
  const byId = id => document.getElementById(id);
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };

  const settings = JSON.parse(byId("settings").textContent);
  const palettes = Object.fromEntries(Object.entries(settings.palettes).map(([name, colours]) => [name, heat.bytesOf(colours)]));
  const look = { ...settings.look, colours: palettes[settings.palette], threshold: 0, photo: "colour", contours: false };

  // A plate is an image and a class; its pictures are read when it comes near the window.
  const rows = Array.from(document.querySelectorAll("script.row")).flatMap(element => {
    const { targets, ...image } = JSON.parse(element.textContent);
    return targets.map((target, place) => {
      const name = target.title ?? target.label ?? (target.target === undefined ? null : `class ${target.target}`);
      const words = [image.image, name, target.against, image.truth, target.status, target.message];
      const hasMap = target.status === "Ok";
      return { ...image, ...target, place, name, text: words.join("\n").toLowerCase(), pictures: element.nextElementSibling, hasPhoto: image.width !== undefined, hasMap };
    });
  }).map((row, index) => ({ ...row, index }));
  const percent = p => p === undefined ? "" : p > 0 && p < 0.001 ? "< 0.1 %" : `${(100 * p).toFixed(1)} %`;
  const folded = label => label.trim().toLowerCase();

  const filters = { find: byId("find"), class: byId("class"), status: byId("status"), order: byId("order") };
  const plates = byId("plates");
  const reference = byId("reference");
  const more = byId("more");
  let shown = rows;
  let drawn = 0;

  // What a plate and the large view have in common.

  function fillFrame(frame, row) {
    if (row.hasPhoto) {
      const image = make("img", "photo");
      image.alt = "";
      frame.append(image);
    }
    if (row.hasMap) frame.append(make("canvas", "heat"));
    if (!row.hasPhoto && !row.hasMap) {
      const failure = make("span", "failure");
      failure.append(make("b", "", row.status), make("span", "", row.message ?? "There is no picture for this row."));
      frame.classList.add("failed");
      frame.append(failure);
    }
    for (const picture of frame.querySelectorAll("img, canvas")) picture.classList.toggle("tiny", Math.max(row.width ?? 0, row.height ?? 0) < TINY);
  }

  async function load(frame, row) {
    const [photo, canvas] = [frame.querySelector("img"), frame.querySelector("canvas")];
    if (!photo && !canvas) return;
    const pictures = JSON.parse(row.pictures.textContent);
    if (photo) {
      photo.src = pictures.photo;
      await photo.decode().catch(() => {});
    }
    if (canvas) {
      const map = heat.decode(pictures.maps[row.place]);
      canvas.width = row.width ?? map.width;
      canvas.height = row.height ?? map.height;
      heat.paint(canvas, photo, map, pictures.region ?? [0, 0, 1, 1], look);
    }
    frame.querySelector("svg")?.remove();
    if (pictures.mark) frame.append(markOf(pictures.mark, row));
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

  function fillCaption(caption, title, row) {
    title.textContent = row.name ?? "Not explained";
    const chance = caption.querySelector(".chance");
    chance.hidden = row.probability === undefined;
    caption.querySelector(".bar").hidden = Boolean(row.value);
    caption.querySelector(".bar i").style.width = `${100 * (row.probability ?? 0)}%`;
    caption.querySelector(".percent").textContent = row.value ?? percent(row.probability);
    const against = caption.querySelector(".against");
    against.hidden = !row.against;
    against.textContent = row.against ? `and not ${row.against}` : "";
    const notes = caption.querySelector(".notes");
    notes.replaceChildren();
    if (row.truth !== undefined) {
      const right = row.right ?? (row.label !== undefined && folded(row.label) === folded(row.truth));
      notes.append(make("span", right ? "good" : "bad", right ? "\u2713 right class" : `\u2717 true class: ${row.truth}`));
    }
    if (row.hit !== undefined) notes.append(make("span", row.hit ? "good" : "bad", row.hit ? "\u2713 peak on the object" : "\u2717 peak beside the object"));
    if (row.hasPhoto && !row.hasMap) notes.append(make("span", "bad", row.message ?? row.status));
    else if (row.message !== undefined && row.hasMap) notes.append(make("span", "bad", row.message));
  }

  // Plates: made in chunks as the page is scrolled, their pictures read when they come near and let go when they leave.

  const near = new IntersectionObserver(entries => {
    for (const entry of entries) {
      const frame = entry.target;
      if (entry.isIntersecting) load(frame, rows[frame.dataset.row]);
      else {
        for (const image of frame.querySelectorAll("img")) image.removeAttribute("src");
        for (const canvas of frame.querySelectorAll("canvas")) canvas.width = canvas.height = 0;
      }
    }
  }, { rootMargin: NEAR });

  function plateOf(row) {
    const plate = byId("plate").content.firstElementChild.cloneNode(true);
    const frame = plate.querySelector(".frame");
    frame.dataset.row = row.index;
    frame.setAttribute("aria-label", `${row.name ?? row.status}, ${row.image}: enlarge`);
    fillFrame(frame, row);
    fillCaption(plate, plate.querySelector("h3"), row);
    const file = plate.querySelector(".file");
    file.textContent = row.image;
    file.title = row.image;
    if (reference) {
      const beside = make("img", "beside");
      beside.alt = "the picture that it is compared with";
      beside.src = reference.src;
      plate.querySelector(".caption").prepend(beside);
    }
    near.observe(frame);
    return plate;
  }

  function drawMore() {
    plates.append(...shown.slice(drawn, drawn + CHUNK).map(plateOf));
    drawn = Math.min(drawn + CHUNK, shown.length);
  }

  // An observer speaks only of changes: it is asked anew after each chunk, which may not have filled the window.
  const watch = new IntersectionObserver(entries => {
    if (!entries.some(entry => entry.isIntersecting) || drawn >= shown.length) return;
    drawMore();
    watch.unobserve(more);
    watch.observe(more);
  }, { rootMargin: NEAR });

  // Finding and ordering.

  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const text = key => (a, b) => collator.compare(a[key] ?? "\uffff", b[key] ?? "\uffff");
  const orders = {
    given: () => 0,
    image: text("image"),
    label: text("name"),
    status: text("status"),
    likely: (a, b) => (b.probability ?? -1) - (a.probability ?? -1),
    unlikely: (a, b) => (a.probability ?? 2) - (b.probability ?? 2),
  };

  function refresh() {
    const words = filters.find.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = rows
      .filter(row => words.every(word => row.text.includes(word)))
      .filter(row => !filters.class.value || row.name === filters.class.value)
      .filter(row => !filters.status.value || row.status === filters.status.value)
      .sort((a, b) => orders[filters.order.value](a, b) || a.index - b.index);
    near.disconnect();
    plates.replaceChildren();
    drawn = 0;
    drawMore();
    watch.unobserve(more);
    watch.observe(more);
    byId("empty").hidden = shown.length > 0;
    const all = rows.length === 1 ? "1 plate" : `${rows.length} plates`;
    byId("count").textContent = shown.length === rows.length ? all : `${shown.length} of ${all}`;
  }

  function offer(select, values) {
    const counts = new Map();
    for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
    for (const value of [...counts.keys()].sort(collator.compare)) {
      const option = make("option", "", `${value} (${counts.get(value)})`);
      option.value = value;
      select.append(option);
    }
  }

  offer(filters.class, rows.map(row => row.name));
  offer(filters.status, rows.map(row => row.status));
  for (const control of Object.values(filters)) control.addEventListener("input", refresh);
  byId("tools").addEventListener("submit", event => event.preventDefault());
  byId("reset").addEventListener("click", () => {
    for (const control of Object.values(filters)) control.selectedIndex = 0;
    filters.find.value = "";
    refresh();
  });

  // How maps are drawn: at once, for every plate that is in sight.

  function redraw() {
    look.colours = palettes[byId("palette").value];
    look.threshold = byId("threshold").value / 100;
    look.photo = byId("under").value;
    look.contours = byId("contours").checked;
    const stops = Array.from({ length: 16 }, (_, i) => look.colours.slice(3 * 17 * i, 3 * 17 * i + 3)).map(([red, green, blue]) => `rgb(${red} ${green} ${blue})`);
    document.documentElement.style.setProperty("--scale", `linear-gradient(to right, ${stops.join(", ")})`);
    for (const frame of plates.querySelectorAll(".frame")) if (frame.querySelector("canvas")?.width > 0) load(frame, rows[frame.dataset.row]);
    if (box.open) load(byId("stage"), shown[place]);
  }

  for (const name of Object.keys(palettes)) byId("palette").append(make("option", "", name));
  byId("palette").value = settings.palette;
  for (const name of ["palette", "threshold", "under", "contours"]) byId(name).addEventListener("input", redraw);

  // Fading: one slider for all; a mouse over a plate fades that plate, photo at its left, map at its right.

  function setFade(value) {
    document.documentElement.style.setProperty("--fade", value / 100);
  }

  byId("fade").addEventListener("input", event => setFade(event.target.value));
  plates.addEventListener("pointermove", event => {
    const frame = event.target.closest(".frame");
    if (!frame || event.pointerType !== "mouse") return;
    const box = frame.getBoundingClientRect();
    const place = (event.clientX - box.left) / box.width;
    frame.style.setProperty("--fade", Math.min(1, Math.max(0, place * 1.5 - 0.25)).toFixed(3));
  });
  plates.addEventListener("pointerout", event => event.target.closest(".frame")?.style.removeProperty("--fade"));

  // The large view.

  const box = byId("box");
  let place = 0;

  function fact(name, value) {
    const line = make("div");
    const cell = make("dd");
    cell.append(value);
    line.append(make("dt", "", name), cell);
    return line;
  }

  function linkTo(file) {
    const link = make("a", "", "at its own size");
    link.href = `./${file.split("/").map(encodeURIComponent).join("/")}`;
    return link;
  }

  function show(index) {
    place = (index + shown.length) % shown.length;
    const row = shown[place];
    const stage = byId("stage");
    stage.replaceChildren();
    fillFrame(stage, row);
    load(stage, row);
    fillCaption(box.querySelector(".side"), byId("box-title"), row);
    byId("box-place").textContent = `Plate ${place + 1} of ${shown.length}`;
    for (const part of box.querySelectorAll(".fader, .legend")) part.hidden = !row.hasMap;
    const facts = [fact("File", row.image), fact("Status", row.status)];
    if (row.message !== undefined && row.hasPhoto) facts.push(fact("Message", row.message));
    if (row.against) facts.push(fact("Told from", row.against));
    if (row.target !== undefined && !row.title) facts.push(fact("Class index", `${row.target}`));
    if (row.truth !== undefined) facts.push(fact("It shows", row.truth));
    if (row.forwards > 0) facts.push(fact("Forwards", `${row.forwards}`));
    facts.push(fact("Time", `${Math.round(row.milliseconds)} ms`));
    if (row.file !== undefined) facts.push(fact("Photo", linkTo(row.file)));
    if (row.overlay !== undefined) facts.push(fact("Overlay", linkTo(row.overlay)));
    byId("box-facts").replaceChildren(...facts);
  }

  function setBoxFade(value) {
    byId("box-fade").value = value;
    box.style.setProperty("--fade", byId("box-fade").value / 100);
  }

  plates.addEventListener("click", event => {
    const frame = event.target.closest(".frame");
    if (!frame) return;
    show(shown.indexOf(rows[frame.dataset.row]));
    setBoxFade(byId("fade").value);
    box.showModal();
    box.scrollTop = 0;
  });
  byId("box-fade").addEventListener("input", event => setBoxFade(event.target.value));
  byId("box-back").addEventListener("click", () => show(place - 1));
  byId("box-next").addEventListener("click", () => show(place + 1));
  byId("box-close").addEventListener("click", () => box.close());
  box.addEventListener("click", event => { if (event.target === box) box.close(); });
  box.addEventListener("keydown", event => {
    const actions = {
      ArrowLeft: () => show(place - 1),
      ArrowRight: () => show(place + 1),
      ArrowUp: () => setBoxFade(Number(byId("box-fade").value) + 10),
      ArrowDown: () => setBoxFade(Number(byId("box-fade").value) - 10),
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  });

  // Frames take the shape that most photos have, so that few of them stand in wide margins.
  const shapes = rows.filter(row => row.width).map(row => row.width / row.height).sort((a, b) => a - b);
  const shape = shapes[shapes.length >> 1] ?? 1;
  document.documentElement.style.setProperty("--shape", Math.min(1.5, Math.max(0.8, shape)).toFixed(3));

  for (const [name, value] of JSON.parse(byId("late-facts").textContent)) byId("facts").append(fact(name, value));
  refresh();
})();
