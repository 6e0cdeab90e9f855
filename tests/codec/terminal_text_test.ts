import { assertEquals, assertNotMatch, assertStrictEquals } from "@std/assert";
import { terminalText } from "../../lib/codec/terminal_text.ts";
import { SeededRandom } from "../support/random.ts";

// By Unicode's properties, not by the ranges that the codec lists.
const HARMFUL = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

Deno.test("terminalText() writes out every control character and nothing else", () => {
  let harmful = 0;
  for (let code = 0; code <= 0x10ffff; code++) {
    // Half a surrogate pair is not a character, and cannot be encoded as UTF-8.
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const character = String.fromCodePoint(code);
    const shown = terminalText(character);
    if (!HARMFUL.test(character)) {
      if (shown !== character) assertStrictEquals(shown, character, `U+${code.toString(16)}`);
      continue;
    }
    harmful++;
    assertNotMatch(shown, HARMFUL);
    assertNotMatch(shown, /^$/);
  }
  assertEquals(harmful, 32 + 1 + 32 + 2 + 12); // C0, DEL, C1, separators, bidirectional controls
});

Deno.test("terminalText() uses carets for C0 and DEL, code points for the rest, spaces for a tab", () => {
  const forms: Record<string, string> = {
    "\0": "^@",
    "\x07": "^G",
    "\t": "    ",
    "\n": "^J",
    "\r": "^M",
    "\x1b": "^[",
    "\x1f": "^_",
    "\x7f": "^?",
    "\x80": "<U+0080>",
    "\x9b": "<U+009B>",
    "\u061c": "<U+061C>",
    "\u200e": "<U+200E>",
    "\u2028": "<U+2028>",
    "\u2029": "<U+2029>",
    "\u202e": "<U+202E>",
    "\u2069": "<U+2069>",
  };
  for (const [character, form] of Object.entries(forms)) {
    assertEquals(terminalText(character), form);
    assertEquals(terminalText(`a${character}${character}é`), `a${form}${form}é`);
  }
});

Deno.test("terminalText() disarms escape sequences at any position", () => {
  assertEquals(terminalText("\x1b[2Jgone\x1b]0;title\x07"), "^[[2Jgone^[]0;title^G");
  assertEquals(terminalText("\x9b31mred"), "<U+009B>31mred");
  assertEquals(terminalText("a\r\n* Server: trust me"), "a^M^J* Server: trust me");
  assertEquals(terminalText("user\u202etxt.exe"), "user<U+202E>txt.exe");
});

Deno.test("terminalText() keeps the text around them, and changes nothing a second time", () => {
  const characters = [..."abé€漢👩‍🚀🏳️‍🌈 ^<\ufeff\u200b\u200d\0\x1b\t\x7f\x85\x9b\u2028\u202e\u2066"];
  for (let seed = 0; seed < 500; seed++) {
    const random = new SeededRandom(seed);
    const picked = Array.from({ length: random.int(20) }, () => random.pick(characters));
    const shown = terminalText(picked.join(""));

    assertEquals(shown, picked.map((character) => terminalText(character)).join(""), `${seed}`);
    assertNotMatch(shown, HARMFUL);
    assertEquals(terminalText(shown), shown);
  }
});
