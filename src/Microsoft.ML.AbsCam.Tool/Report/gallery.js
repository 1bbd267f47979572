// What is shown, in which order, and how it looks; all of it is kept in the page's address.
(() => {
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const choices = ["find", "class", "truth", "finding", "status", "answer", "peak", "order", "group", "which"];
  const value = name => byId(name).type === "checkbox" ? (byId(name).checked ? "1" : "") : byId(name).value;
  let usual = {};
  let selection = [];
  let shownPlace = "0";

  // Finding, ordering, grouping.

  const text = key => (a, b) => collator.compare(key(a) ?? "\uffff", key(b) ?? "\uffff");
  const chance = row => rows.shown(row).probability;
  const rank = (value, first) => value === undefined ? 2 : value === first ? 0 : 1;
  const orders = {
    "": () => 0,
    image: text(row => row.image),
    label: text(row => rows.shown(row).name),
    likely: (a, b) => (chance(b) ?? -1) - (chance(a) ?? -1),
    unlikely: (a, b) => (chance(a) ?? 2) - (chance(b) ?? 2),
    wrong: (a, b) => rank(rows.isRight(a), false) - rank(rows.isRight(b), false) || (chance(b) ?? -1) - (chance(a) ?? -1),
    right: (a, b) => rank(rows.isRight(a), true) - rank(rows.isRight(b), true) || (chance(b) ?? -1) - (chance(a) ?? -1),
    miss: (a, b) => rank(rows.shown(a).hit, false) - rank(rows.shown(b).hit, false),
    hit: (a, b) => rank(rows.shown(a).hit, true) - rank(rows.shown(b).hit, true),
  };
  const groupings = {
    label: row => rows.shown(row).name ?? "not explained",
    truth: row => row.truth ?? "not known",
    status: row => rows.shown(row).status,
    cluster: row => row.cluster ?? "in no group",
  };

  function grouped(found) {
    const keyOf = groupings[value("group")];
    if (!keyOf) return [{ rows: found }];
    const groups = Map.groupBy ? Map.groupBy(found, keyOf) : found.reduce((all, row) => all.set(keyOf(row), [...all.get(keyOf(row)) ?? [], row]), new Map());
    return [...groups].sort(([a], [b]) => collator.compare(a, b)).map(([title, members]) => {
      const known = members.filter(row => rows.isRight(row) !== undefined);
      const right = known.filter(rows.isRight).length;
      const plural = members.length === 1 ? "1 plate" : `${members.length} plates`;
      const words = findings.noteOf(title);
      if (words) return { title, rows: members, note: words };
      return { title, rows: members, note: known.length > 0 ? `${plural}, ${right} of ${known.length} right` : plural };
    });
  }

  function refresh() {
    const words = value("find").toLowerCase().split(/\s+/).filter(Boolean);
    if (value("which") !== shownPlace) {
      shownPlace = value("which");
      for (const row of rows.all) row.at = Math.min(Number(shownPlace), row.targets.length - 1);
    }
    const [name, truth, status, answer, peak] = ["class", "truth", "status", "answer", "peak"].map(value);
    const finding = Number(value("finding"));
    const found = rows.all.filter(row => {
      const target = rows.shown(row);
      return words.every(word => row.words.includes(word))
        && (!name || target.name === name)
        && (!truth || row.truth === truth)
        && (!finding || row.findings?.includes(finding))
        && (!status || target.status === status)
        && (!answer || rows.isRight(row) === (answer === "right"))
        && (!peak || target.hit === (peak === "hit"));
    });
    const order = orders[value("order")] ?? orders[""];
    if (value("order")) found.sort((a, b) => order(a, b) || a.index - b.index);
    const groups = grouped(found);
    selection = groups.flatMap(group => group.rows);
    plates.show(groups);
    byId("empty").hidden = found.length > 0 || rows.all.length < rows.count;
    const all = rows.count === 1 ? "1 plate" : `${rows.count} plates`;
    const loaded = rows.all.length < rows.count ? ` (${rows.all.length} read so far)` : "";
    byId("count-text").textContent = (found.length === rows.count ? all : `${found.length} of ${all}`) + loaded;
    keep();
  }

  function offer(select, values) {
    const chosen = select.value;
    const counts = new Map();
    for (const one of values) if (one !== undefined) counts.set(one, (counts.get(one) ?? 0) + 1);
    select.replaceChildren(select.firstElementChild, ...[...counts.keys()].sort(collator.compare).map(one => Object.assign(make("option", "", `${one} (${counts.get(one)})`), { value: one })));
    select.value = chosen;
    return counts.size;
  }

  /** Offers what the rows have, and hides what none of them has. */
  function offerAll() {
    const targets = rows.all.flatMap(row => row.targets);
    const most = rows.all.reduce((most, row) => Math.max(most, row.targets.length), 0);
    const there = {
      class: offer(byId("class"), targets.map(target => target.name)) > 1,
      status: offer(byId("status"), targets.map(target => target.status)) > 1,
      both: rows.all.some(row => rows.mirror(row) >= 0),
      truth: offer(byId("truth"), rows.all.map(row => row.truth)) > 1,
      finding: findings.all.length > 0,
      cluster: findings.hasClusters,
      answer: rows.all.some(row => row.truth !== undefined),
      peak: targets.some(target => target.hit !== undefined),
      which: most > 1,
    };
    for (const [name, isThere] of Object.entries(there)) byId(name)?.closest("label").toggleAttribute("hidden", !isThere);
    for (const option of document.querySelectorAll("option[data-needs]")) option.hidden = option.disabled = !there[option.dataset.needs];
    if (byId("which").options.length !== most) byId("which").replaceChildren(...Array.from({ length: most }, (_, at) => Object.assign(make("option", "", at === 0 ? "the first" : `number ${at + 1}`), { value: at })));
  }

  function applyLook() {
    looks.apply(rows.all.some(row => rows.mirror(row) >= 0));
    plates.redraw();
    viewer.redraw();
  }

  // The address.

  function keep() {
    const state = new URLSearchParams();
    for (const name of [...choices, ...looks.names]) if (value(name) !== usual[name]) state.set(name, value(name));
    const open = viewer.current();
    if (open) state.set("image", open.image);
    if (open?.at) state.set("at", open.at);
    if (tabs.chosen() !== tabs.first()) state.set("tab", tabs.chosen());
    history.replaceState(null, "", `#${state}`);
  }

  function recall() {
    const state = new URLSearchParams(location.hash.slice(1));
    for (const name of [...choices, ...looks.names]) {
      const control = byId(name);
      const kept = state.get(name) ?? usual[name];
      if (control.type === "checkbox") control.checked = kept === "1";
      else {
        // A class that no row has shown yet may come with the next file.
        if (control.tagName === "SELECT" && ![...control.options].some(option => option.value === kept) && rows.all.length < rows.count) control.append(Object.assign(make("option", "", kept), { value: kept }));
        control.value = kept;
        if (control.tagName === "SELECT" && control.selectedIndex < 0) control.value = usual[name];
      }
    }
    if (state.get("tab") !== tabs.chosen()) tabs.select(state.get("tab"));
    return state;
  }

  function goTo(state) {
    const index = state.has("image") ? selection.findIndex(row => row.image === state.get("image")) : -1;
    if (index < 0) return;
    const at = Number(state.get("at") ?? selection[index].at);
    if (Number.isInteger(at) && at >= 0 && at < selection[index].targets.length) selection[index].at = at;
    viewer.open(selection, index);
  }

  // The list as a table.

  const field = content => {
    const plain = content === undefined ? "" : String(content);
    const safe = typeof content === "string" && /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll("\"", "\"\"")}"` : safe;
  };

  function saveCsv() {
    const head = ["image", "status", "target", "label", "probability", "truth", "right", "hit"];
    const lines = selection.map(row => {
      const target = rows.shown(row);
      return [row.image, target.status, target.target, target.label, target.probability, row.truth, rows.isRight(row), target.hit];
    });
    const table = [head, ...lines].map(line => line.map(field).join(",")).join("\r\n");
    const link = Object.assign(make("a"), { href: URL.createObjectURL(new Blob([`${table}\r\n`], { type: "text/csv" })), download: "selection.csv" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  usual = Object.fromEntries([...choices, ...looks.names].map(name => [name, name === "which" ? "0" : value(name)]));
  for (const name of choices) byId(name).addEventListener("input", refresh);
  for (const name of looks.names) byId(name).addEventListener("input", () => { applyLook(); keep(); });
  byId("tools").addEventListener("submit", event => event.preventDefault());
  byId("csv").addEventListener("click", saveCsv);
  byId("reset").addEventListener("click", () => {
    for (const name of choices) byId(name).value = usual[name];
    refresh();
  });
  viewer.onChange(keep);
  tabs.onChange(keep);
  plates.list.addEventListener("click", event => {
    const frame = event.target.closest(".frame");
    if (frame) viewer.open(selection, selection.indexOf(rows.all[frame.dataset.row]));
  });

  // A mouse over a plate fades that plate: photo at its left, map at its right.
  plates.list.addEventListener("pointermove", event => {
    const frame = event.target.closest(".frame");
    if (!frame || event.pointerType !== "mouse") return;
    const box = frame.getBoundingClientRect();
    frame.style.setProperty("--fade", Math.min(1, Math.max(0, (event.clientX - box.left) / box.width * 1.5 - 0.25)).toFixed(3));
  });
  plates.list.addEventListener("pointerout", event => event.target.closest(".frame")?.style.removeProperty("--fade"));

  for (const [name, fact] of JSON.parse(byId("late-facts").textContent)) byId("facts").append(viewer.fact(name, fact));
  byId("finding").append(...findings.all.map((_, at) => Object.assign(make("option", "", findings.titleOf(at + 1)), { value: at + 1 })));
  tabs.offer("gallery");
  if (byId("findings")) tabs.offer("findings", findings.all.filter(finding => !finding.isConfusion).length);
  tabs.select(new URLSearchParams(location.hash.slice(1)).get("tab"));
  const asked = new URLSearchParams(location.hash.slice(1));
  let isFirst = true;
  rows.load(() => {
    const isAll = rows.all.length === rows.count;
    if (isFirst) plates.takeShape();
    if (!isFirst && !isAll) {
      byId("count-text").textContent = `${rows.all.length} of ${rows.count} plates read so far`;
      return;
    }
    isFirst = false;
    if (isAll) {
      findings.apply();
      const mistakes = confusions.apply();
      if (mistakes > 0) tabs.offer("confusions", mistakes);
    }
    offerAll();
    location.hash = `#${asked}`;
    recall();
    applyLook();
    refresh();
    requestAnimationFrame(() => performance.mark("plates"));
    if (isAll) {
      goTo(asked);
      addEventListener("hashchange", () => {
        const state = recall();
        applyLook();
        refresh();
        goTo(state);
      });
    }
  }).catch(error => {
    byId("empty").hidden = false;
    byId("empty").textContent = error.message;
  });
})();
