// The page: a grid of samples, one of which is looked at, changed and joined to others.

import { facts } from "./unpacking.js";
import { loadGenerator } from "./drawing.js";
import { between, drawSamples } from "./latents.js";
import { download, newCanvas, paint, sheetOf } from "./pictures.js";
import { pythonOf } from "./python_text.js";
import { choice, reveal, slider } from "./controls.js";
import { sampleInputs } from "./inputs.js";

const element = (id) => document.getElementById(id);
const SIDE = facts.shape[0] * facts.shape[1] <= 1024 ? 4 : 3; // samples in a row
const LARGEST_SEED = 2 ** 31 - 1;
const UNTRUNCATED = 4; // standard deviations; the slider's end takes none away
const SECONDS = 3; // of a path

const grid = element("grid");
const large = element("large");
const cells = Array.from({ length: SIDE * SIDE }, () => newCanvas());
const settings = { seed: 0, threshold: UNTRUNCATED, label: -1 };
let generate; // samples -> images
let samples = [];
let selected = 0;
let start = null; // of a path: the number of a sample
let shown = null; // the sample in the large picture
let playing = false;

// Drawing ------------------------------------------------------------------------------

const waiting = new Map(); // canvas -> the last sample that is wanted on it
let busy = false;

/** Draw samples, each on its canvas. What is overtaken by a later wish is never drawn. */
async function show(wishes) {
  wishes.forEach(([canvas, sample]) => waiting.set(canvas, sample));
  if (busy) return;
  busy = true;
  try {
    while (waiting.size) {
      const now = [...waiting];
      waiting.clear();
      const distinct = [...new Set(now.map(([, sample]) => sample))];
      const images = await generate(distinct);
      now.forEach(([canvas, sample]) =>
        paint(canvas, images[distinct.indexOf(sample)]),
      );
      await new Promise((resolve) => setTimeout(resolve)); // the reader's turn
    }
  } catch (error) {
    fail(error);
  } finally {
    busy = false;
  }
}

function nameOf(sample, index) {
  const told = facts.classes ? `, class ${facts.classes[sample.label]}` : "";
  return `Sample ${index + 1}${told}`;
}

/** Show a sample in the large picture. */
function look(sample, said) {
  shown = sample;
  large.setAttribute("aria-label", said);
  element("shown").textContent = said;
  return [large, sample];
}

// The grid -----------------------------------------------------------------------------

function drawAll() {
  stop();
  samples = drawSamples(cells.length, settings.seed, settings.threshold);
  if (settings.label >= 0) {
    samples = samples.map((sample) => ({ ...sample, label: settings.label }));
  }
  start = null;
  const looked = refresh();
  return show([...cells.map((canvas, index) => [canvas, samples[index]]), looked]);
}

/** Bring buttons and inputs in line with what is selected. */
function refresh() {
  [...grid.children].forEach((button, index) => {
    button.setAttribute("aria-checked", index === selected);
    button.tabIndex = index === selected ? 0 : -1;
    const begins = index === start ? ", start of the path" : "";
    button.setAttribute("aria-label", nameOf(samples[index], index) + begins);
    button.classList.toggle("start", index === start);
  });
  showInputs(samples[selected]);
  const joined = start !== null && start !== selected;
  element("play").disabled = !joined;
  way.control.disabled = !joined;
  way.set(1);
  element("path-said").textContent = joined
    ? `From sample ${start + 1} to sample ${selected + 1}.`
    : start === null
      ? "Choose a sample, and begin a path there."
      : "Now choose the sample where the path ends.";
  return look(samples[selected], nameOf(samples[selected], selected));
}

function select(index) {
  stop();
  selected = index;
  show([refresh()]);
}

function change(changed) {
  stop();
  samples[selected] = changed(samples[selected]);
  const looked = refresh();
  show([[cells[selected], samples[selected]], looked]);
}

const STEPS = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  ArrowUp: (at) => at - SIDE,
  ArrowDown: (at) => at + SIDE,
  Home: () => 0,
  End: () => cells.length - 1,
};

