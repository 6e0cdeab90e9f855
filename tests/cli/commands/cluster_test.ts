import { assertEquals } from "@std/assert";
import { runCommand } from "../../support/command_line.ts";

Deno.test("cluster refuses wrong usage, and says which action could be meant", async () => {
  const usage = "usage: partyline cluster ACTION [OPTIONS]; see partyline cluster --help";
  for (
    const [words, sentence] of [
      [[], "cluster needs an action: status or reset"],
      [["statsu"], 'Unknown action "statsu": did you mean "status"?'],
      [["leave"], 'Unknown action "leave": use status or reset'],
      [["reset", "x"], 'Unexpected argument "x": cluster reset takes no arguments'],
    ] as const
  ) {
    const { code, stderr } = await runCommand(["cluster", ...words]);
    assertEquals([code, stderr], [2, `${sentence}\n${usage}\n`]);
  }
});
