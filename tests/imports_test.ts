/** What lib/README.md promises of imports, types included: no cycles, and the arrows of its table. */

import { assertEquals } from "@std/assert";
import { sources } from "./support/sources.ts";

const LIB = new URL("../lib/", import.meta.url);
const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;
const IMPORT = /\b(?:from|import)\s*\(?\s*"(\.[^"]+)"/g;
/** An import or an export of another file of ours that is not put off until it is needed. */
const STATEMENT = /^(import|export)\b[^;"]*"(\.[^"]+\.tsx?)"/gm;
/** A row of the table: a folder, and what it may import. */
const ROW = /^\| `(\w+)\/` +\|.*\| ([\w, ]+?) *\|$/gm;
/** The name of a folder, and a table of the folders in it. */
const ORDER = /^In `([\w/]+)\/`.*\n\n((?:\|.*\n)+)/gm;
/** A row of that table: a folder, or the files that are in none. Without such a row, those are free. */
const INNER = /^\| (?:`([\w/]+)\/`|at the top)/gm;
/** A row of the table of other folders: a folder, and those in it. */
const OTHERS = /^\| `([\w/]+)\/` +\| ((?:the top|`[\w/]+\/`)(?:, (?:the top|`[\w/]+\/`))+) +\|$/gm;
/** Begins everything else in its folder, so that it also imports what is in the folders beside it. */
const ENTRY = /\/(?:mod\.ts|main\.tsx)$/;
/** The sentence below the first table. */
const FOR_ALL = /^All may import (.+?)\. No import cycles/ms;

/** What each file imports, as paths in lib. What is outside is left out. */
const imports = new Map<string, string[]>();
for (const url of sources(LIB)) {
  const text = Deno.readTextFileSync(url).replace(COMMENT, "");
  const imported = [...text.matchAll(IMPORT)].map(([, path]) => new URL(path, url))
    .filter(({ href }) => href.startsWith(LIB.href) && /\.tsx?$/.test(href));
  imports.set(pathOf(url), imported.map(pathOf));
}

function pathOf({ href }: URL): string {
  return href.slice(LIB.href.length);
}

/** The folder that a file is in. */
function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf("/"));
}

/** For each folder whose order the map tells: the folders in it, and perhaps itself, in order. */
function ordersOf(map: string): [outer: string, order: string[]][] {
  const pathIn = (outer: string) => (inner: string | undefined) =>
    inner === undefined || inner === "the top" ? outer : `${outer}/${inner}`;
  return [
    ...Array.from(map.matchAll(ORDER), ([, outer, table]): [string, string[]] => {
      return [outer, Array.from(table.matchAll(INNER), ([, inner]) => pathIn(outer)(inner))];
    }),
    ...Array.from(map.matchAll(OTHERS), ([, outer, row]): [string, string[]] => {
      const inner = row.split(", ").map((name) => name.replace(/^`|\/`$/g, ""));
      return [outer, inner.map(pathIn(outer))];
    }),
  ];
}

/** Whether a folder is another one, or in it. */
function isIn(outer: string, folder: string): boolean {
  return `${folder}/`.startsWith(`${outer}/`);
}

/** The first way found from a file back to itself; `undefined` if there is none. */
function findCycle(): string[] | undefined {
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (file: string): string[] | undefined => {
    const at = way.indexOf(file);
    if (at !== -1) return [...way.slice(at), file];
    if (done.has(file)) return undefined;
    way.push(file);
    for (const next of imports.get(file) ?? []) {
      const cycle = visit(next);
      if (cycle) return cycle;
    }
    way.pop();
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const cycle = visit(file);
    if (cycle) return cycle;
  }
  return undefined;
}

Deno.test("No file of lib imports itself through others, types and dynamic imports included", () => {
  assertEquals(imports.get("cli/commands/serve.ts")!.includes("cli/compose.ts"), true);
  assertEquals(findCycle(), undefined);
});

Deno.test("Every import follows the arrows of the map", () => {
  const map = Deno.readTextFileSync(new URL("README.md", LIB));
  const forAll = [...FOR_ALL.exec(map)![1].matchAll(/`(\w+\.ts)`/g)].map(([, name]) => name);
  const above: string[] = [];
  const against: string[] = [];
  for (const [, folder, arrows] of map.matchAll(ROW)) {
    const allowed = new Set([folder, ...forAll, ...arrows.split(", ")]);
    if (arrows === "all above") { for (const each of above) allowed.add(each); }
    above.push(folder);
    if (arrows === "all") continue;
    for (const [file, imported] of imports) {
      if (!file.startsWith(`${folder}/`)) continue;
      for (const each of imported) {
        if (!allowed.has(each.split("/")[0])) against.push(`${file} -> ${each}`);
      }
    }
  }
  assertEquals(above.length > 8, true);
  assertEquals(against, []);
});

Deno.test("Within a folder of the map, folders import only those above them", () => {
  const map = Deno.readTextFileSync(new URL("README.md", LIB));
  const against: string[] = [];
  let inOrder = 0;
  for (const [outer, order] of ordersOf(map)) {
    const isFree = (folder: string) => folder === outer && !order.includes(outer);
    for (const [file, imported] of imports) {
      const folder = folderOf(file);
      if (!isIn(outer, folder) || isFree(folder)) continue;
      const at = order.indexOf(folder);
      if (at === -1) against.push(`${folder} is not in the map`);
      for (const each of imported) {
        const other = folderOf(each);
        if (other === folder || !isIn(outer, other) || isFree(other)) continue;
        if (ENTRY.test(file) && isIn(folder, other)) continue;
        if (order.indexOf(other) < at) inOrder++;
        else against.push(`${file} -> ${each}`);
      }
    }
  }
  assertEquals(against, []);
  assertEquals(inOrder > 700, true);
});

Deno.test("Without a cluster, no code of NATS is loaded", () => {
  const loaded = new Set<string>();
  const load = (file: string) => {
    if (loaded.has(file)) return;
    loaded.add(file);
    const text = Deno.readTextFileSync(new URL(file, LIB)).replace(COMMENT, "");
    assertEquals(text.includes("@nats-io"), false, file);
    for (const [statement, , path] of text.matchAll(STATEMENT)) {
      if (!/^import type|^export type/.test(statement)) {
        load(pathOf(new URL(path, new URL(file, LIB))));
      }
    }
  };
  load("cli/mod.ts");
  load("cli/compose.ts");
  assertEquals(loaded.has("backplane/local.ts"), true);
});
