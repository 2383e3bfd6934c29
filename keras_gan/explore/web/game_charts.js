// Charts: the map of D with the points on it, and the losses, by Chart.js.

import { facts } from "./unpacking.js";

const colour = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);

function channels(name) {
  const number = Number.parseInt(colour(name).trim().slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

/** 256 colours from "fake" through "undecided" to "taken" for real. */
function palette() {
  const [low, middle, high] = ["fake", "undecided", "taken"].map(channels);
  return Array.from({ length: 256 }, (_, level) => {
    const share = level / 127.5;
    const [from, to, way] =
      share < 1 ? [low, middle, share] : [middle, high, share - 1];
    return from.map((number, i) => number + way * (to[i] - number));
  });
}

/** The map as a canvas of a pixel for each value. */
function heatCanvas() {
  const canvas = document.createElement("canvas");
  canvas.width = facts.side;
  canvas.height = facts.side;
  return canvas;
}

function paintHeat(canvas, values, colours) {
  const { side } = facts;
  const image = new ImageData(side, side);
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      const at = 4 * ((side - 1 - row) * side + column); // x2 goes up, pixels go down
      image.data.set(colours[values[row * side + column]], at);
      image.data[at + 3] = 255;
    }
  }
  canvas.getContext("2d", { willReadFrequently: true }).putImageData(image, 0, 0);
}

/** Draws the heat below the points; the first and last values are at the very edges. */
const heatBelow = (heat) => ({
  id: "heat",
  beforeDatasetsDraw({ ctx, chartArea: { left, top, width, height } }) {
    const [across, down] = [width, height].map((length) => length / (facts.side - 1));
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.clip();
    ctx.drawImage(
      heat,
      left - across / 2,
      top - down / 2,
      width + across,
      height + down,
    );
    ctx.restore();
  },
});

/** A vertical line at the moment that is shown. */
const lineAt = (now) => ({
  id: "now",
  afterDatasetsDraw({ ctx, chartArea, scales }) {
    const at = scales.x.getPixelForValue(now.step);
    ctx.save();
    ctx.strokeStyle = colour("start");
    ctx.lineWidth = 2;
    ctx.beginPath();
    ctx.moveTo(at, chartArea.top);
    ctx.lineTo(at, chartArea.bottom);
    ctx.stroke();
    ctx.restore();
  },
});

const legend = (labels) => ({
  onClick: null,
  labels: { usePointStyle: true, boxHeight: 7, ...labels },
});
const axis = (text, more) => ({
  type: "linear",
  title: { display: true, text },
  ...more,
});

const radius = ({ chart }) => Math.max(1.5, chart.width / 200); // pixels

function newMap(heat) {
  const sides = {
    min: -facts.reach,
    max: facts.reach,
    grid: { display: false },
    ticks: { stepSize: 1, includeBounds: false },
  };
  return new Chart("map", {
    type: "scatter",
    data: {
      datasets: [
        {
          label: "real",
          data: facts.real.map(([x, y]) => ({ x, y })),
          pointRadius: radius,
        },
        { label: "made by G", data: [], pointStyle: "triangle", pointRadius: radius },
      ],
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      events: [], // the points are many, and say nothing one by one
      scales: { x: axis("x1", sides), y: axis("x2", sides) },
      plugins: { legend: legend({}) },
    },
    plugins: [heatBelow(heat)],
  });
}

function newLosses(now) {
  const line = { pointRadius: 0, borderWidth: 2, pointStyle: "line" };
  return new Chart("losses", {
    type: "line",
    data: {
      datasets: [
        { label: "D", data: [], ...line },
        { label: "G", data: [], ...line, borderDash: [6, 3] },
      ],
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: "nearest", axis: "x", intersect: false },
      scales: {
        x: axis("step of G", { min: 0, max: facts.steps.at(-1) }),
        y: axis("loss"),
      },
      plugins: { legend: legend({ pointStyleWidth: 24 }) },
    },
    plugins: [lineAt(now)],
  });
}

function inColours(map, losses) {
  const [ink, line] = [colour("ink"), colour("line")];
  [map, losses].forEach(({ options }) => {
    Object.values(options.scales).forEach((scale) => {
      scale.ticks.color = ink;
      scale.title.color = ink;
      scale.grid.color = line;
      scale.border.color = line;
    });
    options.plugins.legend.labels.color = ink;
  });
  const paint = (dataset, name) => {
    dataset.borderColor = colour(name);
    dataset.backgroundColor = colour(name);
  };
  ["ink", "model"].forEach((name, i) => paint(map.data.datasets[i], name));
  ["judge", "model"].forEach((name, i) => paint(losses.data.datasets[i], name));
}

/** The two charts. `show({values, points}, step)` shows a moment, `showLosses(game)` the
 *  losses of a whole game. */
export function makeCharts() {
  const now = { step: 0 };
  const heat = heatCanvas();
  const [map, losses] = [newMap(heat), newLosses(now)];
  let colours = palette();
  let shown = null;

  const show = (moment, step) => {
    shown = moment;
    now.step = step;
    paintHeat(heat, moment.values, colours);
    map.data.datasets[1].data = moment.points;
    map.update();
    losses.draw();
  };
  const showLosses = (game) => {
    [game.d_loss, game.g_loss].forEach((numbers, i) => {
      const data = numbers.map((y, look) => ({ x: facts.steps[look + 1], y }));
      losses.data.datasets[i].data = data;
    });
    losses.update();
  };
  inColours(map, losses);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    colours = palette();
    inColours(map, losses);
    losses.update();
    show(shown, now.step);
  });
  return { show, showLosses, map, losses, heat };
}
