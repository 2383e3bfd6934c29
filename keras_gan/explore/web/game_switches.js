// Switches: the rules of the game. What was not played cannot be chosen, and says why.

import { facts } from "./unpacking.js";
import { group } from "./controls.js";

const fits = (part, choice) =>
  Object.entries(part).every(([title, name]) => choice[title] === name);

/** The number of the game of a choice, -1 where there is none. */
export const numberOf = (choice) =>
  facts.games.findIndex((game) => fits(game.choice, choice));

const reasonOf = (choice) =>
  facts.refused.find(([part]) => fits(part, choice))?.[1] ?? "";

function optionRow(parent, title, { name, said }) {
  const input = document.createElement("input");
  const id = `${title}-${name}`.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  Object.assign(input, { type: "radio", name: title, value: name, id });
  const label = document.createElement("label");
  label.htmlFor = id;
  const strong = document.createElement("b");
  strong.textContent = name;
  const meaning = document.createElement("small");
  meaning.textContent = said && ` ${said}`;
  label.append(strong, meaning);
  const why = document.createElement("small");
  why.className = "why";
  why.id = `${id}-why`;
  input.setAttribute("aria-describedby", why.id);
  const row = document.createElement("div");
  row.className = "option";
  row.append(input, label, why);
  parent.append(row);
  return { input, why };
}

/** All switches; `onChange(choice)`. The function that comes back shows a choice. */
export function makeSwitches(parent, onChange) {
  const rows = [];
  let now = {};
  facts.switches.forEach(({ title, said, options }) => {
    const fieldset = group(parent, title, said);
    options.forEach((option) => {
      const row = optionRow(fieldset, title, option);
      row.input.addEventListener("change", () =>
        onChange({ ...now, [title]: option.name }),
      );
      rows.push({ ...row, title, name: option.name });
    });
  });
  return (choice) => {
    now = choice;
    rows.forEach(({ input, why, title, name }) => {
      const changed = { ...choice, [title]: name };
      input.checked = choice[title] === name;
      input.disabled = numberOf(changed) < 0;
      why.textContent = input.disabled ? reasonOf(changed) : "";
    });
  };
}
