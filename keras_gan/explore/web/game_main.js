// The page: one of the games that were played, at one moment.

import { facts } from "./unpacking.js";
import { reveal, slider } from "./controls.js";
import { loadTrajectories } from "./game_trajectories.js";
import { makeCharts } from "./game_charts.js";
import { makeSwitches, numberOf } from "./game_switches.js";

const element = (id) => document.getElementById(id);
const LAST = facts.steps.length - 1;
const MOMENT = 160; // milliseconds from one look to the next, when it is played

const state = { game: 0, look: LAST };
let momentOf;
let charts;
let playing = false;

const stepText = (look) => `step ${facts.steps[look].toLocaleString("en")}`;
const percent = (share) => `${Math.round(100 * share)} %`;
const titleOf = ({ choice }) =>
  facts.switches.map(({ title }) => `${title} ${choice[title]}`).join(", ");

// What is shown ------------------------------------------------------------------------

function show() {
  const game = facts.games[state.game];
  const step = facts.steps[state.look];
  charts.show(momentOf(state.game, state.look), step);
  const found = `${game.modes[state.look]} of ${facts.num_modes} modes, ${percent(game.good[state.look])} of G's points on them`;
  element("state").textContent =
    `${found[0].toUpperCase()}${found.slice(1)} at ${stepText(state.look)}.`;
  const losses =
    state.look === 0
      ? "no loss yet"
      : `loss of D ${game.d_loss[state.look - 1]}, of G ${game.g_loss[state.look - 1]}`;
  element("map").setAttribute(
    "aria-label",
    `${titleOf(game)}, at ${stepText(state.look)}: ${found}`,
  );
  element("losses").setAttribute(
    "aria-label",
    `${titleOf(game)}, at ${stepText(state.look)}: ${losses}`,
  );
  time.control.setAttribute("aria-valuetext", stepText(state.look));
  if (game.range) {
    const [low, high] = game.range[state.look];
    element("low").textContent = `lower (${low})`;
    element("high").textContent = `higher (${high})`;
  } else {
    element("low").textContent = "fake (0)";
    element("high").textContent = "real (1)";
  }
}

function choose(number) {
  state.game = number;
  const game = facts.games[number];
  showChoice(game.choice);
  [...element("ends").children].forEach((row, i) => {
    if (i === number) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  });
  element("scale-said").textContent = game.range
    ? "Colours: the height that D gives a point, from the lowest to the highest of this moment; only differences count. Points beyond the map lie on its edge."
    : "Colours: how surely D takes a point for real; 1/2 is where it cannot tell. Points beyond the map lie on its edge.";
  charts.showLosses(game);
  show();
}

// Time ---------------------------------------------------------------------------------

const time = slider(
  element("time"),
  "Time",
  { min: 0, max: LAST, step: 1, value: LAST, said: stepText },
  (look) => {
    stop();
    state.look = look;
    show();
  },
);

function moveTo(look) {
  if (look === state.look) return;
  state.look = look;
  time.set(look);
  show();
}

function play() {
  playing = true;
  element("play").textContent = "Pause";
  moveTo(state.look % LAST); // from its end to its start
  const [first, began] = [state.look, performance.now()];
  const tick = (now) => {
    if (!playing) return;
    const passed = Math.floor(Math.max(0, now - began) / MOMENT);
    moveTo(Math.min(LAST, first + passed));
    if (state.look === LAST) stop();
    else requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}

function stop() {
  playing = false;
  element("play").textContent = "Play";
}

// The rest -----------------------------------------------------------------------------

const showChoice = makeSwitches(element("switches"), (choice) =>
  choose(numberOf(choice)),
);

function cell(row, text, kind = "td") {
  const found = document.createElement(kind);
  found.append(text);
  if (kind === "th") found.scope = "col";
  row.append(found);
}

function makeTable() {
  const titles = facts.switches.map(({ title }) => title);
  ["", ...titles, "Modes", "On a mode"].forEach((text) =>
    cell(element("columns"), text, "th"),
  );
  facts.games.forEach((game, number) => {
    const row = document.createElement("tr");
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: "Show" });
    button.setAttribute("aria-label", `Show ${titleOf(game)}`);
    button.addEventListener("click", () => choose(number));
    cell(row, button);
    titles.forEach((title) => cell(row, game.choice[title]));
    cell(row, `${game.modes.at(-1)} of ${facts.num_modes}`);
    cell(row, percent(game.good.at(-1)));
    element("ends").append(row);
  });
}

async function begin() {
  momentOf = await loadTrajectories();
  charts = makeCharts();
  makeTable();
  element("play").addEventListener("click", () => (playing ? stop() : play()));
  choose(facts.start);
  reveal();
}

/** For the console: `kerasGan.momentOf(0, 3).points`. */
globalThis.kerasGan = {
  facts,
  state,
  momentOf: (game, look) => momentOf(game, look),
  get pictures() {
    return { heat: charts.heat, map: element("map"), losses: element("losses") };
  },
};

begin().catch((error) => {
  element("loading").hidden = true;
  element("error").hidden = false;
  element("error").textContent =
    `This browser cannot show the games: ${error.message ?? error}`;
  throw error;
});
