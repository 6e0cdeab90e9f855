/** What a web client is told of what its user has missed. */

import { assertEquals } from "@std/assert";
import type { MissedJson } from "../../lib/web/protocol.ts";
import { WebScene } from "../support/web_scene.ts";

Deno.test("missed tells who spoke, how much and of mentions, only where one may read", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann", "ops", "den");
  const bob = await scene.enter("bob", "ops");
  const say = async (room: string, body: string) => {
    ann.send({ type: "say", room, body });
    await ann.next("said");
  };
  for (const body of ["one", "bob: two", "three", "four, Bob"]) await say("ops", body);
  await scene.addAccount("eva");
  const eva = await scene.open();
  eva.send({ type: "hello", name: "eva", password: "correct horse", rooms: [{ room: "own" }] });
  await eva.next("live");
  for (const line of ["/room register", "/room private on"]) {
    eva.send({ type: "command", room: "own", line });
    await eva.next("done");
  }
  eva.send({ type: "say", room: "own", body: "for bob alone" });
  await eva.next("said");

  const rooms = ["own", "nowhere", "ops"].map((room) => ({ room, after: 3 }));
  bob.send({ type: "missed", ref: 1, rooms });
  const { rooms: missed, ref } = await bob.next("missed");
  assertEquals(ref, 1);
  assertEquals((missed as MissedJson[]).map(({ since: _, ...rest }) => rest), [{
    room: "ops",
    messages: 3,
    logLines: 0,
    hasMore: false,
    people: ["ann"],
    mentions: 2,
    mention: 4,
    count: 1,
  }]);

  bob.send({ type: "missed", ref: 2, rooms: Array(11).fill({ room: "ops", after: 0 }) });
  assertEquals((await bob.next("error")).code, "bad-message");
  bob.send({ type: "missed", ref: 3, rooms: [{ room: "ops", after: 99 }] });
  assertEquals((await bob.next("missed")).rooms, []);
});

Deno.test("missed counts at most the latest 300 events of a room", async () => {
  await using scene = new WebScene();
  const [ann, bob] = [await scene.enter("ann"), await scene.enter("bob")];
  for (let number = 0; number < 320; number++) {
    ann.send({ type: "say", room: "lobby", body: `${number}` });
    await ann.next("said");
  }
  bob.send({ type: "missed", rooms: [{ room: "lobby", after: 2 }] });
  const [{ messages, hasMore }] = (await bob.next("missed")).rooms;
  assertEquals([messages, hasMore], [300, true]);
});
