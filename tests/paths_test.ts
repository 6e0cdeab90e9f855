/** The files that documents and comments name exist: files move, and the words about them stay. */

import { assertEquals } from "@std/assert";
import { sources } from "./support/sources.ts";

const ROOT = new URL("../", import.meta.url);
const DOCUMENTS = [
  ...["README.md", "lib/README.md", "lib/backplane/README.md", "lib/web/README.md"],
  ...Array.from(Deno.readDirSync(new URL("docs/", ROOT)), ({ name }) => `docs/${name}`),
];
const PATH = /(?<![\w./@*-])(?:\.{0,2}\/)*((?:[\w-]+\/)*[\w-]+\.tsx?)\b/g;
const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;
/** An end of names, and a file that readers write. */
const NO_FILES = ["_test.ts", "shout.ts"];

/** All ways to name a file: its name, alone or after some of the folders that it is in. */
const known = new Set(["main.ts"]);
/** What may name files, by place. */
const texts = new Map<string, string>();
for (const folder of ["lib/", "tests/"]) {
  for (const url of sources(new URL(folder, ROOT))) {
    const place = url.pathname.slice(ROOT.pathname.length);
    const parts = place.split("/");
    for (const start of parts.keys()) known.add(parts.slice(start).join("/"));
    // Generated, in one huge line.
    if (place === "lib/web/page_assets.ts") continue;
    texts.set(place, Deno.readTextFileSync(url).match(COMMENT)?.join("\n") ?? "");
  }
}
for (const place of DOCUMENTS.filter((place) => place.endsWith(".md"))) {
  texts.set(place, Deno.readTextFileSync(new URL(place, ROOT)));
}

Deno.test("Documents and comments name only files that exist", () => {
  const named = [...texts].flatMap(([place, text]) =>
    Array.from(text.matchAll(PATH), ([, path]) => ({ place, path }))
  );
  assertEquals(named.filter(({ path }) => !known.has(path) && !NO_FILES.includes(path)), []);
  assertEquals(named.length > 200, true);
});
