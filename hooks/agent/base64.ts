/** Base64 of raw memory; batches are JSON and carry no bytes. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PAIRS: string[] = [];
for (const first of ALPHABET) for (const second of ALPHABET) PAIRS.push(first + second);

/** Encodes bytes, three at a time through a table of pairs. */
export function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  let index = 0;
  for (; index + 2 < bytes.length; index += 3) {
    const triple = (bytes[index]! << 16) | (bytes[index + 1]! << 8) | bytes[index + 2]!;
    parts.push(PAIRS[triple >> 12]!, PAIRS[triple & 4095]!);
  }
  const rest = bytes.length - index;
  if (rest === 1) parts.push(PAIRS[bytes[index]! << 4]!, "==");
  if (rest === 2) {
    const pair = (bytes[index]! << 8) | bytes[index + 1]!;
    parts.push(PAIRS[pair >> 4]!, ALPHABET[(pair & 15) << 2]!, "=");
  }
  return parts.join("");
}
