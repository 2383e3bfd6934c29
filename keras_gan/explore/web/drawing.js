// Drawing: the generator, run by ONNX Runtime in this page.

import { facts, unpacked } from "./unpacking.js";

/** A function from samples ({latents, label}) to their images, an array of numbers in
 *  [-1, 1] for each. It takes one call at a time. */
export async function loadGenerator() {
  const [code, wasm, model] = await Promise.all(
    ["runtime", "runtime-wasm", "generator"].map(unpacked),
  );
  const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const runtime = await import(address);
  URL.revokeObjectURL(address);
  runtime.env.wasm.numThreads = 1; // more need headers of a server
  runtime.env.wasm.wasmBinary = wasm;
  const session = await runtime.InferenceSession.create(model);
  const size = facts.shape.reduce((a, b) => a * b);

  const feeds = (samples) => {
    const rows = samples.length;
    const tensor = (type, data, width) =>
      new runtime.Tensor(type, data, width === undefined ? [rows] : [rows, width]);
    const latents = new Float32Array(rows * facts.latent_dim);
    samples.forEach((sample, row) =>
      latents.set(sample.latents, row * facts.latent_dim),
    );
    const found = { latents: tensor("float32", latents, facts.latent_dim) };
    if (facts.classes) {
      found.labels = tensor(
        "int32",
        Int32Array.from(samples, (sample) => sample.label),
      );
    }
    for (const part of facts.codes) {
      // The latents hold the codes already: -1 and NaN leave them.
      const width = part.stop - part.start;
      found[part.name] =
        part.kind === "categorical"
          ? tensor("int32", new Int32Array(rows).fill(-1))
          : tensor("float32", new Float32Array(rows * width).fill(NaN), width);
    }
    return found;
  };

  return async (samples) => {
    const { images } = await session.run(feeds(samples));
    const numbers = images.data;
    return samples.map((_, row) => numbers.slice(row * size, (row + 1) * size));
  };
}
