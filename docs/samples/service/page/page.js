import { draw, inWords, isPart } from "./heat.js";

const listed = 5;
const longestSide = 900;
const mostTries = 20;

// A final map takes a while; the first one, which it begins with, is there at once.
const firstOf = { "abs-cam": "abs-cam-initial" };
const byId = id => document.getElementById(id);

let offer;
let photo;
let asking;

// What was answered for the photo, so that going back asks nobody.
let answers = new Map();

const percent = value => (value === null ? "–" : value < 0.001 ? "< 0.1\u00a0%" : `${(100 * value).toFixed(value < 0.1 ? 1 : 0)}\u00a0%`);
const timeOf = milliseconds => (milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`);
const pause = seconds => new Promise(done => setTimeout(done, 1000 * seconds));
const say = text => (byId("state").textContent = text);
const complain = text => (byId("trouble").textContent = text);

/** Asks the service; where it is busy, as often as it says, until there is an answer or the question is another. */
async function ask(address, request = {}) {
  for (let tries = 1; ; tries++) {
    const response = await fetch(address, request);
    if (response.ok) {
      return response.json();
    }

    const problem = await response.json().catch(() => ({}));
    if (response.status !== 503 || tries === mostTries) {
      throw new Error(problem.detail ?? `The service answered with status ${response.status}.`);
    }

    const seconds = Number(response.headers.get("Retry-After") ?? 1);
    say(`${problem.detail ?? "The service is busy."}`);
    await pause(seconds);
    request.signal?.throwIfAborted();
  }
}

async function begin() {
  try {
    offer = await ask("network");
  } catch (error) {
    complain(error.message);
    return;
  }

  say("");
  byId("network").textContent = offer.network;
  byId("names").replaceChildren(...offer.classes.map(name => new Option(name)));
  byId("method").replaceChildren(...offer.methods.map(method => new Option(method.name, method.name, method.name === offer.method, method.name === offer.method)));
  const group = (label, layers) => {
    const options = document.createElement("optgroup");
    options.label = label;
    options.append(...layers.map(layer => new Option(`${layer.name} (${layer.height} × ${layer.width}, ${layer.operator})`, layer.name, false, layer.name === offer.layer)));
    return options;
  };
  byId("layer").replaceChildren(
    group("Fair choices", offer.layers.filter(layer => layer.isGood)),
    group("Others", offer.layers.filter(layer => !layer.isGood)));
  tellChoice();
  if (photo) {
    explain(null);
  }
}

function tellChoice() {
  const method = offer.methods.find(each => each.name === byId("method").value);
  const layer = offer.layers.find(each => each.name === byId("layer").value);
  byId("method-help").textContent = method.text;
  byId("layer").disabled = !method.usesLayer;
  byId("layer-help").textContent = method.usesLayer ? layer.reason : "This method works on the photo itself, without a layer.";
}

function take(file) {
  if (!file) {
    return;
  }

  asking?.abort();
  answers = new Map();
  photo = file;
  complain("");
  URL.revokeObjectURL(byId("photo").src);
  byId("photo").src = URL.createObjectURL(file);
  byId("photo").alt = `The photo ${file.name ?? ""}`;
  byId("figure").hidden = false;
  byId("drop").classList.add("has-photo");
  document.querySelector(".large").textContent = "Another photo?";
  clearMap("No map yet");
  byId("ask").hidden = true;
  byId("classes").replaceChildren();
  if (offer) {
    explain(null);
  }
}

function clearMap(label) {
  const canvas = byId("heat");
  canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
  canvas.setAttribute("aria-label", label);
  byId("where").textContent = "";
  byId("covers").hidden = true;
}

/** Shows why the class, or, for null, the one that the network scores highest. */
async function explain(index) {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  const method = byId("method").value;
  const methods = offer.methods.some(each => each.name === firstOf[method]) ? [firstOf[method], method] : [method];
  complain("");
  say("Asking the network …");
  byId("figure").setAttribute("aria-busy", "true");
  try {
    for (const each of methods) {
      const answer = await answerOf(each, index, signal);
      signal.throwIfAborted();
      show(answer, index ?? answer.classes[0].index, each !== method);
    }
  } catch (error) {
    if (!signal.aborted) {
      clearMap("No map");
      say("");
      complain(error instanceof TypeError ? "The service cannot be reached." : error.message);
    }
  } finally {
    if (!signal.aborted) {
      byId("figure").removeAttribute("aria-busy");
    }
  }
}

async function answerOf(method, index, signal) {
  const query = new URLSearchParams({ size: "layer", top: Math.min(listed, offer.classes.length), method });
  if (offer.methods.find(each => each.name === method).usesLayer) {
    query.set("layer", byId("layer").value);
  }

  if (index !== null) {
    query.set("class", index);
  }

  const key = query.toString();
  if (!answers.has(key)) {
    const [known, file] = [answers, photo];
    known.set(key, await ask(`explain?${key}`, { method: "POST", body: file, headers: { "Content-Type": file.type || "image/unknown" }, signal }));
    await byId("photo").decode().catch(() => { throw new Error("This browser cannot show the photo. Try it as a JPEG or PNG."); });
    return known.get(key);
  }

  return answers.get(key);
}

function show(answer, index, isFirst) {
  byId("figure").removeAttribute("aria-busy");
  showClasses(answer, index);
  byId("ask").hidden = false;
  if (!answer.map) {
    clearMap(`No map for ${answer.class}`);
    say(`${answer.class}: ${percent(answer.probability)}. There is no map for it (${answer.status}): nothing in this layer speaks for it.`);
    return;
  }

  const picture = byId("photo");
  const scale = Math.min(1, longestSide / Math.max(picture.naturalWidth, picture.naturalHeight));
  const canvas = byId("heat");
  canvas.width = Math.max(1, Math.round(picture.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(picture.naturalHeight * scale));
  fit();
  draw(canvas, answer.map);
  const words = inWords(answer.map);
  canvas.setAttribute("aria-label", `Map of what speaks for ${answer.class}. ${words}`);
  byId("where").textContent = words;
  byId("covers").hidden = !isPart(answer.map);
  say(`What speaks for “${answer.class}” (${percent(answer.probability)})${isFirst ? ": a first map; the final one is being made …" : `, found in ${timeOf(answer.milliseconds)}.`}`);
}

/** Lays the canvas over the photo as it is shown. */
function fit() {
  const { width, height } = byId("photo").getBoundingClientRect();
  byId("heat").style.width = `${width}px`;
  byId("heat").style.height = `${height}px`;
}

function showClasses(answer, index) {
  const box = byId("classes");
  const isListed = answer.classes.some(each => each.index === index);
  const shown = isListed ? answer.classes : [...answer.classes, { index, name: answer.class, probability: answer.probability }];

  // Rows that are there already stay, so that the keyboard keeps its place.
  if (shown.map(each => each.index).join() !== [...box.querySelectorAll("input")].map(input => input.value).join()) {
    box.replaceChildren(...shown.map(classRow));
  }

  for (const input of box.querySelectorAll("input")) {
    input.checked = Number(input.value) === index;
  }
}

function classRow({ index, name, probability }) {
  const row = document.createElement("label");
  row.className = "class";
  const part = (kind, text) => Object.assign(document.createElement("span"), { className: kind, textContent: text });
  const bar = part("bar", "");
  bar.style.width = `${100 * (probability ?? 0)}%`;
  row.append(bar, Object.assign(document.createElement("input"), { type: "radio", name: "class", value: index }), part("name", name), part("share", percent(probability)));
  return row;
}

const chosen = () => {
  const input = document.querySelector("#classes input:checked");
  return input ? Number(input.value) : null;
};

byId("file").addEventListener("change", event => take(event.target.files[0]));
byId("classes").addEventListener("change", () => explain(chosen()));
byId("ask").addEventListener("submit", event => event.preventDefault());
for (const id of ["method", "layer"]) {
  byId(id).addEventListener("change", () => {
    tellChoice();
    explain(chosen());
  });
}

byId("other").addEventListener("change", event => {
  const name = event.target.value.trim().toLowerCase();
  const names = offer.classes.map(each => each.toLowerCase());
  const index = names.includes(name) ? names.indexOf(name) : names.findIndex(each => name && each.includes(name));
  if (index >= 0) {
    event.target.value = "";
    explain(index);
  } else if (name) {
    complain(`The network knows no class “${event.target.value}”.`);
  }
});

const setFade = () => {
  byId("heat").style.opacity = byId("fade").value / 100;
  byId("faded").textContent = `${byId("fade").value} %`;
};
byId("fade").addEventListener("input", setFade);
setFade();

new ResizeObserver(fit).observe(byId("photo"));
addEventListener("paste", event => take([...event.clipboardData.files].find(file => file.type.startsWith("image/"))));
addEventListener("dragover", event => {
  event.preventDefault();
  byId("drop").classList.add("over");
});
addEventListener("dragleave", () => byId("drop").classList.remove("over"));
addEventListener("drop", event => {
  event.preventDefault();
  byId("drop").classList.remove("over");
  take(event.dataTransfer.files[0]);
});

begin();
