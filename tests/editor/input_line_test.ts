import { assert, assertEquals } from "@std/assert";
import { graphemeBoundary } from "../../lib/codec/grapheme.ts";
import { rawTextBytes } from "../../lib/codec/raw_text.ts";
import { SeededRandom } from "../support/random.ts";
import { alt, control, KEYS, paste, Typist } from "../support/typist.ts";

const FAMILY = "👨‍👩‍👧";

Deno.test("InputLine emits a line on Enter and starts a new one", () => {
  const typist = new Typist();
  assertEquals(typist.type("hello"), "hello|");
  assertEquals(typist.type(KEYS.enter), "|");
  typist.type("two", KEYS.enter, KEYS.enter);
  assertEquals(typist.take(), ["hello", "two", ""]);
});

Deno.test("InputLine moves and deletes by graphemes", () => {
  const typist = new Typist();
  assertEquals(typist.type(`a${FAMILY}e\u0301`, KEYS.left), `a${FAMILY}|e\u0301`);
  assertEquals(typist.type(KEYS.left), `a|${FAMILY}e\u0301`);
  assertEquals(typist.type(KEYS.delete), "a|e\u0301");
  assertEquals(typist.type(KEYS.right, KEYS.backspace), "a|");
  assertEquals(typist.type(KEYS.backspace, KEYS.backspace), "|");
  assertEquals(typist.take(), ["(bell)"]);
});

Deno.test("InputLine keeps the cursor between graphemes when they join and split", () => {
  const typist = new Typist();
  assertEquals(typist.type("x\u0301y", KEYS.home, "e"), "e|x\u0301y");
  // Typed text may join the text after it: the family grows.
  assertEquals(typist.type(control("u"), control("k"), "👩", KEYS.left, "👨\u200d"), "👨\u200d👩|");
  // Typed marks join the character before them.
  const joined = new Typist();
  joined.type("exy", KEYS.left, KEYS.left, KEYS.right, "\u0301");
  assertEquals(joined.shown, "ex\u0301|y");
});

Deno.test("InputLine inserts at the cursor and handles Home and End", () => {
  const typist = new Typist();
  assertEquals(typist.type("bc", KEYS.home, "a", KEYS.end, "d"), "abcd|");
  assertEquals(typist.type(control("a"), "x", control("e"), "y"), "xabcdy|");
  assertEquals(typist.type(control("b"), control("b"), control("f"), "-"), "xabcd-|y");
});

Deno.test("InputLine moves by words in any script", () => {
  const typist = new Typist();
  typist.type("one two-three, größe 你好");
  assertEquals(typist.type(KEYS.wordLeft), "one two-three, größe |你好");
  assertEquals(typist.type(KEYS.wordLeft), "one two-three, |größe 你好");
  assertEquals(typist.type(alt("b"), alt("b")), "one |two-three, größe 你好");
  assertEquals(typist.type(KEYS.wordRight), "one two|-three, größe 你好");
  assertEquals(typist.type(alt("f"), alt("f")), "one two-three, größe| 你好");
});

Deno.test("InputLine kills with Ctrl-U, Ctrl-K and Ctrl-W, and yanks with Ctrl-Y", () => {
  const typist = new Typist();
  assertEquals(typist.type("one two three", control("w")), "one two |");
  assertEquals(typist.type(control("y"), control("y")), "one two threethree|");
  assertEquals(typist.type(KEYS.home, alt("f"), control("k")), "one|");
  assertEquals(typist.type(control("u")), "|");
  assertEquals(typist.type(control("y")), "one two threethree|");
});

Deno.test("InputLine joins consecutive kills in text order", () => {
  const typist = new Typist();
  typist.type("one two three four", control("w"), control("w"), control("w"));
  assertEquals(typist.type(control("u"), control("y")), "one two three four|");
  typist.type(KEYS.home, alt("d"), alt("d"), KEYS.end, "; ");
  assertEquals(typist.type(control("y")), " three four; one two|");
});

Deno.test("InputLine yanks earlier kills with Alt-Y", () => {
  const typist = new Typist();
  typist.type("first", control("u"), "second", control("u"), "third", control("u"));
  assertEquals(typist.type("a ", control("y")), "a third|");
  assertEquals(typist.type(alt("y")), "a second|");
  assertEquals(typist.type(alt("y")), "a first|");
  assertEquals(typist.type(alt("y")), "a third|");
  assertEquals(typist.take(), []);
  typist.type("x", alt("y"));
  assertEquals(typist.take(), ["(bell)"]);
});

