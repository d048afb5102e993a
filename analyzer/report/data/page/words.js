// The reader's words: every label comes in English and Chinese; names of data types do too.
const DATA = JSON.parse(document.getElementById("data").textContent);
const root = document.documentElement;

function isChinese() {
  return root.lang === "zh";
}

/** Gives a label; `{name}` in it stands for what `fill` says. */
function word(table, key, fill = {}) {
  const words = DATA.words[table];
  const pair = words && Object.hasOwn(words, key) ? words[key] : null;
  const text = pair ? pair[isChinese() ? 1 : 0] : String(key);
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in fill ? String(fill[name]) : whole));
}

/** Gives a sentence of the analyzer's own in the reader's language; evidence stays as it is. */
function told(sentence) {
  return isChinese() && Object.hasOwn(DATA.chinese, sentence) ? DATA.chinese[sentence] : sentence;
}

const say = (key, fill) => word("heading", key, fill);

function typeName(id) {
  const pair = Object.hasOwn(DATA.types, id) ? DATA.types[id] : null;
  return pair ? pair[isChinese() ? 1 : 0] : id;
}

/** Writes microseconds since the recording's start as people read them, rounded as in all other reports: `+1.234 s`. */
function since(us, digits = 3) {
  const parts = Math.floor(Math.abs(us) / 10 ** (6 - digits) + 0.5);
  return (us < 0 && parts ? "−" : "+") + (parts / 10 ** digits).toFixed(digits) + " s";
}

const number = (value) => (value === null || value === undefined ? "" : value.toLocaleString("en"));
