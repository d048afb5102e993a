/** The handlers that the catalog may name, for what a table cannot say; the empty name is the ordinary way. */

import { DEFLATE, OWN } from "./compress.js";
import { CIPHER, DIGEST, MAC } from "./crypto.js";
import { CURSOR_OPEN, CURSOR_READ } from "./cursor.js";
import { ATTACHED, LOADER } from "./late.js";
import { LISTENER } from "./listeners.js";
import { ORDINARY } from "./observe.js";
import type { Special } from "./observe.js";
import { HANDS, TAKES } from "./origins.js";
import { CLICK, DIALOG, TOUCH } from "./ui.js";

export const SPECIALS: Record<string, Special> = {
  "": ORDINARY,
  digest: DIGEST,
  mac: MAC,
  cipher: CIPHER,
  deflate: DEFLATE,
  own: OWN,
  cursor_open: CURSOR_OPEN,
  cursor_read: CURSOR_READ,
  click: CLICK,
  dialog: DIALOG,
  touch: TOUCH,
  loader: LOADER,
  attached: ATTACHED,
  listener: LISTENER,
  hands: HANDS,
  takes: TAKES,
};
