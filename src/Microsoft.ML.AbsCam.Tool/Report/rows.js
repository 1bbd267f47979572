// The rows of the page: in the page itself, or in files beside it that are read as they are needed. A page on a disk may read no file but scripts.
const rows = (() => {
  const ROWS_A_FILE = 2000;
  const DETAILS_A_FILE = 32;
  const MOST_FILES_KEPT = 24;
  const all = [];
  const count = Number(byId("count").textContent);
  const waiting = new Map();
  const kept = new Map();

  const classOf = target => target.label ?? (target.target === undefined ? undefined : `class ${target.target}`);
  const nameOf = target => target.title ?? classOf(target);
  const folded = text => text.trim().toLowerCase();

  function add(row, details) {
    for (const target of row.targets) target.name = nameOf(target);
    row.index = all.length;
    row.at = 0;
    row.details = details;
    row.words = [row.image, row.truth, ...row.targets.flatMap(target => [target.name, target.against, target.status, target.message])].join("\n").toLowerCase();
    all.push(row);
  }

  /** The explained class that is shown. */
  const shown = row => row.targets[row.at];

  /** Whether a class is what the picture shows; undefined where that is not known. */
  function isTrue(row, target) {
    if (row.truth === undefined) return undefined;
    return target.right ?? (target.name !== undefined && folded(target.name) === folded(row.truth));
  }

  /** The place of the target that asks the shown contrast the other way round; -1 where none does. */
  const mirror = row => shown(row).against === undefined ? -1 : row.targets.findIndex(target => target.against === classOf(shown(row)) && classOf(target) === shown(row).against);

  const isRight = row => isTrue(row, shown(row));

  // What a file beside the page hands over.
  window.takeRows = (kind, number, text) => {
    const resolve = waiting.get(`${kind}-${number}`);
    waiting.delete(`${kind}-${number}`);
    resolve?.(JSON.parse(text));
  };

  function read(kind, number) {
    const name = `${kind}-${number}`;
    return new Promise((resolve, reject) => {
      waiting.set(name, resolve);
      const script = make("script");
      script.src = `./${settings.files}/${kind}-${String(number).padStart(5, "0")}.js`;
      script.onload = () => script.remove();
      script.onerror = () => reject(new Error(`The file ${script.src} cannot be read. It belongs beside this page.`));
      document.head.append(script);
    });
  }

  /** Reads all rows, and tells after each file. */
  async function load(told) {
    if (!settings.files) {
      for (const element of document.querySelectorAll("script.row")) add(JSON.parse(element.textContent), element.nextElementSibling);
      told();
      return;
    }
    for (let number = 0; number * ROWS_A_FILE < count; number++) {
      for (const row of await read("rows", number)) add(row);
      told();
    }
  }

  /** Photo, maps and what else is only shown. Of files, so many are kept, the last ones used. */
  async function details(row) {
    if (row.details) return JSON.parse(row.details.textContent);
    const number = Math.floor(row.index / DETAILS_A_FILE);
    const file = kept.get(number) ?? read("details", number);
    kept.delete(number);
    kept.set(number, file);
    if (kept.size > MOST_FILES_KEPT) kept.delete(kept.keys().next().value);
    return (await file)[row.index % DETAILS_A_FILE];
  }

  return { all, count, shown, isTrue, isRight, mirror, load, details, nameOf };
})();
