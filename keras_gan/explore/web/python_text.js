// Python: a program that draws the sample that is shown.

import { facts } from "./unpacking.js";

/** The shortest text that is read as the same float32. */
function float32(number) {
  for (let digits = 6; digits < 9; digits += 1) {
    const text = number.toPrecision(digits);
    if (Math.fround(Number(text)) === number) return String(Number(text));
  }
  return String(Number(number.toPrecision(9)));
}

function linesOf(numbers) {
  const lines = [""];
  for (const text of Array.from(numbers, float32)) {
    if (lines.at(-1).length + text.length > 80) lines.push("");
    lines[lines.length - 1] += `${text}, `;
  }
  return lines.map((line) => `    ${line.trim()}`).join("\n");
}

export function pythonOf(sample) {
  const load = facts.name
    ? `gan = keras_gan.models.GAN.from_preset(${JSON.stringify(facts.name)})`
    : "# gan is the game that this page was made of";
  const inputs = facts.classes ? `[latents, np.array([${sample.label}])]` : "latents";
  const remark = facts.classes
    ? `  # ${facts.classes[sample.label].replace(/\s/g, " ")}`
    : "";
  return `import keras_gan
import numpy as np

${load}
latents = np.array([[
${linesOf(sample.latents)}
]], "float32")
images = np.asarray(gan(${inputs}))${remark}
keras_gan.pixels.write_png("sample.png", keras_gan.pixels.image_grid(images))
`;
}
