import { assertEquals } from "@std/assert";
import { WebScene } from "../support/web_scene.ts";

Deno.test("A say may answer a message, whose reactions and pins come with history", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann");
  await ann.ask({ type: "say", room: "lobby", body: "one", ref: 1 });
  const said = await ann.ask({ type: "say", room: "lobby", body: "two", reply: 2, ref: 2 });
  assertEquals([said.type, said.seq], ["said", 3]);
  for (const line of ["/react #2 +1", "/pin #2"]) {
    await ann.ask({ type: "command", room: "lobby", line, ref: line });
  }
  const { events } = await ann.ask({ type: "history", room: "lobby", ref: 3 });
  assertEquals(events[0].reactions, [{ emoji: "👍", from: ["ann"] }]);
  assertEquals(events[1].reply, 2);
  assertEquals(events[1].about, { kind: "message", from: "ann", body: "one" });
  assertEquals("fields" in events[1], false);
  const { pins } = await ann.ask({ type: "pins", room: "lobby", ref: 4 });
  assertEquals([pins[0].seq, pins[0].by, pins[0].event.body], [2, "ann", "one"]);
  const refused = await ann.ask({ type: "say", room: "lobby", body: "x", reply: 99, ref: 5 });
  assertEquals([refused.type, refused.code], ["error", "no-such-event"]);
});
