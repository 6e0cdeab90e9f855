import { assertEquals } from "@std/assert";
import { openControlSocket } from "../../../lib/cli/control/control_socket.ts";
import type { ControlParts } from "../../../lib/cli/control/requests/control_request.ts";
import type { ReloadOutcome } from "../../../lib/cli/settings/reloader.ts";
import { systemClock as clock } from "../../../lib/clock.ts";
import { FairBudget } from "../../../lib/server/fairness/fair_budget.ts";
import { runCommand } from "../../support/command_line.ts";
import { TemporaryDirectory } from "../../support/temporary_directory.ts";

/** Runs `partyline reload` on a server whose reload has an outcome. */
async function reload(outcome: ReloadOutcome) {
  using directory = new TemporaryDirectory();
  const { path: data } = directory;
  await Deno.writeTextFile(`${data}/partyline.db`, "");
  const parts = { reload: () => Promise.resolve(outcome) } as unknown as ControlParts;
  const work = new FairBudget({ clock }).account();
  await using _socket = openControlSocket({ data, parts, clock, work });
  return await runCommand(["reload", "--data", data]);
}

Deno.test("reload prints what was reloaded", async () => {
  const news = ["Reloaded the configuration: stall"];
  assertEquals(await reload({ faults: [], news }), {
    code: 0,
    stdout: "Reloaded the configuration: stall\n",
    stderr: "",
  });
});

Deno.test("reload prints faults, and advice only where there is something to do", async () => {
  const stopping = "The server is stopping. Nothing was reloaded.";
  const advice = "Correct that, and reload again.";
  assertEquals(await reload({ faults: [stopping], news: [] }), {
    code: 1,
    stdout: "",
    stderr: `${stopping}\n`,
  });
  assertEquals(await reload({ faults: ["stall is 0"], advice, news: [] }), {
    code: 1,
    stdout: "",
    stderr: `stall is 0\n${advice}\n`,
  });
});
