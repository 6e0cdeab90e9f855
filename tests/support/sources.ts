/** Finds the code of the project, for tests that read it. */

/** The `.ts` and `.tsx` files in a directory and the directories in it. */
export function* sources(directory: URL): Generator<URL> {
  for (const { name, isDirectory } of Deno.readDirSync(directory)) {
    if (isDirectory) yield* sources(new URL(`${name}/`, directory));
    else if (/\.tsx?$/.test(name)) yield new URL(name, directory);
  }
}
