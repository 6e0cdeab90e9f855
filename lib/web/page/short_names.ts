/**
 * Finds the names of members that occur only in the page's own code, so that the bundle can shorten
 * them. Those of the browser, of the protocol and of what the page stores keep their names.
 *
 * @module
 */

/// <reference lib="deno.ns" />

const WEB = new URL("../", import.meta.url).pathname;

/** Their names are seen outside the bundle: stored as JSON, or in another script. */
const OUTSIDE = /\/(?:private_conversation|preferences|qr|saved_session|unsent)\.ts$/;
const TYPE = /^(?:export )?(?:abstract )?(?:class|interface) [^\n]*\{\n(.*?)^\}/gms;
const MEMBER = /^ {2}(?:(?:async|get|readonly) )*([a-z]\w*)(?:<[^>]*>)?\??[(:= ]/gm;
/** Preact tells events by the beginning of a name. */
const EVENT = /^on[A-Z]/;
/** Members of components and hooks that Preact looks for; it is in the bundle, too. */
const PREACT = [
  "componentDidCatch",
  "componentDidMount",
  "componentDidUpdate",
  "componentWillMount",
  "componentWillReceiveProps",
  "componentWillUnmount",
  "componentWillUpdate",
  "contextType",
  "debounceRendering",
  "forceUpdate",
  "getChildContext",
  "getDerivedStateFromError",
  "getDerivedStateFromProps",
  "getSnapshotBeforeUpdate",
  "shouldComponentUpdate",
];

/** Returns the names, in the order in which they are declared. */
export async function shortNames(): Promise<string[]> {
  const members = new Set<string>();
  const kept = new Set<string>();
  for await (const [path, text] of sources(`${WEB}page`)) {
    for (const [, body] of text.matchAll(TYPE)) {
      for (const [, name] of body.matchAll(MEMBER)) {
        (OUTSIDE.test(path) || EVENT.test(name) ? kept : members).add(name);
      }
    }
    // Some members are read by a name in a variable.
    for (const [, name] of text.matchAll(/(?<!class=)"(\w+)"/g)) kept.add(name);
  }
  for (const folder of ["protocol", "../domain"]) {
    for await (const [, text] of sources(WEB + folder)) {
      for (const [, name] of text.matchAll(/\b(\w+)\??:/g)) kept.add(name);
    }
  }
  return [...PREACT, ...members.difference(kept)];
}

async function* sources(folder: string): AsyncIterable<[path: string, text: string]> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* sources(path);
    else if (/\.tsx?$/.test(name)) yield [path, await Deno.readTextFile(path)];
  }
}
