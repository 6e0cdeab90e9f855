/** `MARKREAD` (IRCv3 draft/read-marker), as transcripts. */

import { assertEquals } from "@std/assert";
import type { Accounts } from "../../../lib/domain/access/accounts/accounts.ts";
import { MemoryStateStore } from "../../../lib/store/memory/state_store.ts";
import { logInAs } from "../../support/account_people.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { IrcRoom } from "../../support/irc_room.ts";

const CAP = "draft/read-marker";
const EARLY = "timestamp=2019-01-04T14:33:26.123Z";
const LATER = "timestamp=2019-06-01T12:00:00.000Z";
const answer = (target: string, time: string) => `:irc.test MARKREAD ${target} ${time}`;

Deno.test("MARKREAD keeps a time for each target, which never goes back", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", CAP);
  await room.register("bob");
  for (const target of ["#lab", "bob", "nobody"]) {
    await ann.ask(`MARKREAD ${target}`, answer(target, "*"));
    await ann.ask(`MARKREAD ${target} ${EARLY}`, answer(target, EARLY));
    await ann.ask(`MARKREAD ${target}`, answer(target, EARLY));
    await ann.ask(`MARKREAD ${target} ${LATER}`, answer(target, LATER));
    await ann.ask(`MARKREAD ${target} ${EARLY}`, answer(target, LATER));
    await ann.ask(`MARKREAD ${target.toUpperCase()}`, answer(target.toUpperCase(), LATER));
  }
  const now = `timestamp=${new Date(room.clock.now()).toISOString()}`;
  await ann.ask("MARKREAD #lab timestamp=2100-01-01T00:00:00.000Z", answer("#lab", now));
});

Deno.test("A client is told how far a channel has been read before the end of its names", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", CAP);
  for (const time of ["*", EARLY]) {
    ann.send("JOIN #lab");
    const lines = await ann.sync();
    assertEquals(lines.indexOf(answer("#lab", time)), 1);
    assertEquals(lines[3].split(" ")[1], "366");
    ann.send("PART #lab", `MARKREAD #lab ${EARLY}`);
    await ann.sync();
  }
  const bob = await room.register("bob");
  bob.send("JOIN #lab");
  assertEquals((await bob.sync()).length, 3);
});

Deno.test("MARKREAD says what is wrong", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", CAP);
  const fail = (text: string) => new RegExp(`^:irc.test FAIL MARKREAD ${text} :`);
  await ann.ask("MARKREAD", fail("NEED_MORE_PARAMS"));
  await ann.ask("MARKREAD #lab timestamp=not-a-time", fail("INVALID_PARAMS timestamp=not-a-time"));
  await ann.ask("MARKREAD #lab *", fail("INVALID_PARAMS \\*"));
  await ann.ask("MARKREAD #a,b", fail("INVALID_PARAMS #a,b"));
});

Deno.test("With an account, all its sessions know, and it is kept", async () => {
  const clock = new FakeClock();
  const state = new MemoryStateStore(clock);
  let accounts: Accounts;
  {
    await using room = new IrcRoom({ clock, state });
    accounts = room.accounts;
    const ann = await room.register("ann", CAP);
    const phone = await room.register("phone", CAP);
    const plain = await room.register("plain");
    for (const name of ["ann", "phone", "plain"]) await logInAs(room, name, "ann");
    await room.register("bob");
    await logInAs(room, "bob");
    for (const client of [ann, phone, plain]) await client.sync();
    for (const target of ["#lab", "bob"]) {
      await ann.ask(`MARKREAD ${target} ${EARLY}`, answer(target, EARLY));
      assertEquals(await phone.sync(), [answer(target, EARLY)]);
    }
    assertEquals(await plain.sync(), []);
  }
  await using room = new IrcRoom({ clock, state, accounts });
  const ann = await room.register("annie", CAP);
  await logInAs(room, "annie", "ann");
  await ann.sync();
  ann.send("JOIN #lab");
  assertEquals((await ann.sync())[1], answer("#lab", EARLY));
  await ann.ask("MARKREAD bob", answer("bob", EARLY));
});

Deno.test("A mark that cannot be stored counts until the client disconnects", async () => {
  const clock = new FakeClock();
  const state = new MemoryStateStore(clock);
  await using room = new IrcRoom({ clock, state });
  const ann = await room.register("ann", CAP);
  await logInAs(room, "ann");
  await ann.sync();
  const { update } = state;
  state.update = () => Promise.reject(new Error("database or disk is full"));
  await ann.ask(`MARKREAD #lab ${EARLY}`, /^:irc.test FAIL MARKREAD INTERNAL_ERROR #lab :/);
  ann.send("JOIN #lab");
  assertEquals((await ann.sync())[1], answer("#lab", EARLY));
  state.update = update;
});

Deno.test("What is read at one door is read at all", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", CAP, "server-time");
  const bob = await room.register("bob");
  for (const name of ["ann", "bob"]) await logInAs(room, name);
  const times: string[] = [];
  for (const text of ["one", "two"]) {
    await room.clock.advance(1000);
    times.push(`timestamp=${new Date(room.clock.now()).toISOString()}`);
    bob.send(`PRIVMSG ann :${text}`);
    await bob.sync();
  }
  await ann.sync();
  const { correspondence } = room.chat.people.find("ann")!;
  assertEquals((await correspondence.with("bob"))?.read, 0);
  await ann.ask(`MARKREAD bob ${times[0]}`, answer("bob", times[0]));
  assertEquals((await correspondence.with("bob"))?.read, 1);
  // Another session, at another door.
  correspondence.noteRead("bob", 2);
  assertEquals(await ann.sync(), [answer("bob", times[1])]);
  await ann.ask("MARKREAD bob", answer("bob", times[1]));
});
