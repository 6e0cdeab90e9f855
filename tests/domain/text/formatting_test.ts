import { assert, assertEquals } from "@std/assert";
import { parseFormatting } from "../../../lib/domain/text/formatting.ts";
import { SeededRandom } from "../../support/random.ts";

/** The text with `<b>`, `<i>`, `<c>` for what is formatted, and `[...]` for fenced code. */
function shown(text: string): string {
  return parseFormatting(text).map((part) => {
    if (part.type === "code") return `[${part.lines.join("\n")}]`;
    return part.lines.map((line) =>
      line.map(({ text, isBold, isItalic, isCode }) =>
        (isBold ? "<b>" : "") + (isItalic ? "<i>" : "") + (isCode ? "<c>" : "") + text +
        (isBold || isItalic || isCode ? "</>" : "")
      ).join("")
    ).join("\n");
  }).join("|");
}

Deno.test("parseFormatting() finds bold, italic and code as people type them", () => {
  const cases = [
    ["a **b c** d", "a <b>b c</> d"],
    ["*a*, (*b*) and *c*.", "<i>a</>, (<i>b</>) and <i>c</>."],
    ["***a*** b", "<b><i>a</> b"],
    ["**a *b* c**", "<b>a </><b><i>b</><b> c</>"],
    ["**a *b*** c", "<b>a </><b><i>b</> c"],
    ["*a **b*** c", "<i>a </><b><i>b</> c"],
    ["*a **b** c*", "<i>a </><b><i>b</><i> c</>"],
    ["**🎉 done!** *\u201cyes\u201d*", "<b>🎉 done!</> <i>\u201cyes\u201d</>"],
    ["use `rm -rf *` **now**", "use <c>rm -rf *</> <b>now</>"],
    ["``a ` b`` `c`", "<c>a ` b</> <c>c</>"],
    ["**`a`**", "<b><c>a</>"],
    ["**see https://a.example/x_(*y*)**", "<b>see https://a.example/x_(*y*)</>"],
    ["*https://a.example*", "<i>https://a.example</>"],
    ["*a* *b*", "<i>a</> <i>b</>"],
    ["**größe**: *你好*", "<b>größe</>: <i>你好</>"],
  ];
  for (const [text, expected] of cases) assertEquals(shown(text), expected, text);
});

Deno.test("parseFormatting() leaves alone what only looks like formatting", () => {
  const texts = [
    "2*3*4 = 24",
    "2 * 3 * 4",
    "snake_case and __init__",
    "*.ts and *.js",
    "*.ts,*.js",
    "src/**/*.ts",
    "rm *foo*.txt",
    "f(*args, **kwargs)",
    "char *p, *q; int **r",
    "(*p)->x = (*q)->y",
    "* one",
    "** one **",
    "a** b**",
    "**",
    "****a****",
    "`` and ` `",
    "it`s ann",
    "*a\nb*",
    "<b>a</b>",
    "5*",
    "",
  ];
  for (const text of texts) assertEquals(shown(text), text, text);
});

Deno.test("parseFormatting() finds fenced code, which ends with its fence or with the text", () => {
  assertEquals(shown("a\n```\n**b**\n\n  c\n```\nd *e*"), "a|[**b**\n\n  c]|d <i>e</>");
  assertEquals(shown("```ts\nx\n```"), "[x]");
  assertEquals(shown("```\nx\n``"), "[x\n``]");
  assertEquals(shown("```\na\n```\n```\nb\n```"), "[a]|[b]");
  for (const text of ["```", "```\n```", "a\n```\n \n"]) {
    assertEquals(shown(text).replaceAll("|", "\n"), text, text);
  }
});

Deno.test("parseFormatting() loses nothing but signs, for any text (fuzz)", () => {
  const words = [
    "*",
    "**",
    "***",
    "`",
    "``",
    "```",
    " ",
    "\n",
    "a",
    "b.c",
    "/",
    "(",
    ")",
    "é",
    "🎉",
  ];
  words.push("https://x.example/", "_", ",", "\ud83c");
  for (let seed = 1; seed <= 3000; seed++) {
    const random = new SeededRandom(seed);
    const text = Array.from({ length: random.int(40) }, () => random.pick(words)).join("");
    const parts = parseFormatting(text);
    const lines = parts.flatMap((part): readonly string[] =>
      part.type === "code"
        ? part.lines
        : part.lines.map((pieces) => pieces.map(({ text }) => text).join(""))
    );
    const isFence = (line: string) => /^\s*``` ?[\w.]*\s*$/.test(line);
    const rest = (lines: readonly string[]) =>
      lines.filter((line) => !isFence(line)).join("").replace(/[`*]/g, "");
    assertEquals(rest(lines), rest(text.split("\n")), JSON.stringify(text));
    for (const part of parts) {
      assert(part.lines.length > 0);
      if (part.type === "text") assert(part.lines.flat().every(({ text }) => text !== ""));
    }
  }
});
