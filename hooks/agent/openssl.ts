/** What OpenSSL and BoringSSL call their functions, which of them work on one context, and how an algorithm is asked for its name. */

/** A function that works on a context before the one that ends it. */
export interface Step {
  name: string;
  /** `feeds` takes (context, data, size), `turns` (context, out, out size, data, size), `copies` (to, from). */
  does: "begins" | "feeds" | "turns" | "copies";
}

const begins = (name: string): Step => ({ name, does: "begins" });
const feeds = (name: string): Step => ({ name, does: "feeds" });
const legacy = (family: string): Step[] => [begins(`${family}_Init`), feeds(`${family}_Update`)];

/** The functions that come before each function that ends a context. */
export const HELPERS: Record<string, Step[]> = {
  MD5_Final: legacy("MD5"),
  SHA1_Final: legacy("SHA1"),
  SHA256_Final: legacy("SHA256"),
  SHA512_Final: legacy("SHA512"),
  EVP_DigestFinal_ex: [
    begins("EVP_DigestInit"),
    begins("EVP_DigestInit_ex"),
    begins("EVP_DigestInit_ex2"),
    feeds("EVP_DigestUpdate"),
    { name: "EVP_MD_CTX_copy_ex", does: "copies" },
  ],
  EVP_EncryptFinal_ex: [
    begins("EVP_EncryptInit_ex"),
    begins("EVP_EncryptInit_ex2"),
    begins("EVP_CipherInit_ex"),
    { name: "EVP_EncryptUpdate", does: "turns" },
  ],
};

/** Other functions that end a context in the same way. */
export const ALIKE: Record<string, string[]> = {
  EVP_DigestFinal_ex: ["EVP_DigestFinal"],
  EVP_EncryptFinal_ex: ["EVP_EncryptFinal", "EVP_CipherFinal", "EVP_CipherFinal_ex"],
};

/** What each digest gives, where the function names it. */
const SIZES: Record<string, number> = { MD5: 16, SHA1: 20, SHA256: 32, SHA512: 64 };

/** OpenSSL 1.1, BoringSSL and OpenSSL 3 name the same questions differently. */
const OF_DIGEST_CONTEXT = ["EVP_MD_CTX_get0_md", "EVP_MD_CTX_md"];
const OF_CIPHER_CONTEXT = ["EVP_CIPHER_CTX_get0_cipher", "EVP_CIPHER_CTX_cipher"];
const NUMBER_OF_DIGEST = ["EVP_MD_get_type", "EVP_MD_type"];
const NUMBER_OF_CIPHER = ["EVP_CIPHER_get_nid", "EVP_CIPHER_nid"];
const SIZE_OF_DIGEST = ["EVP_MD_get_size", "EVP_MD_size"];

type Asked = (about: NativePointer | number) => NativePointer | number;
const questions = new Map<string, Asked | null>();

/** Gives the algorithm's name; `about` is a context or, for functions with all their input, the algorithm itself. */
export function nameOf(beside: NativePointer, about: NativePointer | null, name: string): string {
  if (about === null) return name.replace(/_Final$/, "");
  const cipher = name.startsWith("EVP_Encrypt");
  const type = algorithm(beside, about, name);
  const number = type === null ? null : ask(beside, cipher ? NUMBER_OF_CIPHER : NUMBER_OF_DIGEST, "int", type);
  const text = number === null ? null : ask(beside, ["OBJ_nid2sn"], "pointer", Number(number));
  const said = text === null || (text as NativePointer).isNull() ? null : (text as NativePointer).readUtf8String();
  return (said ?? (cipher ? "cipher" : "digest")).toUpperCase();
}

/** Gives how many bytes a digest gives; 0 where nobody tells. */
export function outputSize(beside: NativePointer, about: NativePointer | null, name: string): number {
  if (about === null) return SIZES[name.replace(/_Final$/, "")] ?? 0;
  const type = algorithm(beside, about, name);
  return type === null ? 0 : Number(ask(beside, SIZE_OF_DIGEST, "int", type) ?? 0);
}

function algorithm(beside: NativePointer, about: NativePointer, name: string): NativePointer | null {
  if (!name.endsWith("Final_ex")) return about;
  const names = name.startsWith("EVP_Encrypt") ? OF_CIPHER_CONTEXT : OF_DIGEST_CONTEXT;
  const type = ask(beside, names, "pointer", about) as NativePointer | null;
  return type === null || type.isNull() ? null : type;
}

type Answer = NativePointer | number | null;

/** Asks the library that has the function at `beside`, by the first of these names that it exports. */
function ask(beside: NativePointer, names: string[], result: "int" | "pointer", about: NativePointer | number): Answer {
  const module = Process.findModuleByAddress(beside);
  if (module === null) return null;
  const key = `${module.base} ${names[0]}`;
  const kind = typeof about === "number" ? "int" : "pointer";
  let question = questions.get(key);
  if (question === undefined) {
    const address = names.map((one) => module.findExportByName(one)).find((one) => one !== null) ?? null;
    question = address === null ? null : (new NativeFunction(address, result, [kind]) as unknown as Asked);
    questions.set(key, question);
  }
  return question === null ? null : question(about);
}
