import { assertEquals, assertRejects } from "@std/assert";
import { readNewPassword } from "../../../lib/cli/commands/read_password.ts";
import { typedInput } from "../../support/command_line.ts";

const { signal } = new AbortController();

/** Reads a password from a pipe. */
function piped(text: string): Promise<string> {
  return readNewPassword("? ", { stdin: typedInput(text), signal });
}

/** Types at a terminal; returns what happened, with `<` and `>` around what is not shown. */
async function typed(keys: string): Promise<{ outcome: string; shown: string }> {
  let shown = "";
  const stdin = typedInput(keys, {
    isTerminal: true,
    prompt: (text) => shown += text,
    setRaw: (isRaw) => shown += isRaw ? "<" : ">",
  });
  const outcome = await readNewPassword("Password for ann: ", { stdin, signal })
    .catch((error) => error.message);
  return { outcome, shown };
}

const TWICE = "<Password for ann: >\n<Once more: >\n";
const CANCELLED = "Cancelled. Nothing was changed.";

Deno.test("readNewPassword() takes one line of a pipe as it is", async () => {
  for (const end of ["", "\n", "\r\n", "\nnext line\n"]) {
    assertEquals(await piped(` tea at five ${end}`), " tea at five ");
  }
  assertEquals(await piped("пароль-東京\n"), "пароль-東京");
  assertEquals(await piped("x".repeat(1024)), "x".repeat(1024));
});

Deno.test("readNewPassword() refuses a pipe without a valid password", async () => {
  for (
    const [text, message] of [
      ["", "There is no password on standard input. Pass it as one line."],
      ["\n", "There is no password on standard input. Pass it as one line."],
      ["short\n", "Passwords need at least 6 characters. Choose a longer one."],
      ["x".repeat(1_000_000), "Passwords may have at most 1024 bytes. Choose a shorter one."],
    ]
  ) {
    await assertRejects(() => piped(text), Error, message);
  }
  const bytes = Uint8Array.of(...new TextEncoder().encode("tea at five"), 0xff, 0x0a);
  const stdin = {
    ...typedInput(""),
    read: (buffer: Uint8Array) => {
      buffer.set(bytes);
      return Promise.resolve(bytes.length);
    },
  };
  await assertRejects(() => readNewPassword("? ", { stdin, signal }), Error, "not valid UTF-8");
});

Deno.test("readNewPassword() asks twice at a terminal, and shows nothing that is typed", async () => {
  const password = " tea at five é東";
  assertEquals(await typed(`${password}\r${password}\r`), { outcome: password, shown: TWICE });
});

Deno.test("readNewPassword() understands the keys for corrections, and ignores others", async () => {
  const keys = "wrong\x15tea at fivé\x7fe\x1b[A\x1b[3~\t\r\x1b[200~tea at five\x1b[201~\r";
  assertEquals(await typed(keys), { outcome: "tea at five", shown: TWICE });
  assertEquals((await typed("\x7f\x7ftea at five\rtea at five\r")).outcome, "tea at five");
});

Deno.test("readNewPassword() refuses two passwords that differ", async () => {
  const { outcome, shown } = await typed("tea at five\rtea at six\r");
  assertEquals(outcome, "The two passwords differ. Nothing was changed; try again.");
  assertEquals(shown, TWICE);
});

Deno.test("readNewPassword() refuses a bad password before it asks again", async () => {
  const { outcome, shown } = await typed("short\r");
  assertEquals(outcome, "Passwords need at least 6 characters. Choose a longer one.");
  assertEquals(shown, "<Password for ann: >\n");
});

Deno.test("readNewPassword() can be cancelled at a terminal, which is normal again then", async () => {
  for (const keys of ["tea\x03", "tea at five\r\x04", "tea"]) {
    const { outcome, shown } = await typed(keys);
    assertEquals(outcome, CANCELLED);
    assertEquals(shown.at(-2), ">");
  }
});

Deno.test("readNewPassword() ends with the signal that stops the program", async () => {
  const stop = new AbortController();
  let isRaw = false;
  const stdin = {
    ...typedInput("", { isTerminal: true, setRaw: (raw) => isRaw = raw }),
    read: () => new Promise<null>(() => {}),
  };
  const reading = readNewPassword("? ", { stdin, signal: stop.signal });
  assertEquals(isRaw, true);
  stop.abort();
  await assertRejects(() => reading, Error, CANCELLED);
  assertEquals(isRaw, false);
});
