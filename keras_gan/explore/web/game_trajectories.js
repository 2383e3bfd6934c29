// Trajectories: what was kept of the games that were played, number by number.

import { facts, unpacked } from "./unpacking.js";

const CELLS = facts.side ** 2;
const NUMBERS = 2 * facts.points;

const pointsOf = (numbers) => {
  const place = (at) => (numbers[at] / 65535) * 2 * facts.reach - facts.reach;
  return Array.from({ length: facts.points }, (_, i) => ({
    x: place(2 * i),
    y: place(2 * i + 1),
  }));
};

/** A function from a game's number and a look's to {values, points} at that moment:
 *  values in [0, 255], row by row from the lowest x2, and points as {x, y}. */
export async function loadTrajectories() {
  const [values, bytes] = await Promise.all(["values", "places"].map(unpacked));
  const places = new Uint16Array(bytes.buffer);
  return (game, look) => {
    const at = game * facts.steps.length + look;
    return {
      values: values.subarray(at * CELLS, (at + 1) * CELLS),
      points: pointsOf(places.subarray(at * NUMBERS, (at + 1) * NUMBERS)),
    };
  };
}
