import { assertEquals } from "@std/assert";
import { formattedSnippet } from "../../../lib/domain/search/formatted_snippet.ts";

/** A snippet with its matches in brackets. */
function formatted(text: string): string {
  const parts = text.split(/[[\]]/).map((text, index) => ({ text, isMatch: index % 2 === 1 }));
  return formattedSnippet(parts).map(({ text, isMatch, isBold, isItalic, isCode }) =>
    (isBold ? "<b>" : "") + (isItalic ? "<i>" : "") + (isCode ? "<c>" : "") +
    (isMatch ? `[${text}]` : text)
  ).join("|");
}

Deno.test("formattedSnippet() keeps matches apart from what is bold, italic or code", () => {
  const cases = [
    ["the [disk] is full", "the |[disk]| is full"],
    ["the **[disk] is** full", "the |<b>[disk]|<b> is| full"],
    ["[**disk** is] `full`", "<b>[disk]|[ is]| |<c>full"],
    ["a\n*[b] c*\n\nd", "a|\n|<i>[b]|<i> c|\n|\n|d"],
    ["```\n[rm] -rf\n```", "```|\n|[rm]| -rf|\n|```"],
    ["…2*3*[4]…", "…2*3*|[4]|…"],
    ["", ""],
  ];
  for (const [text, expected] of cases) assertEquals(formatted(text), expected, text);
});
