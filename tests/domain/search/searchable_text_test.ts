import { assertEquals } from "@std/assert";
import { foldedRun, searchableTexts } from "../../../lib/domain/search/searchable_text.ts";

Deno.test("searchableTexts() has overwritten text as well as visible text", () => {
  assertEquals(searchableTexts("plain"), ["plain"]);
  assertEquals(searchableTexts("\x1b[31mred\x1b[0m"), ["red"]);
  assertEquals(searchableTexts("wrong\r\x1b[Kok"), ["ok", "wrong\rok"]);
});

Deno.test("foldedRun() has the words of coloured texts, raw and as JSON", () => {
  const bodies = ["ER\x1b[1mR\x1b[0mOR", "C:\\\\u001b[1m", "Full"];
  for (const text of [bodies.join("\n"), JSON.stringify(bodies)]) {
    const folded = foldedRun(text)!;
    for (const word of ["error", "u001b", "full"]) assertEquals(folded.includes(word), true, word);
  }
});

Deno.test("foldedRun() cannot tell the words of a text that overwrites itself", () => {
  assertEquals(foldedRun("ERxxx\rRO"), undefined);
  assertEquals(foldedRun(JSON.stringify(["a\rb"])), undefined);
  // A carriage return at the end overwrites nothing.
  assertEquals(foldedRun(JSON.stringify(["a\r", "b\r"]))?.includes("b"), true);
});
