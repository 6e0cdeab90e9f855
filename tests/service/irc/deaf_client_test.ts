/** IRC clients that read nothing: what they ask, and what others do, costs them a bounded queue. */

import { assert, assertEquals } from "@std/assert";
import type { Outbox } from "../../../lib/server/output/outbox.ts";
import type { IrcClient } from "../../support/irc_client.ts";
import { IrcRoom } from "../../support/irc_room.ts";
import { settle } from "../../support/session_peer.ts";

const OUTBOX_BYTES = 16 * 1024;
const CAPS = ["batch", "draft/multiline", "echo-message", "labeled-response", "message-tags"];

/** What a client may send that is refused, or answered at once. */
const ASKED: Record<string, string> = {
  "unknown verbs": "XYZ",
  "lines that are too long": "A".repeat(600),
  "broken text": "PING \xff",
  "messages to nobody": "PRIVMSG",
  "messages to nobody known": "PRIVMSG somebody :hello",
  "failed batches": "BATCH -y",
  "long labels": `@label=${"l".repeat(1000)} PRIVMSG #den :hello`,
  "pings": "PING x",
  "names": "WHO *",
};

/** A client that has stopped reading. */
async function deafIn(room: IrcRoom, ...caps: string[]): Promise<{
  readonly client: IrcClient;
  readonly outbox: Outbox;
}> {
  const { client, session: { outbox } } = room.openSession();
  await client.register("deaf", { caps });
  client.send("JOIN #den");
  await client.sync();
  client.pause();
  return { client, outbox };
}

for (const [what, line] of Object.entries(ASKED)) {
  Deno.test(`A client that reads nothing gets no answers without end to ${what}`, async () => {
    await using room = new IrcRoom({ outboxBytes: OUTBOX_BYTES });
    const { client, outbox } = await deafIn(room, ...CAPS);
    client.sendBytes(Uint8Array.from(`${line}\r\n`.repeat(2000), (char) => char.charCodeAt(0)));
    await settle();
    assert(outbox.queuedBytes > 0);
    assert(outbox.queuedBytes < 2 * OUTBOX_BYTES, `${outbox.queuedBytes} bytes`);
    client.resume();
    await client.sync();
  });
}

Deno.test("What others say of themselves costs a client that reads nothing a bounded queue", async () => {
  await using room = new IrcRoom({ outboxBytes: OUTBOX_BYTES });
  const { client, outbox } = await deafIn(room, "away-notify", "setname", "invite-notify");
  client.send("MONITOR + ann,eve");
  const ann = await room.register("ann");
  for (let number = 0; number < 200; number++) {
    ann.send("JOIN #den", `AWAY :${"x".repeat(300)}`, `SETNAME :${"y".repeat(100)}`);
    ann.send("NICK eve", "NICK ann", "JOIN #own", "INVITE deaf #own");
    ann.send("MODE #own +b a!*@*", "MODE #own -b a!*@*");
  }
  await ann.sync();
  assert(outbox.queuedBytes > 0);
  assert(outbox.queuedBytes <= OUTBOX_BYTES, `${outbox.queuedBytes} bytes`);
  client.resume();
  await client.sync();
});

Deno.test("A client that reads slowly is not taken for gone while its next line waits", async () => {
  await using room = new IrcRoom({ outboxBytes: OUTBOX_BYTES });
  const { client } = await deafIn(room);
  client.send(...Array<string>(2000).fill("PING x"));
  await settle();
  await room.clock.advance(600_000);
  client.resume();
  assertEquals((await client.sync()).some((line) => line.startsWith("ERROR")), false);
});
