import { assertEquals, assertMatch } from "@std/assert";
import { RetentionRules } from "../../../lib/domain/retention/retention.ts";
import { Sweeper } from "../../../lib/domain/retention/sweeper.ts";
import { ChatRoom } from "../../support/chat_room.ts";

const MINUTE = 60_000;

/** A chat in which all but the last two lines of jack are too old. */
async function roomThatForgot() {
  const chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  jack.say(...Array.from({ length: 40 }, (_, index) => `line ${index + 1}`));
  await chat.clock.advance(2 * MINUTE);
  jack.say("line 41", "line 42");
  await ann.read();
  const sweeper = new Sweeper({
    log: chat.log,
    sequencer: chat.sequencer,
    clock: chat.clock,
    rules: new RetentionRules(new Map(), { maxAgeMs: MINUTE }),
  });
  await chat.advance(1000);
  return { chat, jack, ann, sweeper };
}

const GAP = "42 events, #1 to #42, are no longer kept: older than 1 minute";

Deno.test("The chat shows the gap that retention leaves", async () => {
  const { chat, ann, jack, sweeper } = await roomThatForgot();
  await using _chat = chat;
  await using _sweeper = sweeper;
  await ann.expect(`* gap: ${GAP}`);
  assertMatch((await jack.read()).join("\n"), /gap: 42 events/);
});

Deno.test("/history says where the kept events begin", async () => {
  const { chat, ann, sweeper } = await roomThatForgot();
  await using _chat = chat;
  await using _sweeper = sweeper;
  await ann.read();
  ann.say("/history");
  const [notice, ...lines] = await ann.read();
  assertEquals(notice, "* Messages before #43 are no longer kept.");
  assertEquals(lines.map((line) => line.replace(/ \S+ \S+/, "")), [
    "#43 <jack> line 41",
    "#44 <jack> line 42",
    `#45 * gap: ${GAP}`,
  ]);
  await ann.ask("/history before #20", "* Messages before #43 are no longer kept.");
  assertEquals((await (ann.say("/history 2"), ann.read())).length, 2);
});

Deno.test("/quote says that a line is no longer kept", async () => {
  const { chat, ann, sweeper } = await roomThatForgot();
  await using _chat = chat;
  await using _sweeper = sweeper;
  await ann.read();
  await ann.ask("/quote #7", "! #7 of #lobby is no longer kept. /history shows the numbers.");
  await ann.ask("/quote #99", "! #lobby has no #99. /history shows the numbers.");
  await ann.ask("/quote #43", "* You quoted #43 <jack> line 41");
});

Deno.test("Newcomers are not shown events that are no longer kept", async () => {
  const { chat, sweeper } = await roomThatForgot();
  await using _chat = chat;
  await using _sweeper = sweeper;
  const bob = chat.connect();
  bob.say("bob");
  assertEquals((await bob.read()).filter((line) => /line \d|gap/.test(line)), [
    "<jack> line 41",
    "<jack> line 42",
    `* gap: ${GAP}`,
  ]);
});

Deno.test("/rooms counts kept events", async () => {
  const { chat, ann, sweeper } = await roomThatForgot();
  await using _chat = chat;
  await using _sweeper = sweeper;
  ann.say("/join tea", "one", "/leave", "/leave lobby");
  await ann.read();
  ann.say("/rooms");
  // A join, a message and a part.
  assertEquals((await ann.read()).filter((line) => line.includes("#tea")), [
    "* #tea  nobody, 3 events",
  ]);
});
