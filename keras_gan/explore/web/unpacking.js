// Unpacking: what the page holds as text becomes bytes again.

const bytesOf = (base64) => {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
};

/** The bytes of the element `id`, which holds a gzip file in base64. */
export async function unpacked(id) {
  const element = document.getElementById(id);
  const packed = new Blob([bytesOf(element.textContent.trim())]);
  element.remove(); // some megabytes that nobody needs again
  const stream = packed.stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** What Python said of the generator: `description.of_game`. */
export const facts = JSON.parse(document.getElementById("facts").textContent);
