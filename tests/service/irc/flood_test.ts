/** Flood control at the IRC door. */

import { assertEquals } from "@std/assert";
import { HOST, IrcRoom } from "../../support/irc_room.ts";
import { settle } from "../../support/session_peer.ts";

Deno.test("Lines that others notice are delayed in a flood, and nothing is lost", async () => {
  await using room = new IrcRoom({ flood: { rate: 1, burst: 3 } });
  const [ann] = await room.registerIn("#lobby", "ann");
  const bob = await room.register("bob");
  // NICK and JOIN count, and so do two messages.
  bob.send("JOIN #lobby", ...["one", "two", "three"].map((text) => `PRIVMSG #lobby :${text}`));
  const said = (text: string) => `:bob!~bob@${HOST} PRIVMSG #lobby :${text}`;
  await ann.expect(`:bob!~bob@${HOST} JOIN #lobby`, said("one"));
  assertEquals(await ann.sync(), []);
  await room.clock.advance(2000);
  await ann.expect(said("two"), said("three"));
});

Deno.test("Lines that nobody else notices are never delayed", async () => {
  await using room = new IrcRoom({ flood: { rate: 1, burst: 3 } });
  const ann = await room.register("ann");
  const count = 100;
  ann.send(...Array.from({ length: count }, (_, number) => `PING ${number}`));
  for (let number = 0; number < count; number++) {
    await ann.expect(`:irc.test PONG irc.test :${number}`);
  }
});

const COUNTED = [
  "PRIVMSG #lobby :hi",
  "  @label=a;+x=y  :ann!a@b   privmsg #lobby :hi",
  "@batch=1 NOTICE #lobby :hi",
  "CS OP #lobby ann",
  "chanserv VOICE #lobby",
  "NS SET x",
  "REGISTER * * password",
  "KILL ann",
  "MARKREAD #lobby timestamp=2026-11-21T06:30:00.000Z",
];
const UNCOUNTED = ["PING x", "WHO *", "MARKREAD #lobby", "CAP LS", "CHATHISTORY LATEST #a * 1"];

for (const [lines, isCounted] of [[COUNTED, true], [UNCOUNTED, false]] as const) {
  for (const line of lines) {
    Deno.test(`A flood of ${line} is ${isCounted ? "delayed" : "not delayed"}`, async () => {
      await using room = new IrcRoom({ flood: { rate: 1, burst: 3 } });
      const ann = await room.register("ann", "message-tags", "batch");
      ann.send(...Array<string>(10).fill(line), "PING end");
      await settle();
      assertEquals(ann.transcript.some((heard) => heard.endsWith(":end")), !isCounted);
      await room.clock.advance(60_000);
      await ann.until(/:end$/);
    });
  }
}
