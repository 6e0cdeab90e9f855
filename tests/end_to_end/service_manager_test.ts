/** The real program under a service manager: what it tells it, and what it writes to the journal. */

import { assertEquals, assertMatch } from "@std/assert";
import { Receiver } from "../support/notify_receiver.ts";
import { ServerProcess } from "../support/server_process.ts";

Deno.test("serve tells its service manager that it is ready, alive, reloading and stopping", async () => {
  using receiver = new Receiver();
  await using server = await ServerProcess.start({
    env: { NOTIFY_SOCKET: receiver.address, WATCHDOG_USEC: "100000" },
    // What systemd sets if standard error is its journal.
    prelude: "export JOURNAL_STREAM=$(stat -L -c %d:%i /dev/fd/2)",
  });
  assertEquals(await receiver.until(/READY/), "READY=1\nSTATUS=0 connections\n");
  for (let i = 0; i < 3; i++) assertEquals(await receiver.next(), "WATCHDOG=1\n");
  server.process.kill("SIGHUP");
  assertMatch(
    await receiver.until(/RELOADING/),
    /^RELOADING=1\n(MONOTONIC_USEC=\d+\n)?STATUS=.*\n$/,
  );
  assertEquals(await receiver.until(/READY/), "READY=1\nSTATUS=0 connections\n");
  const { stderr } = await server.stop();
  assertMatch(await receiver.until(/STOPPING/), /^STOPPING=1\nSTATUS=Stopping/);
  // If a journal runs here, it gets the diagnostics as fields, and standard error gets none.
  const hasJournal = await exists("/run/systemd/journal/socket");
  assertMatch(stderr, hasJournal ? /^$/ : /^(<\d>\w+ \w+: .*\n)+/);
});

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
