import { assert, assertEquals } from "@std/assert";
import { control, KEYS, paste, Typist } from "../support/typist.ts";

Deno.test("Paster inserts one line as text without submitting it", () => {
  const typist = new Typist({ assistant: {} });
  assertEquals(typist.type("say ", paste("/quit\r\n"), "!"), "say /quit!|");
  assertEquals(typist.type(paste(""), paste("\r\r")), "say /quit!|");
  assertEquals(typist.type(control("u"), paste("a\x03\x1b[2J\tb")), "a\x03\x1b[2J\tb|");
  assertEquals(typist.take(), []);
});

Deno.test("Paster asks how to send several lines, and never runs them as commands", () => {
  const typist = new Typist({
    assistant: { quote: (line) => line.replace(/^\//, "//") },
  });
  typist.type("see: ", paste("/quit\r\r  \rtwo\rthree\r"), KEYS.left);
  assertEquals(
    typist.input.view.prompt,
    "Send 3 lines? Enter: as one, l: line by line, Esc: cancel",
  );
  typist.take();
  assertEquals(typist.type("xyz"), "|");
  assertEquals(typist.take(), ["(bell)", "(bell)", "(bell)"]);
  typist.type("l");
  assertEquals(typist.take(), ["see: /quit", "two", "three"]);
  assertEquals(typist.shown, "|");

  for (const key of [KEYS.enter, "b"]) {
    typist.type("see: ", paste("\r/quit\r\r  two\u2028three\r\r"), key);
    assertEquals(typist.take(), ["(block) see: /quit||  two|three"]);
  }
  typist.type(paste("/quit\r/two"), "mafter");
  assertEquals(typist.take(), ["//quit", "//two"]);
  assertEquals(typist.shown, "after|");
});

Deno.test("Paster.cancel() does not lose the text already typed", () => {
  for (const key of ["c", "C", control("c"), control("g"), control("d")]) {
    const typist = new Typist({ assistant: {} });
    typist.type("begun", KEYS.left, paste("one\rtwo"), key);
    assertEquals(typist.shown, "begu|n");
    assertEquals(typist.take(), []);
  }
  const typist = new Typist({ assistant: {} });
  typist.type("begun", paste("one\rtwo"), KEYS.escape);
  assert(typist.input.usesEscape);
  assertEquals(typist.wait(), "begun|");
});

Deno.test("Paster puts several lines into the middle of a line", () => {
  const typist = new Typist({ assistant: {} });
  typist.type("<>", KEYS.left, paste("one\rtwo"), "l");
  assertEquals(typist.take(), ["<one", "two>"]);
});

Deno.test("Paster does not ask how to send several lines if a setting says so", () => {
  const block = new Typist({ assistant: { pasteAs: "block" } });
  block.type("see: ", paste("one\rtwo"));
  assertEquals([block.take(), block.shown], [["(block) see: one|two"], "|"]);
  const lines = new Typist({ assistant: { pasteAs: "lines" } });
  lines.type(paste("one\rtwo"));
  assertEquals(lines.take(), ["one", "two"]);
  const large = new Typist({
    assistant: {
      pasteAs: "block",
      quoteBlock: (text) => ({ messages: 2, lines: text.split("\n") }),
    },
  });
  large.type(paste("one\rtwo"));
  const { prompt } = large.input.view;
  assertEquals(prompt, "Send 2 lines? Enter: as 2 messages, l: line by line, Esc: cancel");
  large.type(KEYS.enter);
  assertEquals(large.take(), ["(block) one|two"]);
});

Deno.test("Paster offers no block if a line is too long for one", () => {
  const none = new Typist({ assistant: { quoteBlock: () => undefined } });
  none.type(paste("one\rtwo"));
  assertEquals(none.input.view.prompt, "Send 2 lines? l: line by line, Esc: cancel");
  none.type("b", KEYS.enter);
  assertEquals(none.take(), ["(bell)", "(bell)"]);
  none.type("l");
  assertEquals(none.take(), ["one", "two"]);
});

Deno.test("Paster refuses a text that is too long or contains a line that is", () => {
  const typist = new Typist({ maxBytes: 10, maxPasteBytes: 50, assistant: {} });
  typist.type("begun", paste("one\r12345678901"));
  assertEquals(typist.shown, "begun|");
  typist.type(paste("x\r".repeat(100)));
  assertEquals(typist.shown, "begun|");
  assertEquals(typist.take(), [
    "(tell) Nothing was pasted: a line can have at most 10 bytes.",
    "(tell) Nothing was pasted: the text is too long.",
  ]);
});
