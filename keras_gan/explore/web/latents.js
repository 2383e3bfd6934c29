// Latents: drawn by the prior from a seed, moved along directions, joined by paths.

import { facts } from "./unpacking.js";

/** Uniform numbers in (0, 1), the same for the same seed (mulberry32). */
export function uniforms(seed) {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
}

/** A normal number (Box and Muller, 1958) within the threshold; it is drawn again until
 *  it lies there, from a stream of its own, so that the others stay. */
function normal(next, threshold) {
  const seed = Math.floor(next() * 4294967296);
  const own = uniforms(seed);
  for (;;) {
    const radius = Math.sqrt(-2 * Math.log(own()));
    const number = radius * Math.cos(2 * Math.PI * own());
    if (Math.abs(number) <= threshold) return number;
  }
}

function drawNormal(part, next, threshold) {
  const plain = part.mean.map(() => normal(next, threshold));
  if (!part.factor) return plain.map((number, i) => part.mean[i] + number);
  return part.factor.map((row, i) => part.mean[i] + dot(row, plain));
}

function drawCategorical(part, next) {
  let rest = next();
  const last = part.probabilities.length - 1;
  const found = part.probabilities.findIndex(
    (share, i) => (rest -= share) < 0 || i === last,
  );
  return part.probabilities.map((_, i) => (i === found ? 1 : 0));
}

const DRAW = {
  normal: drawNormal,
  uniform: (part, next) =>
    Array.from(
      { length: part.stop - part.start },
      () => part.low + (part.high - part.low) * next(),
    ),
  categorical: drawCategorical,
};

/** The samples of a seed; where there are classes, each in turn. */
export function drawSamples(count, seed, threshold) {
  const next = uniforms(seed);
  return Array.from({ length: count }, (_, row) => ({
    latents: Float32Array.from(
      facts.prior.flatMap((part) => DRAW[part.kind](part, next, threshold)),
    ),
    label: facts.classes ? row % facts.classes.length : null,
  }));
}

export function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i] * b[i];
  return sum;
}

const middle = facts.prior.flatMap((part) =>
  part.kind === "normal"
    ? part.mean
    : Array(part.stop - part.start).fill(
        part.kind === "uniform" ? (part.low + part.high) / 2 : 0,
      ),
);

/** How many standard deviations latents are along a direction. */
export function along(latents, index) {
  const direction = facts.directions[index];
  return (dot(latents, direction) - dot(middle, direction)) / facts.scales[index];
}

/** Latents that are so many standard deviations along a direction, and else the same. */
export function movedAlong(latents, index, deviations) {
  const step = (deviations - along(latents, index)) * facts.scales[index];
  return latents.map((number, i) => number + step * facts.directions[index][i]);
}

/** Latents between two: directions turn at a constant speed and norms grow evenly
 *  (`keras_gan.sampling.interpolate`) where the prior is normal; else on the line. */
export function between(start, end, share) {
  const spherical = facts.prior.length === 1 && facts.prior[0].kind === "normal";
  const norms = [start, end].map((latents) => Math.hypot(...latents));
  const cosine = dot(start, end) / (norms[0] * norms[1] || 1);
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  if (!spherical || !(Math.sin(angle) > 1e-3)) {
    return start.map((number, i) => (1 - share) * number + share * end[i]);
  }
  const norm = (1 - share) * norms[0] + share * norms[1];
  const weights = [(1 - share) * angle, share * angle].map(
    (part) => Math.sin(part) / Math.sin(angle),
  );
  return start.map(
    (number, i) =>
      norm * ((weights[0] * number) / norms[0] + (weights[1] * end[i]) / norms[1]),
  );
}
