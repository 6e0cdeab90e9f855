/** How the tests end the programs that they run in a terminal. */

import { assertEquals } from "@std/assert";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { Tmux } from "../support/tmux.ts";

Deno.test("Tmux is disposed after its program has written its last file", async () => {
  using directory = new TemporaryDirectory();
  const farewell = `sleep 0.3; echo bye > ${directory.path}/farewell; exit`;
  {
    const program = `trap "${farewell}" HUP; echo ready; while true; do read -r _; done`;
    await using tmux = await Tmux.run(["sh", "-c", program], { columns: 60, rows: 10 });
    await tmux.expectText("ready");
  }
  assertEquals(await Deno.readTextFile(`${directory.path}/farewell`), "bye\n");
});