Deno.test("InputLine limits the size of the kill ring", () => {
  const typist = new Typist();
  for (let round = 0; round < 50; round++) typist.type(`${round} `.padEnd(4000, "x"), control("u"));
  const kept = new Set<string>();
  typist.type(control("y"));
  for (let round = 0; round < 50; round++) kept.add(typist.type(alt("y")).slice(0, 2));
  assertEquals([...kept].sort(), ["48", "49"]);
});

Deno.test("InputLine transposes two graphemes with Ctrl-T", () => {
  const typist = new Typist();
  assertEquals(typist.type("abc", control("t")), "acb|");
  assertEquals(typist.type(KEYS.home, KEYS.right, control("t")), "ca|b");
  assertEquals(typist.type(control("u"), control("k"), `a${FAMILY}`, control("t")), `${FAMILY}a|`);
  assertEquals(typist.type(control("u"), "a", control("t")), "a|");
  assertEquals(typist.take(), ["(bell)"]);
});

Deno.test("InputLine walks through the history and back to the unfinished line", () => {
  const typist = new Typist();
  typist.type("one\rtwo\rtwo\r");
  assertEquals(typist.type("begun", KEYS.up), "two|");
  assertEquals(typist.type(KEYS.up), "one|");
  assertEquals(typist.type(KEYS.up), "one|");
  assertEquals(typist.type(KEYS.down, KEYS.down), "begun|");
  typist.type(KEYS.up, "!", KEYS.enter);
  assertEquals(typist.take(), ["one", "two", "two", "(bell)", "two!"]);
  assertEquals(typist.type(KEYS.up, KEYS.up), "two|");
});

Deno.test("InputLine limits the size of the history", () => {
  const typist = new Typist();
  for (let line = 0; line < 500; line++) typist.type(`line ${line}\r`);
  assertEquals(typist.type(KEYS.up.repeat(600)), "line 400|");
  const long = new Typist();
  for (let line = 0; line < 100; line++) long.type(`${line}${"x".repeat(4000)}\r`);
  assertEquals(long.type(KEYS.up.repeat(600)).slice(0, 3), "96x");
});

Deno.test("InputLine searches the history with Ctrl-R", () => {
  const typist = new Typist();
  typist.type("release 4.2\rlook at this\rrelease 4.3\r");
  typist.take();
  typist.type(control("r"));
  assertEquals(typist.input.view.prompt, 'search "":');
  assertEquals(typist.type("rel"), "|release 4.3");
  assertEquals(typist.input.view.prompt, 'search "rel":');
  assertEquals(typist.type(control("r")), "|release 4.2");
  assertEquals(typist.type(control("r")), "|release 4.2");
  assertEquals(typist.take(), ["(bell)"]);
  assertEquals(typist.type(KEYS.backspace, KEYS.backspace, KEYS.backspace, "LOOK"), "|");
  assertEquals(typist.input.view.prompt, 'no match for "LOOK":');
  typist.type(KEYS.backspace.repeat(4), "4.2");
  assertEquals(typist.shown, "release |4.2");
  typist.take();
  typist.type(KEYS.enter);
  assertEquals(typist.take(), ["release 4.2"]);
});

Deno.test("InputLine edits the line found by Ctrl-R, or cancels the search", () => {
  const typist = new Typist();
  typist.type("one two\r");
  assertEquals(typist.type("begun", control("r"), "two", KEYS.end, "!"), "one two!|");
  typist.type(control("u"), "begun", control("r"), "two");
  assertEquals(typist.type(control("g")), "begun|");
  typist.type(control("r"), "two", KEYS.escape);
  assert(typist.input.usesEscape);
  assertEquals(typist.wait(), "begun|");
  assertEquals(typist.type(control("r"), "two", control("c")), "begun|");
  assertEquals(typist.take(), ["one two"]);
});

Deno.test("InputLine tells its owner to clear the screen, to leave and to interrupt", () => {
  const typist = new Typist();
  typist.type("abc", control("l"), KEYS.left, control("d"));
  assertEquals(typist.shown, "ab|");
  typist.type(control("d"));
  typist.type(control("c"));
  assertEquals(typist.shown, "|");
  typist.type(control("d"));
  assertEquals(typist.take(), ["(clear)", "(bell)", "(interrupt)", "(leave)"]);
});

