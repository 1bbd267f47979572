// Which classes are taken for which: counted from the rows, with pictures, and what an audit says of them.
const confusions = (() => {
  const MOST_CLASSES = 16;
  const MOST_CELLS = 12;
  const MOST_PLATES = 4;
  const place = byId("cells");
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const cells = new Map();
  const shownOf = new Map();
  let known = 0;

  /** Counts; only what a network predicts is a confusion, not what somebody asked about. */
  function count() {
    if (!settings.isPrediction) return;
    for (const row of rows.all) {
      const [target] = row.targets;
      const isRight = rows.isTrue(row, target);
      if (isRight === undefined || target.name === undefined) continue;
      known++;
      shownOf.set(row.truth, (shownOf.get(row.truth) ?? 0) + 1);
      const key = JSON.stringify([row.truth, isRight ? row.truth : target.name]);
      if (!cells.has(key)) cells.set(key, { truth: row.truth, taken: isRight ? row.truth : target.name, isRight, members: [] });
      cells.get(key).members.push(row);
    }
  }

  const wrong = () => [...cells.values()].filter(cell => !cell.isRight);
  const total = list => list.reduce((sum, cell) => sum + cell.members.length, 0);
  const choicesOf = cell => ({ truth: cell.truth, class: cell.taken });

  function matrix() {
    const names = [...new Set([...cells.values()].flatMap(cell => [cell.truth, cell.taken]))].sort(collator.compare);
    if (names.length > MOST_CLASSES) return undefined;
    const table = make("table", "matrix");
    const head = table.createTHead().insertRow();
    head.append(make("td"), ...names.map(name => Object.assign(make("th", "", name), { scope: "col" })));
    const body = table.createTBody();
    for (const truth of names) {
      const line = body.insertRow();
      line.append(Object.assign(make("th", "", truth), { scope: "row" }));
      for (const taken of names) {
        const cell = cells.get(JSON.stringify([truth, taken]));
        const box = line.insertCell();
        if (!cell) continue;
        const link = findings.linkTo(choicesOf(cell), `${cell.members.length}`);
        link.title = `${cell.members.length} of ${shownOf.get(truth)} pictures of ${truth} are taken for ${taken}`;
        box.append(link);
        box.className = cell.isRight ? "right" : "wrong";
        box.style.setProperty("--share", `${Math.round(45 * Math.sqrt(cell.members.length / shownOf.get(truth)))}%`);
      }
    }
    const wide = make("div", "wide");
    wide.tabIndex = 0;
    wide.setAttribute("role", "region");
    wide.setAttribute("aria-label", "Confusion matrix");
    wide.append(table);
    return wide;
  }

  /** The row's plates: under the map of what it is taken for, and beside it of what it shows, where that was explained. */
  function platesOf(row) {
    const own = row.targets.findIndex((target, at) => at > 0 && rows.isTrue(row, target));
    const named = at => `${row.targets[at].name} ${pictures.percent(row.targets[at].probability)}`;
    const taken = [{ ...row, at: 0 }, own < 0 ? named(0) : `why ${named(0)}`];
    return own < 0 ? [taken] : [taken, [{ ...row, at: own }, `why ${named(own)}`]];
  }

  function articleOf(cell, told) {
    const article = make("article", "finding");
    if (told) article.append(make("p", "eyebrow", "stands out"));
    article.append(make("h2", "", `${cell.truth}, taken for ${cell.taken}`));
    if (told) article.append(...byId(`finding-${told}`).childNodes);
    else article.append(make("p", "notes", `${cell.members.length} of ${shownOf.get(cell.truth)} pictures of ${cell.truth}`));

    // What tells the two classes apart says more than what speaks for one.
    if (!article.querySelector("figure")) {
      const surest = [...cell.members].sort((a, b) => (b.targets[0].probability ?? 0) - (a.targets[0].probability ?? 0)).slice(0, MOST_PLATES);
      article.append(strips.ofPairs(surest.flatMap(platesOf), `Pictures of ${cell.truth} that are taken for ${cell.taken}`));
    }
    article.append(findings.linkTo(choicesOf(cell), cell.members.length === 1 ? "Show it in the gallery" : `Show all ${cell.members.length} in the gallery`));
    return article;
  }

  /** Once all rows are there. Returns how many pictures are taken for what they are not. */
  function apply() {
    count();
    const told = new Map(findings.all.flatMap((finding, at) => {
      const [row] = finding.isConfusion ? finding.all : [];
      return row ? [[JSON.stringify([row.truth, finding.class]), at + 1]] : [];
    }));
    const toldOf = cell => told.get(JSON.stringify([cell.truth, cell.taken]));
    const list = wrong().sort((a, b) => !toldOf(a) - !toldOf(b) || b.members.length - a.members.length || collator.compare(a.truth, b.truth));
    if (list.length === 0) return 0;
    const mistakes = total(list);
    place.append(make("p", "lead", `${mistakes} of ${known} pictures whose class is known are taken for another${mistakes === known ? ": look whether both sides call their classes alike" : ""}.`));
    const table = matrix();
    if (table) place.append(make("p", "notes", "Rows: what pictures show. Columns: what the network takes them for."), table);
    place.append(...list.slice(0, MOST_CELLS).map(cell => articleOf(cell, toldOf(cell))));
    if (list.length > MOST_CELLS) {
      const left = make("p", "notes", `${list.length - MOST_CELLS} more kinds of mistakes, of ${total(list.slice(MOST_CELLS))} pictures: `);
      left.append(findings.linkTo({ answer: "wrong", group: "truth" }, "all in the gallery"));
      place.append(left);
    }
    return mistakes;
  }

  return { apply };
})();
