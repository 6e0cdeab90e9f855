/** Deno opens the first start with a warning about build scripts that nothing denies. */

import { assertEquals } from "@std/assert";

interface Lock {
  readonly npm: Readonly<Record<string, { readonly scripts?: boolean }>>;
}

async function parse(name: string) {
  return JSON.parse(await Deno.readTextFile(new URL(`../${name}`, import.meta.url)));
}

Deno.test("deno.json denies the build scripts of all packages, so that Deno does not warn of them", async () => {
  const { npm }: Lock = await parse("deno.lock");
  const withScripts = Object.entries(npm).filter(([, { scripts }]) => scripts)
    .map(([name]) => `npm:${name.replace(/(?<=.)@.*/, "")}`);
  const { allowScripts } = await parse("deno.json");
  assertEquals([allowScripts.allow, allowScripts.deny?.toSorted()], [[], withScripts.toSorted()]);
});