Deno.test("InputLine rejects text beyond the maximum line length", () => {
  const typist = new Typist({ maxBytes: 10 });
  assertEquals(typist.type("12345678", "é"), "12345678é|");
  assertEquals(typist.type("x"), "12345678é|");
  assertEquals(typist.type(control("w"), control("y"), control("y")), "12345678é|");
  assertEquals(typist.take(), ["(bell)", "(bell)"]);
  typist.type(control("u"), paste("12345678901"));
  assertEquals(typist.take(), [
    "(tell) Nothing was pasted: a line can have at most 10 bytes.",
  ]);
});

Deno.test("InputLine breaks a line at Alt-Enter, and sends the lines as one block", () => {
  const typist = new Typist({ assistant: {} });
  assertEquals(typist.type("one", alt(KEYS.enter), "two"), "one\ntwo|");
  assertEquals(typist.type(KEYS.home, KEYS.right, alt(KEYS.enter)), "o\n|ne\ntwo");
  typist.type(KEYS.enter);
  assertEquals(typist.take(), ["(block) o|ne|two"]);
  assertEquals(typist.type(KEYS.up), "o\nne\ntwo|");
});

Deno.test("InputLine keeps a text of several lines that cannot be sent", () => {
  const typist = new Typist({ assistant: { typedBlock: () => "This command takes one line." } });
  assertEquals(typist.type("/topic a", alt(KEYS.enter), "b", KEYS.enter), "/topic a\nb|");
  assertEquals(typist.take(), ["(tell) This command takes one line."]);
});

Deno.test("InputLine takes an Enter long after Escape for an Enter", () => {
  const typist = new Typist({ assistant: {} });
  typist.type("one", KEYS.escape);
  typist.settle();
  assertEquals(typist.type(KEYS.enter), "|");
  assertEquals(typist.take(), ["one"]);
  // As in readline, Escape and a letter are that letter with Alt.
  typist.type("two", KEYS.escape);
  typist.settle();
  assertEquals(typist.type("b"), "|two");
});

const completes = (words: readonly string[], suffix = " ") => ({
  complete: (before: string) => {
    const start = before.search(/\S*$/);
    const candidates = words.filter((word) => word.startsWith(before.slice(start).toLowerCase()))
      .map((text) => ({ text }));
    return { start, candidates, suffix };
  },
});

Deno.test("InputLine extends a word on the first Tab and lists candidates on the second", () => {
  const typist = new Typist({ assistant: completes(["/join", "/history", "/help"]) });
  assertEquals(typist.type("/j", KEYS.tab), "/join |");
  assertEquals(typist.type(control("u"), "/", KEYS.tab), "/|");
  typist.take();
  assertEquals(typist.type("h", KEYS.tab), "/h|");
  assertEquals(typist.take(), ["(bell)"]);
  assertEquals(typist.type(KEYS.tab), "/h|");
  assertEquals(typist.take(), ["(list) /history /help"]);
  assertEquals(typist.type("x", KEYS.tab), "/hx|");
  assertEquals(typist.take(), ["(bell)"]);
});

Deno.test("InputLine completes the word before the cursor and keeps the text after it", () => {
  const typist = new Typist({ assistant: completes(["annabel"]) });
  assertEquals(typist.type("hi ann", KEYS.home, KEYS.end, KEYS.tab), "hi annabel |");
  typist.type(control("u"), "an you", KEYS.home, alt("f"));
  assertEquals(typist.type(KEYS.tab), "annabel| you");
});

Deno.test("InputLine completes a prefix shared except for case as the first candidate spells it", () => {
  const typist = new Typist({ assistant: completes(["annabel", "anna"], ": ") });
  assertEquals(typist.type("AN", KEYS.tab), "anna|");
  assertEquals(typist.type("b", KEYS.tab), "annabel: |");
});

Deno.test("InputLine.isConcealed shows and remembers nothing", () => {
  const typist = new Typist({ assistant: completes(["secret"]) });
  typist.input.isConcealed = true;
  assertEquals(typist.type("secret"), "|");
  assertEquals(typist.type(KEYS.tab, control("r"), KEYS.up), "|");
  typist.type(control("w"), "s3cret", KEYS.enter);
  typist.input.isConcealed = false;
  assertEquals(typist.type(KEYS.up, control("y")), "|");
  assertEquals(typist.take().filter((event) => event !== "(bell)"), ["s3cret"]);
});

