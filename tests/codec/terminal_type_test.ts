import { assert, assertEquals } from "@std/assert";
import { traitsOf } from "../../lib/codec/terminal_type.ts";

Deno.test("traitsOf() recognises terminals with cursor control, in any case", () => {
  const names = ["XTERM-256COLOR", "xterm", "tmux-256color", "screen", "linux", "VT100", "vt220"];
  for (const name of [...names, "ansi", "rxvt-unicode", "xterm-kitty", "alacritty", "putty"]) {
    assert(traitsOf([name]).isAnsi, name);
    assert(!traitsOf([name]).editsLines, name);
  }
});

Deno.test("traitsOf() expects nothing of dumb and unknown terminals", () => {
  for (
    const names of [[], ["dumb"], ["UNKNOWN"], ["network"], ["VT52"], ["DEC-LA36"], ["teletype"]]
  ) {
    assertEquals(traitsOf(names), {
      isAnsi: false,
      hasColour: false,
      editsLines: false,
      hasTwoScreens: false,
      isScreenReader: false,
    });
  }
});

Deno.test("traitsOf() recognises terminals without colours", () => {
  for (const name of ["vt100", "VT220", "xterm-mono", "ansi-m", "linux-m"]) {
    assert(traitsOf([name]).isAnsi, name);
    assert(!traitsOf([name]).hasColour, name);
  }
  assert(traitsOf(["xterm"]).hasColour);
});

Deno.test("traitsOf() recognises clients that edit lines", () => {
  assert(traitsOf(["TINTIN++"]).editsLines);
  assert(traitsOf(["TINTIN++", "xterm-256color", "MTTS 271"]).editsLines);
  assert(traitsOf(["TINYFUGUE", "ANSI-ATTR", "ANSI", "UNKNOWN"]).editsLines);
  assert(traitsOf(["MUDLET", "ANSI-TRUECOLOR", "MTTS 2349"]).editsLines);
  // A client that follows the standard edits lines, whatever its name.
  assert(traitsOf(["NEWCLIENT", "XTERM", "MTTS 13"]).editsLines);
});

Deno.test("traitsOf() recognises a screen reader by its bit only", () => {
  assert(traitsOf(["MUDLET", "ANSI", "MTTS 79"]).isScreenReader);
  assert(traitsOf(["X", "MTTS 64"]).isScreenReader);
  assert(!traitsOf(["TINTIN++", "xterm", "MTTS 271"]).isScreenReader);
  assert(!traitsOf(["MTTS"]).isScreenReader);
  assert(!traitsOf(["MTTS 64x"]).isScreenReader);
});

Deno.test("traitsOf() knows which terminals have a second screen", () => {
  for (const name of ["XTERM-256COLOR", "screen", "tmux-256color", "PuTTY", "rxvt-unicode"]) {
    assert(traitsOf([name]).hasTwoScreens, name);
  }
  for (const name of ["linux", "vt100", "ANSI", "dumb"]) {
    assert(!traitsOf([name]).hasTwoScreens, name);
  }
});
