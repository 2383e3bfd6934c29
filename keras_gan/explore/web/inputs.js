// Inputs: what a reader moves to change a sample. A game that is told something else
// than latents and a class gets its own inputs here.

import { facts } from "./unpacking.js";
import { along, movedAlong } from "./latents.js";
import { choice, group, slider } from "./controls.js";

/** A sample whose latents hold other numbers from a place on. */
function replaced(sample, start, numbers) {
  const latents = sample.latents.slice();
  latents.set(numbers, start);
  return { ...sample, latents };
}

function classInput(parent, change) {
  const input = choice(parent, "Class", facts.classes, (label) =>
    change((sample) => ({ ...sample, label })),
  );
  return (sample) => input.set(sample.label);
}

function codeInputs(parent, code, change) {
  const title = code.name.replace("_", " ");
  const size = code.stop - code.start;
  if (code.kind === "categorical") {
    const names = Array.from({ length: size }, (_, index) => String(index));
    const input = choice(parent, title, names, (chosen) =>
      change((sample) =>
        replaced(
          sample,
          code.start,
          names.map((_, index) => (index === chosen ? 1 : 0)),
        ),
      ),
    );
    return (sample) =>
      input.set(sample.latents.slice(code.start, code.stop).indexOf(1));
  }
  const spread = 3;
  const sliders = Array.from({ length: size }, (_, index) => {
    const min = code.kind === "uniform" ? code.low : code.mean[index] - spread;
    const max = code.kind === "uniform" ? code.high : code.mean[index] + spread;
    const text = size === 1 ? title : `${title}, number ${index + 1}`;
    const options = { min, max, step: (max - min) / 200, value: (min + max) / 2 };
    return slider(parent, text, options, (number) =>
      change((sample) => replaced(sample, code.start + index, [number])),
    );
  });
  return (sample) =>
    sliders.forEach((part, i) => part.set(sample.latents[code.start + i]));
}

function directionInput(parent, index, change) {
  const options = { min: -4, max: 4, step: 0.05, value: 0 };
  const input = slider(parent, `Direction ${index + 1}`, options, (deviations) =>
    change((sample) => ({
      ...sample,
      latents: movedAlong(sample.latents, index, deviations),
    })),
  );
  return (sample) => input.set(along(sample.latents, index));
}

/** All inputs of a sample. `change(f)` is called with a function from the sample as it
 *  is to the one that is wanted; the function that comes back shows a sample's values. */
export function sampleInputs(parent, change) {
  const shows = [];
  if (facts.classes) {
    const told = group(parent, "Class", "What the generator is told to draw.");
    shows.push(classInput(told, change));
  }
  if (facts.codes.length) {
    const said = "What training has given a meaning that nobody named: find it out.";
    const codes = group(parent, "Codes", said);
    shows.push(...facts.codes.map((code) => codeInputs(codes, code, change)));
  }
  if (facts.directions.length) {
    const said =
      "The steps in the latents that move the generator's first layer most, the " +
      "strongest first, in standard deviations.";
    const directions = group(parent, "Directions", said);
    shows.push(
      ...facts.directions.map((_, index) => directionInput(directions, index, change)),
    );
  }
  return (sample) => shows.forEach((show) => show(sample));
}
