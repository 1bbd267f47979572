// Draws maps over photos, sorts the table, finds photos, and chooses methods.
(() => {
  const numbers = byId("numbers");
  const photos = byId("photos");

  // Baselines stay where they are, below: they are a measure of the others, and no competitors.
  const heads = [...numbers.tHead.rows[0].cells];
  heads.forEach((head, column) => head.querySelector("button")?.addEventListener("click", event => {
    const isLowerFirst = (head.ariaSort ? head.ariaSort === "descending" : event.currentTarget.dataset.lower === "true");
    for (const other of heads) other.ariaSort = other === head ? (isLowerFirst ? "ascending" : "descending") : null;
    const body = numbers.querySelector(".methods");
    const valueOf = row => row.cells[column].dataset.value === "" ? NaN : Number(row.cells[column].dataset.value);
    const sorted = [...body.rows].sort((a, b) => {
      const [left, right] = [valueOf(a), valueOf(b)];
      if (Number.isNaN(left) || Number.isNaN(right)) return Number.isNaN(left) - Number.isNaN(right);
      return isLowerFirst ? left - right : right - left;
    });
    body.append(...sorted);
  }));

  // Under each map lies the row's photo.
  for (const row of photos.tBodies[0].rows) {
    const photo = row.querySelector("th img");
    if (!photo) continue;
    for (const pair of row.querySelectorAll(".pair")) {
      const under = photo.cloneNode();
      under.alt = "";
      pair.prepend(under);
    }
  }

  // As the library draws overlays; only near the window, and again only where the look has changed since.
  const BEYOND = 600;
  const near = new Set();
  let version = 0;
  const soon = onceAFrame(() => near.forEach(draw));
  const watch = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) near.add(target);
      else near.delete(target);
    }
    soon();
  }, { rootMargin: `${BEYOND}px` });

  async function draw(row) {
    const photo = row.querySelector("th img");
    if (photo && !photo.complete) await photo.decode().catch(() => {});
    const now = `${version}`;
    for (const canvas of row.querySelectorAll("td:not([hidden]) canvas")) {
      if (canvas.dataset.drawn === now) continue;
      const { width, height, values } = canvas.dataset;
      heat.paint(canvas, photo, heat.decode({ width: Number(width), height: Number(height), values }), JSON.parse(row.dataset.region), look);
      canvas.dataset.drawn = now;
    }
  }

  for (const name of looks.names) byId(name).addEventListener("input", () => {
    looks.apply();
    if (name !== "fade") version++;
    soon();
  });

  function find() {
    const words = byId("find").value.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = [...photos.tBodies[0].rows];
    for (const row of rows) row.hidden = !words.every(word => row.cells[0].textContent.toLowerCase().includes(word));
    const shown = rows.filter(row => !row.hidden).length;
    byId("count").textContent = shown === rows.length ? `${rows.length} photos` : `${shown} of ${rows.length} photos`;
  }

  byId("find").addEventListener("input", find);
  byId("tools").addEventListener("submit", event => event.preventDefault());
  byId("methods").querySelectorAll("input").forEach((box, place) => box.addEventListener("input", () => {
    for (const row of photos.rows) row.cells[place + 1].hidden = !box.checked;
    soon();
  }));
  looks.apply();

  // Those in sight at once: where nothing is scrolled and no frame is made, as for a picture of the page, nobody is told what comes near. Paper shows all.
  const all = [...photos.tBodies[0].rows];
  all.filter(row => row.getBoundingClientRect().top < innerHeight + BEYOND).forEach(draw);
  all.forEach(row => watch.observe(row));
  addEventListener("beforeprint", () => all.forEach(draw));
  find();
})();
