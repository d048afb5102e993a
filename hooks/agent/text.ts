/** Java texts that are no valid Unicode (half a surrogate pair, a zero inside) are read all the same: no call hides behind one. */

const PIECE = 4096;

/** Makes every reading of a Java text, also the bridge's own, take what UTF-8 cannot carry. */
export function readAnyText(env: JniEnv): void {
  const shared = Object.getPrototypeOf(env) as JniEnv;
  const plain = shared.stringFromJni;
  shared.stringFromJni = function (this: JniEnv, text: NativePointer): string {
    try {
      const read = plain.call(this, text);
      if (read.length === this.getStringLength(text)) return read;
    } catch {
      // the conversion refuses the whole text for one letter of it
    }
    return units(this, text);
  };
}

function units(env: JniEnv, text: NativePointer): string {
  const size = env.getStringLength(text);
  if (size === 0) return "";
  const chars = env.getStringChars(text);
  try {
    const letters = new Uint16Array(chars.readByteArray(size * 2)!);
    let read = "";
    for (let at = 0; at < size; at += PIECE) read += String.fromCharCode(...letters.subarray(at, at + PIECE));
    return read;
  } finally {
    env.releaseStringChars(text, chars);
  }
}
