// A plate by itself: as large as the window, with the photo at its own size, and with all its classes.
const viewer = (() => {
  const MOST_ZOOM = 16;
  const SWIPE = 60;
  const LAYER_SIDE = 1024;
  const SHAPE_TOLERANCE = 0.02;
  const box = byId("box");
  const stage = byId("stage");
  const picture = make("div", "picture");
  const view = { scale: 1, x: 0, y: 0 };
  const touches = new Map();
  let selection = [];
  let place = 0;
  let changed = () => {};
  let own = null;

  const row = () => selection[place];
  const pathOf = file => `./${file.split("/").map(encodeURIComponent).join("/")}`;

  function fact(name, value) {
    const line = make("div");
    const cell = make("dd");
    cell.append(value);
    line.append(make("dt", "", name), cell);
    return line;
  }

  function linkTo(file) {
    const link = make("a", "", "at its own size");
    link.href = pathOf(file);
    return link;
  }

  /** Opens a row among those of a list, and its neighbours are that list's. */
  function open(shown, index) {
    selection = shown;
    show(index);
    if (!box.open) {
      setFade(byId("fade").value);
      box.showModal();
    }
  }

  async function show(index) {
    place = (index + selection.length) % selection.length;
    const current = row();
    own = null;
    zoomTo(1);
    stage.replaceChildren(picture);
    fillPicture(current);
    byId("box-place").textContent = `${place + 1} of ${selection.length}`;
    say("");
    caption(current);
    changed();
    const details = await pictures.load(picture, current) ?? await rows.details(current);
    if (current !== row()) return;
    classes(current, details);
    facts(current, details);
    byId("zoom-own").disabled = details.file === undefined && rows.shown(current).overlay === undefined;
  }

  function fillPicture(current) {
    pictures.fill(picture, current);
    picture.style.aspectRatio = pictures.hasPhoto(current) ? `${current.width} / ${current.height}` : "1";
    picture.style.setProperty("--ratio", pictures.hasPhoto(current) ? current.width / current.height : 1);
  }

  function caption(current) {
    pictures.caption(box.querySelector(".side"), byId("box-title"), current);
    for (const part of box.querySelectorAll(".fader, .legend")) part.hidden = !pictures.hasMap(current);
  }

  /** The most probable classes; those that were explained can be chosen. */
  function classes(current, { top = [] }) {
    const explained = current.targets.map((target, at) => ({ target: target.target, name: target.name, probability: target.probability, at }));
    const others = top.filter(({ target }) => !explained.some(one => one.target === target)).map(chance => ({ ...chance, name: rows.nameOf(chance) }));
    const all = current.targets.length > 1 || others.length > 0 ? [...explained, ...others].sort((a, b) => (b.probability ?? 0) - (a.probability ?? 0)) : [];
    const list = make("ol", "classes");
    for (const one of all) {
      const line = make("li");
      const isChoice = one.at !== undefined && current.targets.length > 1;
      const name = make(isChoice ? "button" : "span", "name", one.name ?? "not explained");
      if (isChoice) {
        name.type = "button";
        name.setAttribute("aria-pressed", one.at === current.at);
        name.addEventListener("click", () => choose(current, one.at));
      }
      if (one.at === current.at) line.className = "shown";
      const bar = make("span", "bar");
      bar.append(make("i"));
      bar.firstChild.style.width = `${100 * (one.probability ?? 0)}%`;
      line.append(name, bar, make("span", "percent", pictures.percent(one.probability)));
      list.append(line);
    }
    byId("box-classes").replaceChildren(...(all.length > 0 ? [make("h3", "", current.targets.length > 1 ? "Classes: choose what the map explains" : "Most probable classes"), list] : []));

    // Keys go to what has the focus, and a button that had it is gone.
    if (!box.contains(document.activeElement)) box.focus();
  }

  async function choose(current, at) {
    current.at = at;
    plates.refill(current);
    fillPicture(current);
    caption(current);
    changed();
    const details = await pictures.load(picture, current);
    if (own) await showOwn();
    if (details) classes(current, details);
    box.querySelector("[aria-pressed=true]")?.focus();
  }

  function facts(current, details) {
    const target = rows.shown(current);
    const lines = [fact("File", current.image), fact("Status", target.status)];
    if (target.message !== undefined) lines.push(fact("Message", target.message));
    if (target.against) lines.push(fact("Told from", target.against));
    if (target.target !== undefined && !target.title) lines.push(fact("Class index", `${target.target}`));
    if (current.truth !== undefined) lines.push(fact("It shows", current.truth));
    if (current.findings) lines.push(fact("Findings", current.findings.map(findings.titleOf).join("; ")));
    if (current.cluster) lines.push(fact("Group", current.cluster));
    if (details.forwards > 0) lines.push(fact("Forwards", `${details.forwards}`));
    lines.push(fact("Time", `${Math.round(details.milliseconds)} ms`));
    if (details.file !== undefined) lines.push(fact("Photo", linkTo(details.file)));
    if (target.overlay !== undefined) lines.push(fact("Overlay", linkTo(target.overlay)));
    byId("box-facts").replaceChildren(...lines);
  }

  function say(text) {
    byId("box-hint").textContent = text;
  }

  // The photo's own pixels: its file, which may have gone, under the map as a layer of its own, since a page may not read the pixels of another file.

  async function showOwn() {
    const current = row();
    const details = await rows.details(current);
    const image = own ?? Object.assign(make("img", "photo"), { alt: "" });
    if (!own) {
      image.src = pathOf(details.file ?? rows.shown(current).overlay);
      const isThere = await image.decode().then(() => true, () => false);
      if (current !== row()) return;
      if (!isThere) return say("The photo's file is not where it was when the page was made: this is its small copy.");
      if (Math.abs(image.naturalWidth / image.naturalHeight / (current.width / current.height) - 1) > SHAPE_TOLERANCE) return say("The photo's file has another shape than when the page was made: this is its small copy.");
    }
    own = image;
    picture.querySelector("img")?.replaceWith(image);
    const { held } = picture;
    if (held?.map && details.file !== undefined) {
      const share = Math.min(1, LAYER_SIDE / Math.max(image.naturalWidth, image.naturalHeight));
      held.canvas.width = Math.max(1, Math.round(image.naturalWidth * share));
      held.canvas.height = Math.max(1, Math.round(image.naturalHeight * share));
      held.isLayer = true;
      pictures.draw(picture);
    }
    say(`The photo itself, ${image.naturalWidth} x ${image.naturalHeight} pixels.`);
  }

  async function zoomOwn() {
    await showOwn();
    const width = own ? own.naturalWidth : row().width ?? 1;
    zoomTo(Math.max(1, width / picture.clientWidth / devicePixelRatio));
  }

  /** Enlarges around a place of the stage, its middle unless it is said. */
  function zoomTo(scale, at = { x: stage.clientWidth / 2, y: stage.clientHeight / 2 }) {
    const next = Math.min(MOST_ZOOM, Math.max(1, scale));
    const share = next / view.scale;
    view.x = next === 1 ? 0 : at.x - stage.clientWidth / 2 - (at.x - stage.clientWidth / 2 - view.x) * share;
    view.y = next === 1 ? 0 : at.y - stage.clientHeight / 2 - (at.y - stage.clientHeight / 2 - view.y) * share;
    view.scale = next;
    move(0, 0);
  }

  function move(x, y) {
    const most = side => Math.max(0, (picture[`client${side}`] * view.scale - stage[`client${side}`]) / 2);
    view.x = Math.min(most("Width"), Math.max(-most("Width"), view.x + x));
    view.y = Math.min(most("Height"), Math.max(-most("Height"), view.y + y));
    picture.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
    stage.classList.toggle("zoomed", view.scale > 1);
  }

  function setFade(value) {
    byId("box-fade").value = value;
    box.style.setProperty("--fade", byId("box-fade").value / 100);
  }

  const placeOf = event => ({ x: event.clientX - stage.getBoundingClientRect().left, y: event.clientY - stage.getBoundingClientRect().top });

  stage.addEventListener("pointerdown", event => {
    touches.set(event.pointerId, { ...placeOf(event), from: event.clientX });
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", event => {
    const before = touches.get(event.pointerId);
    if (!before) return;
    const now = placeOf(event);
    const other = [...touches].find(([id]) => id !== event.pointerId)?.[1];
    if (other) zoomTo(view.scale * Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y)), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
    else if (view.scale > 1) move(now.x - before.x, now.y - before.y);
    touches.set(event.pointerId, { ...before, ...now });
  });
  function lift(event) {
    const touch = touches.get(event.pointerId);
    touches.delete(event.pointerId);
    const way = touch ? event.clientX - touch.from : 0;
    if (event.type === "pointerup" && touches.size === 0 && view.scale === 1 && Math.abs(way) > SWIPE) show(place - Math.sign(way));
  }
  stage.addEventListener("pointerup", lift);
  stage.addEventListener("pointercancel", lift);
  stage.addEventListener("wheel", event => {
    event.preventDefault();
    zoomTo(view.scale * Math.exp(-event.deltaY / 400), placeOf(event));
  }, { passive: false });
  stage.addEventListener("dblclick", () => view.scale > 1 ? zoomTo(1) : zoomOwn());

  const actions = {
    ArrowLeft: () => show(place - 1),
    ArrowRight: () => show(place + 1),
    ArrowUp: () => setFade(Number(byId("box-fade").value) + 10),
    ArrowDown: () => setFade(Number(byId("box-fade").value) - 10),
    "+": () => zoomTo(view.scale * 1.5),
    "-": () => zoomTo(view.scale / 1.5),
    0: () => zoomTo(1),
    1: zoomOwn,
  };
  box.addEventListener("keydown", event => {
    if (!actions[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    actions[event.key]();
  });
  byId("box-fade").addEventListener("input", event => setFade(event.target.value));
  byId("box-back").addEventListener("click", actions.ArrowLeft);
  byId("box-next").addEventListener("click", actions.ArrowRight);
  byId("zoom-in").addEventListener("click", actions["+"]);
  byId("zoom-out").addEventListener("click", actions["-"]);
  byId("zoom-fit").addEventListener("click", actions[0]);
  byId("zoom-own").addEventListener("click", zoomOwn);
  byId("box-close").addEventListener("click", () => box.close());
  box.addEventListener("click", event => { if (event.target === box) box.close(); });
  box.addEventListener("close", () => changed());

  return { open, close: () => box.close(), redraw: () => pictures.draw(picture), current: () => box.open ? row() : undefined, onChange: tell => { changed = tell; }, fact };
})();
