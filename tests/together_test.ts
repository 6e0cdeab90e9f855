/** `deno task test` names what it runs, so that nothing can be missing from it unseen. */

import { assertEquals } from "@std/assert";

const TESTS = new URL("./", import.meta.url);
/** These have a process for nearly every test, and isolates that wait side by side. */
const ALONE = ["end_to_end"];
/** These have tasks of their own. */
const ELSEWHERE = ["browser", "clients", "cluster", "fairness", "load", "prometheus"];

function hasTests(folder: URL): boolean {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory ? hasTests(new URL(`${name}/`, folder)) : name.endsWith("_test.ts")) {
      return true;
    }
  }
  return false;
}

Deno.test("Every folder with tests belongs to a task", () => {
  const together = [...Deno.readDirSync(new URL("together/", TESTS))]
    .map(({ name }) => name.replace(/\.ts$/, ""));
  const folders = [...Deno.readDirSync(TESTS)].filter(({ isDirectory }) => isDirectory)
    .map(({ name }) => name).filter((name) => hasTests(new URL(`${name}/`, TESTS)));
  assertEquals([...together, ...ALONE, ...ELSEWHERE].sort(), folders.sort());
});
