// What an audit found: its rows as groups and filters of the gallery, and some of their plates beside the finding.
const strips = (() => {
  const SHOWN = 6;

  // A picture is read when its strip comes near the window.
  const watch = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      watch.unobserve(target);
      target.append(...target.shown.map(([row, caption], place) => miniOf(target, row, caption, place)));
    }
  }, { rootMargin: "400px" });

  function miniOf(strip, row, caption, place) {
    const item = make("li");
    const frame = make("button", "frame");
    frame.type = "button";
    pictures.fill(frame, row);
    frame.setAttribute("aria-label", `${caption}, ${row.image}: enlarge`);
    frame.addEventListener("click", () => viewer.open(strip.shown.map(([each]) => each), place));
    const file = make("p", "file", row.image);
    file.title = row.image;
    item.append(frame, make("p", "name", caption), file);
    pictures.load(frame, row);
    return item;
  }

  const usual = row => `${rows.shown(row).name ?? rows.shown(row).status} ${pictures.percent(rows.shown(row).probability)}`;

  /** A line of small plates; each is a row with what to call it. */
  function ofPairs(pairs, label) {
    const strip = make("ol", "strip");
    strip.setAttribute("aria-label", label);
    strip.shown = pairs;
    watch.observe(strip);
    return strip;
  }

  return { of: (some, label) => ofPairs(some.slice(0, SHOWN).map(row => [row, usual(row)]), label), ofPairs };
})();

const findings = (() => {
  const all = JSON.parse(byId("findings-rows")?.textContent ?? "[]");
  const notes = new Map();

  function linkTo(choices, text) {
    const link = make("a", "to-plates", text);
    link.href = `#${new URLSearchParams({ tab: "gallery", ...choices })}`;
    return link;
  }

  const plural = count => count === 1 ? "its plate" : `its ${count} plates`;

  function fill(finding, number) {
    const article = byId(`finding-${number}`);
    if (finding.isConfusion || !article) return;
    const evidence = make("div", "plates-of");
    if (finding.groups) {
      finding.groups.forEach((group, at) => evidence.append(make("h3", "", `Group ${at + 1}`), make("p", "notes", group.text), strips.of(group.rows.map(row => rows.all[row]).filter(Boolean), `Plates of group ${at + 1}`)));
    } else {
      evidence.append(strips.of(finding.all, "Plates that it is about"));
    }
    if (finding.all.length > 0) evidence.append(linkTo({ finding: number, ...finding.groups && { group: "cluster" } }, `Show ${plural(finding.all.length)} in the gallery`));
    article.append(evidence);
  }

  /** Once all rows are there: tells them what is said of them, and shows them beside it. */
  function apply() {
    all.forEach((finding, at) => {
      finding.all = [...new Set(finding.groups ? finding.groups.flatMap(group => group.rows) : finding.rows)].map(row => rows.all[row]).filter(Boolean);
      for (const row of finding.all) (row.findings ??= []).push(at + 1);
      finding.groups?.forEach((group, place) => {
        const title = `${finding.class}, group ${place + 1}`;
        notes.set(title, group.text);
        for (const row of group.rows) if (rows.all[row]) rows.all[row].cluster = title;
      });
      fill(finding, at + 1);
    });
  }

  const titleOf = number => {
    const finding = all[number - 1];
    return `${number}: ${finding.kind}, ${finding.class}`;
  };

  return { all, apply, linkTo, titleOf, noteOf: title => notes.get(title), hasClusters: all.some(finding => finding.groups) };
})();
