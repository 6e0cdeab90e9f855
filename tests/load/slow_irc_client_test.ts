/** An IRC client that reads nothing while others talk, on the real server. */

import { assertEquals } from "@std/assert";
import { IrcClient } from "../support/irc_client.ts";
import { rounds } from "../support/rounds.ts";
import { ServerProcess } from "../support/server_process.ts";

/** Of 400 characters: more than all buffers hold. */
const LINES = rounds(20_000, 50_000);
const IRC = ["--listen", "irc=tcp://127.0.0.1:0", "--flood-rate", "0"];

Deno.test("A client that does not read while megabytes are said gets every line, in order", async () => {
  await using server = await ServerProcess.start({ args: IRC });
  const slow = await IrcClient.connect(server.port, "slow", { caps: ["batch", "server-time"] });
  const ann = await IrcClient.connect(server.port, "ann");
  for (const client of [slow, ann]) {
    client.send("JOIN #lab");
    await client.sync();
  }
  slow.pause();
  const text = "x".repeat(400);
  for (let number = 0; number < LINES; number += 500) {
    const lines = Array.from({ length: 500 }, (_, index) => number + index);
    ann.send(...lines.map((line) => `PRIVMSG #lab :${line} ${text}`));
    await ann.sync();
  }
  ann.send("NICK annie", "PRIVMSG #lab :done");
  await ann.sync();
  slow.resume();
  const lines = await slow.until(/ PRIVMSG #lab :done$/);
  const numbers = lines.flatMap((line) => / PRIVMSG #lab :(\d+) x{400}$/.exec(line)?.[1] ?? []);
  assertEquals(numbers, Array.from({ length: LINES }, (_, number) => `${number}`));
  assertEquals(lines.filter((line) => line.includes(" NICK annie")).length, 1);
  for (const client of [slow, ann]) await client.leave();
});
