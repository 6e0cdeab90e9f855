/** `partyline account` at a real terminal. */

import { assert, assertEquals } from "@std/assert";
import { PERMISSIONS, runToEnd } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { TerminalProgram } from "../support/terminal_program.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const PASSWORD = "tea at five";

async function withTerminal(
  work: (terminal: TerminalProgram) => Promise<void>,
): Promise<string> {
  using data = new TemporaryDirectory();
  const flags = [...PERMISSIONS, "--no-prompt"];
  await using terminal = await TerminalProgram.run(
    [Deno.execPath(), "run", ...flags, MAIN, "account", "add", "ann", "--data", data.path],
    { terminal: { columns: 80, rows: 24 } },
  );
  await work(terminal);
  await terminal.expectEnd();
  assert(!terminal.shown.includes("tea"), terminal.shown);
  return (await runToEnd(["account", "list", "--data", data.path])).stdout;
}

Deno.test("account add shows nothing of a password typed at a terminal", async () => {
  const listed = await withTerminal(async (terminal) => {
    await terminal.expect("Password for ann: ");
    await terminal.type(`${PASSWORD}x\x7f\r`);
    await terminal.expect("Once more: ");
    await terminal.type(`${PASSWORD}\r`);
    await terminal.expect("Added ann\r\n");
  });
  assert(listed.endsWith("1 account\n"), listed);
});

Deno.test("account add is cancelled by Ctrl-C at a terminal", async () => {
  const listed = await withTerminal(async (terminal) => {
    await terminal.expect("Password for ann: ");
    await terminal.type("tea\x03");
    await terminal.expect("Cancelled. Nothing was changed.");
  });
  assertEquals(listed, "");
});
