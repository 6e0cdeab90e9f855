/** How the tests end the programs that they run in a terminal. */

import { assertEquals } from "@std/assert";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { TerminalProgram } from "../support/terminal_program.ts";
import { Tmux } from "../support/tmux.ts";

/** Says `ready`, and writes a file a moment after its terminal has closed. */
function slowProgram({ path }: TemporaryDirectory): string {
  const farewell = `sleep 0.3; echo bye > ${path}/farewell; exit`;
  return `trap "${farewell}" HUP; echo ready; while true; do read -r _; done`;
}

Deno.test("Tmux is disposed after its program has written its last file", async () => {
  using directory = new TemporaryDirectory();
  {
    const command = ["sh", "-c", slowProgram(directory)];
    await using tmux = await Tmux.run(command, { columns: 60, rows: 10 });
    await tmux.expectText("ready");
  }
  assertEquals(await Deno.readTextFile(`${directory.path}/farewell`), "bye\n");
});

Deno.test("TerminalProgram is disposed after its program has written its last file", async () => {
  using directory = new TemporaryDirectory();
  await Deno.writeTextFile(`${directory.path}/program`, slowProgram(directory));
  {
    await using program = await TerminalProgram.run(["sh", `${directory.path}/program`], {
      terminal: { columns: 60, rows: 10 },
    });
    await program.expect("ready");
  }
  assertEquals(await Deno.readTextFile(`${directory.path}/farewell`), "bye\n");
});
