/** IRCv3 `sts`: clients are sent to TLS, and stay there. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { IrcRoom } from "../../support/irc_room.ts";

const STS = { port: 6697, seconds: 2_592_000 };

async function listed(room: IrcRoom, transport: string, version = "302"): Promise<string> {
  const client = room.open(transport);
  client.send(`CAP LS ${version}`, "PING 1");
  return (await client.until(/ PONG /)).join(" ");
}

Deno.test("With sts, clients in plain text are told the port, and those in TLS the time", async () => {
  await using room = new IrcRoom({ irc: { sts: STS } });
  assertMatch(await listed(room, "tcp"), / sts=port=6697(?: |$)/);
  assertMatch(await listed(room, "tls"), / sts=duration=2592000(?: |$)/);
  // There it would mean nothing, or could not be understood.
  assert(!(await listed(room, "https")).includes("sts="));
  assert(!/[: ]sts /.test(await listed(room, "tcp", "")));
});

Deno.test("Nobody can ask for sts, and without the setting it is not there", async () => {
  await using room = new IrcRoom({ irc: { sts: STS } });
  const client = room.open("tcp");
  client.send("CAP REQ sts");
  assertEquals(await client.next(), ":irc.test CAP * NAK :sts");
  await using plain = new IrcRoom();
  assert(!(await listed(plain, "tcp")).includes("sts="));
});
