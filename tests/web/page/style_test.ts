import { assert, assertEquals } from "@std/assert";

const page = new URL("../../../lib/web/page/", import.meta.url);

/** The names in `class="…"`, and the fixed ones in a template. */
function* classesIn(source: string): Iterable<string> {
  for (const [, fixed, template] of source.matchAll(/class=(?:"([^"]*)"|\{`([^`]*)`\})/g)) {
    const names = fixed ?? template.replaceAll(/[\w-]*\$\{[^}]*\}/g, " ");
    yield* names.split(/\s+/).filter((name) => name !== "");
  }
}

Deno.test("every class that a component of the page sets has a rule in its stylesheet", async () => {
  const css = await Deno.readTextFile(new URL("style.css", page));
  const styled = new Set(css.match(/(?<=\.)[a-z][\w-]*/g));
  assert(styled.has("message"));
  const unstyled: string[] = [];
  for await (const { name } of Deno.readDir(new URL("components/", page))) {
    const source = await Deno.readTextFile(new URL(`components/${name}`, page));
    for (const used of classesIn(source)) if (!styled.has(used)) unstyled.push(`${name}: ${used}`);
  }
  assertEquals(unstyled, []);
});
