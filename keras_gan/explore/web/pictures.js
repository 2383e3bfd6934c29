// Pictures: numbers in [-1, 1] as pixels of a canvas, and as PNG files.

import { facts } from "./unpacking.js";

/** The nearest even number of two that are as near, as NumPy and TensorFlow round. */
function rounded(number) {
  const below = Math.floor(number);
  const apart = number - below;
  if (apart !== 0.5) return apart < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** Bytes of red, green, blue and alpha; two channels are red and green. */
export function pixelsOf(image) {
  const [height, width, channels] = facts.shape;
  const bytes = new Uint8ClampedArray(height * width * 4);
  const byte = (at) => rounded((image[at] + 1) * 127.5);
  for (let i = 0; i < height * width; i += 1) {
    const at = i * channels;
    bytes[4 * i] = byte(at);
    bytes[4 * i + 1] = channels === 1 ? byte(at) : byte(at + 1);
    bytes[4 * i + 2] = channels === 1 ? byte(at) : channels === 2 ? 0 : byte(at + 2);
    bytes[4 * i + 3] = channels === 4 ? byte(at + 3) : 255;
  }
  return bytes;
}

export function newCanvas() {
  const canvas = document.createElement("canvas");
  [canvas.height, canvas.width] = facts.shape;
  return canvas;
}

export function paint(canvas, image) {
  const pixels = new ImageData(pixelsOf(image), facts.shape[1], facts.shape[0]);
  // Few pixels, which are read back for PNG files: no work for a graphics processor.
  canvas.getContext("2d", { willReadFrequently: true }).putImageData(pixels, 0, 0);
}

/** One canvas of several, side by side. */
export function sheetOf(canvases) {
  const [height, width] = facts.shape;
  const columns = Math.ceil(Math.sqrt(canvases.length));
  const sheet = document.createElement("canvas");
  sheet.width = columns * (width + 2) - 2;
  sheet.height = Math.ceil(canvases.length / columns) * (height + 2) - 2;
  const brush = sheet.getContext("2d");
  brush.fillStyle = "rgb(96, 96, 96)";
  brush.fillRect(0, 0, sheet.width, sheet.height);
  canvases.forEach((canvas, i) => {
    brush.drawImage(
      canvas,
      (i % columns) * (width + 2),
      Math.floor(i / columns) * (height + 2),
    );
  });
  return sheet;
}

export function download(canvas, name) {
  canvas.toBlob((file) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }, "image/png");
}