Deno.test("InputLine.isConcealed hides what was typed before the question, and drops what is left after it", () => {
  const typist = new Typist();
  typist.type("s3c");
  typist.input.isConcealed = true;
  assertEquals(typist.type("ret", KEYS.enter, "more"), "|");
  typist.input.isConcealed = true;
  assertEquals(typist.input.text, "more");
  typist.input.isConcealed = false;
  assertEquals(typist.type(KEYS.up, control("y")), "|");
  assertEquals(typist.take().filter((event) => event !== "(bell)"), ["s3cret"]);
});

Deno.test("InputLine remembers nothing of a line that its assistant calls secret", () => {
  const isSecret = (line: string) => /^\/login \S+ \S/.test(line);
  const typist = new Typist({ assistant: { ...completes([]), isSecret } });
  typist.type("hello", KEYS.enter, "/login ann s3cret", KEYS.enter);
  assertEquals(typist.type(KEYS.up), "hello|");
  assertEquals(typist.type(KEYS.down), "|");
  assertEquals(typist.type(control("r"), "s3c"), "|");
  typist.type(control("g"));
  for (const kill of ["u", "w"]) {
    typist.type("/login ann s3cret", control(kill), control("u"));
    assertEquals(typist.type(control("y")).includes("s3cret"), false);
    typist.type(control("u"));
  }
  typist.type("/login ann s3cret", KEYS.up, KEYS.down);
  assertEquals(typist.type(), "|");
});

Deno.test("InputLine keeps its invariants for any keys (fuzz)", () => {
  const keys = [
    ...Object.values(KEYS),
    ..."abcdefghijklmnopqrstuvwxyz".split("").map(control),
    ..."bdfy\x7f\r".split("").map(alt),
    ...["a", "word ", "é", "e", "\u0301", "你", "👩", "\u200d", "🇩", "🇪", "\x1b", "/", "#"],
    ...[paste("pasted"), paste("one\rtwo"), paste("x".repeat(200)), "m", "b", "c"],
  ];
  for (let seed = 1; seed <= 400; seed++) {
    const random = new SeededRandom(seed);
    const typist = new Typist({ maxBytes: 60, assistant: completes(["word", "wordy", "你好"]) });
    for (let step = 0; step < 200; step++) {
      if (random.int(20) === 0) typist.press(random.bytes(1 + random.int(4)));
      else typist.type(random.pick(keys));
      if (random.int(10) === 0) typist.wait();
      const { text, cursor } = typist.input.view;
      const context = `seed ${seed} step ${step}`;
      assertEquals(graphemeBoundary(text, cursor), cursor, context);
      assert(rawTextBytes(typist.input.text) <= 60, context);
      for (const line of typist.take()) assert(!/\n/.test(line), context);
    }
  }
});

Deno.test("InputLine does not send a line of which a part did not fit, and keeps it for Up", () => {
  const typist = new Typist({ maxBytes: 64 });
  const notSent =
    "(tell) That line is longer than 64 bytes and was not sent. Split it into shorter lines.";
  typist.type("x".repeat(62), "é", KEYS.enter);
  assertEquals(typist.take(), [`${"x".repeat(62)}é`]);

  typist.type("y".repeat(60));
  assertEquals(typist.type("/quit", KEYS.enter), "|");
  assertEquals(typist.take(), ["(bell)", notSent]);
  typist.type("z".repeat(65), KEYS.enter, "next", KEYS.enter);
  assertEquals(typist.take(), ["(bell)", notSent, "next"]);

  typist.type(KEYS.up, KEYS.up, KEYS.enter);
  assertEquals(typist.take(), ["y".repeat(60)]);
  typist.type("é".repeat(32));
  typist.type("!", KEYS.backspace, "?", KEYS.enter);
  assertEquals(typist.take(), ["(bell)", `${"é".repeat(31)}?`]);

  typist.type("a".repeat(65), KEYS.tab, "bbb", KEYS.left, KEYS.enter);
  assertEquals(typist.take().at(-1), notSent);
  typist.type("c".repeat(65), KEYS.up, KEYS.enter);
  assertEquals(typist.take().at(-1), "bbb");
});
