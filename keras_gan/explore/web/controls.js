// Controls: a slider, a choice and a group of them, each with a label.

let labelled = 0;

/** A row with a label for a control. */
function row(parent, text, control) {
  labelled += 1;
  control.id = `input-${labelled}`;
  const label = document.createElement("label");
  label.htmlFor = control.id;
  label.textContent = text;
  const found = document.createElement("div");
  found.className = "row";
  found.append(label, control);
  parent.append(found);
  return found;
}

const twoDigits = (number) => number.toFixed(2);

/** A slider; `onInput(number)` is called when it is moved, `set` moves it in silence.
 *  `said` writes its number beside it. */
export function slider(
  parent,
  text,
  { min, max, step, value, said = twoDigits },
  onInput,
) {
  const control = document.createElement("input");
  Object.assign(control, { type: "range", min, max, step, value });
  const output = document.createElement("output");
  row(parent, text, control).append(output);
  output.setAttribute("aria-live", "off"); // the slider itself is read
  const write = (number) => (output.textContent = said(Number(number)));
  write(value);
  control.addEventListener("input", () => {
    write(control.value);
    onInput(Number(control.value));
  });
  const set = (number) => {
    control.value = number;
    write(number);
  };
  return { set, control };
}

/** A choice by name; `onChange(index)`. */
export function choice(parent, text, names, onChange) {
  const control = document.createElement("select");
  control.append(...names.map((name, index) => new Option(name, index)));
  row(parent, text, control);
  control.addEventListener("change", () => onChange(Number(control.value)));
  return { set: (index) => (control.value = index), control };
}

/** Show the page, whose pictures are there now. */
export function reveal() {
  document.getElementById("loading").hidden = true;
  document.querySelector("main").inert = false;
  document.body.dataset.ready = "";
}

/** A fieldset with a sentence that says what it is for. */
export function group(parent, title, said) {
  const found = document.createElement("fieldset");
  found.innerHTML = "<legend></legend><p></p>";
  found.querySelector("legend").textContent = title;
  found.querySelector("p").textContent = said;
  parent.append(found);
  return found;
}