function makeGrid() {
  grid.style.setProperty("--side", SIDE);
  cells.forEach((canvas, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("role", "radio");
    button.append(canvas);
    button.addEventListener("click", () => select(index));
    grid.append(button);
  });
  grid.addEventListener("keydown", (event) => {
    const to = STEPS[event.key]?.(selected);
    if (to === undefined) return;
    event.preventDefault();
    if (to < 0 || to >= cells.length) return;
    select(to);
    grid.children[to].focus();
  });
}

// Inputs of all samples ----------------------------------------------------------------

function makeSettings() {
  const all = element("all");
  const seed = element("seed");
  seed.addEventListener("change", () => {
    const number = Math.trunc(Number(seed.value));
    settings.seed = Math.min(LARGEST_SEED, Math.max(0, number || 0));
    seed.value = settings.seed;
    drawAll();
  });
  element("next-seed").addEventListener("click", () => {
    settings.seed = (settings.seed + 1) % LARGEST_SEED;
    seed.value = settings.seed;
    drawAll();
  });
  if (facts.classes) {
    choice(all, "Class of all", ["each in turn", ...facts.classes], (index) => {
      settings.label = index - 1;
      drawAll();
    });
  }
  if (facts.prior.some((part) => part.kind === "normal")) {
    const options = { min: 0.1, max: UNTRUNCATED, step: 0.05, value: UNTRUNCATED };
    slider(all, "Truncation", options, (threshold) => {
      settings.threshold = threshold;
      drawAll();
    });
    element("truncation-said").hidden = false;
  }
}

// A path -------------------------------------------------------------------------------

const way = slider(
  element("way"),
  "Way",
  { min: 0, max: 1, step: 0.01, value: 1 },
  (share) => {
    stop();
    walk(share);
  },
);

function walk(share) {
  const [from, to] = [samples[start], samples[selected]];
  const sample = {
    latents: between(from.latents, to.latents, share),
    label: share < 0.5 ? from.label : to.label,
  };
  way.set(share);
  return show([look(sample, `Between samples ${start + 1} and ${selected + 1}`)]);
}

async function play() {
  playing = true;
  element("play").textContent = "Pause";
  const began = performance.now();
  while (playing) {
    const turns = (performance.now() - began) / (1000 * SECONDS);
    await walk(1 - Math.abs(1 - (turns % 2))); // there and back
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

function stop() {
  playing = false;
  element("play").textContent = "Play";
}

// The rest -----------------------------------------------------------------------------

async function copyPython() {
  const text = element("python");
  text.value = pythonOf(shown);
  text.hidden = false;
  text.select();
  const copied = await navigator.clipboard?.writeText(text.value).then(
    () => true,
    () => false,
  );
  element("status").textContent = copied
    ? "Copied."
    : "Copy the text that is selected.";
}

function fail(error) {
  element("loading").hidden = true;
  const said = element("error");
  said.hidden = false;
  said.textContent = `This browser cannot run the generator: ${error.message ?? error}`;
  throw error;
}

const showInputs = sampleInputs(element("inputs"), change);

async function begin() {
  [large.height, large.width] = facts.shape;
  makeGrid();
  makeSettings();
  element("play").addEventListener("click", () => (playing ? stop() : play()));
  element("begin-path").addEventListener("click", () => {
    stop();
    start = selected;
    show([refresh()]);
  });
  element("reset").addEventListener("click", () => {
    const [first] = drawSamples(selected + 1, settings.seed, settings.threshold).slice(
      -1,
    );
    change(() => (settings.label >= 0 ? { ...first, label: settings.label } : first));
  });
  element("copy").addEventListener("click", copyPython);
  element("save").addEventListener("click", () =>
    download(large, `${facts.title}.png`),
  );
  element("save-all").addEventListener("click", () =>
    download(sheetOf(cells), `${facts.title}-${settings.seed}.png`),
  );
  generate = await loadGenerator();
  await drawAll();
  reveal();
}

/** For the console: `await kerasGan.draw([{latents: [...], label: 3}])`. */
globalThis.kerasGan = {
  facts,
  between,
  drawSamples,
  draw: (wanted) => generate(wanted),
  pictures: { large, cells },
};

begin().catch(fail);
