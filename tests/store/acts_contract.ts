/**
 * The contract test of what follows from replies, reactions and pins, for any log.
 *
 * @module
 */

import { assertEquals, assertLess } from "@std/assert";
import type { Clock } from "../../lib/clock.ts";
import { NO_LONGER_KEPT } from "../../lib/domain/acts/about.ts";
import { MOST_PIN_CHARACTERS, MOST_PINS } from "../../lib/domain/acts/pins.ts";
import { REACTION_LIMITS } from "../../lib/domain/acts/reactions.ts";
import { parseQuery } from "../../lib/domain/search/parse_query.ts";
import type { Draft, RoomEvent, RoomEventKind } from "../../lib/domain/room_event.ts";
import { SeededRandom } from "../support/random.ts";
import { readEvents } from "../support/read_events.ts";
import { rounds, SEED } from "../support/rounds.ts";
import { draftOf } from "../support/room_events.ts";
import type { AppendableLog } from "../support/trial_log.ts";
import { redacting } from "./redaction_contract.ts";
import { sweepAll, type TrialSweepable } from "./sweepable_log_contract.ts";

const EMOJI = ["👍", "🎉", "❤️"];
const PEOPLE = ["ann", "Bob", "bob", "carl"];

/** An act of `from` on event `of`. */
function act(kind: RoomEventKind, of: number, from = "ann", body = ""): Draft {
  return draftOf("tea", body, { kind, from, fields: { of: String(of) } });
}

function replying(reply: number, body: string): Draft {
  return draftOf("tea", body, { from: "bob", fields: { reply } });
}

async function eventAt(log: AppendableLog, seq: number): Promise<RoomEvent> {
  return (await log.read("tea", seq - 1, 1))[0];
}

/** Registers the contract tests for a log. */
export function testActs(name: string, open: (clock: Clock) => TrialSweepable): void {
  function test(sentence: string, body: (trial: TrialSweepable) => Promise<void>) {
    Deno.test(`${name}${sentence}`, async () => {
      const at = Date.UTC(2026, 10, 21);
      const clock = { now: () => at, monotonic: () => at, after: () => () => {} };
      await using trial = open(clock);
      await body(trial);
    });
  }

  test(" tells what a reply answers, with the text as it is now", async ({ log }) => {
    await log.append([draftOf("tea", "the disk\nis full"), replying(1, "yes")]);
    const about = { kind: "message", from: "ann", body: "the disk is full" };
    assertEquals((await eventAt(log, 2)).about, about);
    const { events } = await log.talk("tea", { after: 1, before: 3 }, 5, "last");
    assertEquals(events[0].about, about);
    await log.append([redacting(1, "rude")]);
    assertEquals((await eventAt(log, 2)).about?.body, "(redacted by mia: rude)");
  });

  test(" says of what a reply answers that it is no longer kept", async ({ log, sweep }) => {
    await log.append([draftOf("tea", "x".repeat(1000)), replying(1, "yes")]);
    await sweepAll(sweep, "tea", { bytes: 500 });
    const [first] = await log.read("tea", 0, 1);
    assertEquals([first.seq, first.about], [2, NO_LONGER_KEPT]);
  });

  test(" shortens what it quotes, and stops before large texts", async ({ log }) => {
    await log.append([draftOf("tea", "é".repeat(5000)), replying(1, "yes")]);
    const { body } = (await eventAt(log, 2)).about!;
    assertEquals([body.length, body.at(-1)], [120, "…"]);
  });

  test(" returns with a matching reply the message it answers, and reactions to it", async (trial) => {
    const { log } = trial;
    await log.append([draftOf("tea", "full"), replying(1, "yes"), act("react", 2, "ann", "🎉")]);
    const query = parseQuery("yes", 0);
    const { events } = await log.matches("tea", { after: 0, before: 9 }, query, 5, "last");
    assertEquals(events.map(({ about, reactions }) => ({ about, reactions })), [{
      about: { kind: "message", from: "ann", body: "full" },
      reactions: [{ emoji: "🎉", from: ["ann"] }],
    }]);
  });

  test(" leaves reactions out of talk, and counts none of them", async ({ log }) => {
    await log.append([draftOf("tea", "one"), act("react", 1, "bob", "👍"), draftOf("tea", "two")]);
    const range = { after: 0, before: 9 };
    const { events } = await log.talk("tea", range, 9, "last");
    assertEquals(events.map(({ body }) => body), ["one", "two"]);
    assertEquals((await log.countTalk("tea", range, 9, "first")).count, 2);
    assertEquals(events[0].reactions, [{ emoji: "👍", from: ["bob"] }]);
    assertEquals("reactions" in events[1], false);
  });

  test(" ignores acts on what comes later, and pins nothing twice", async ({ log }) => {
    await log.append([act("react", 2, "bob", "👍"), draftOf("tea", "two"), act("pin", 2)]);
    await log.append([act("pin", 2, "bob"), act("pin", 9)]);
    assertEquals((await eventAt(log, 2)).reactions, undefined);
    assertEquals((await log.pins("tea")).map(({ seq, by }) => [seq, by]), [[2, "ann"]]);
    assertEquals(await log.pins("milk"), []);
  });

  test(" keeps reactions and pins within their limits", async ({ log }) => {
    await log.append(Array.from({ length: MOST_PINS + 1 }, () => draftOf("tea", "x")));
    await log.append(Array.from({ length: MOST_PINS + 1 }, (_, n) => act("pin", n + 1)));
    assertEquals((await log.pins("tea")).length, MOST_PINS);
    const crowd = Array.from({ length: 400 }, (_, n) => act("react", 1, `p${n}`, "👍"));
    await log.append(crowd);
    assertEquals((await eventAt(log, 1)).reactions?.[0].from.length, REACTION_LIMITS.all);
    await log.append(Array.from({ length: 30 }, (_, n) => act("react", 2, "ann", `e${n}`)));
    assertEquals((await eventAt(log, 2)).reactions?.length, REACTION_LIMITS.person);
    await log.append(Array.from({ length: 30 }, (_, n) => act("react", 3, `p${n}`, `e${n}`)));
    assertEquals((await eventAt(log, 3)).reactions?.length, REACTION_LIMITS.emoji);
  });

  test(" shows of a pin that retention has removed only its number", async ({ log, sweep }) => {
    await log.append([draftOf("tea", "x".repeat(1000)), act("pin", 1, "bob")]);
    await sweepAll(sweep, "tea", { bytes: 500 });
    const [pin] = await log.pins("tea");
    assertEquals([pin.seq, pin.by, pin.event], [1, "bob", undefined]);
  });

  test(" keeps lists of pins small, however long their texts and fields", async ({ log }) => {
    const fields = { level: "err", trace: "t".repeat(60_000) };
    const long = { kind: "log", fields } as const;
    await log.append([
      ...Array.from({ length: MOST_PINS - 2 }, () => draftOf("tea", "😀".repeat(16_000), long)),
      draftOf("tea", "short", { kind: "log", fields: { level: "err" } }),
      draftOf("tea", "é".repeat(MOST_PIN_CHARACTERS)),
    ]);
    await log.append(Array.from({ length: MOST_PINS }, (_, n) => act("pin", n + 1)));
    const pins = await log.pins("tea");
    assertEquals(pins.length, MOST_PINS);
    assertLess(JSON.stringify(pins).length, MOST_PINS * (MOST_PIN_CHARACTERS + 200));
    const [first, , , ...rest] = pins.map(({ event }) => event!);
    assertEquals(first.body, `${"😀".repeat(MOST_PIN_CHARACTERS / 2 - 1)}…`);
    assertEquals(first.fields, undefined);
    const [short, whole] = rest.slice(-2);
    assertEquals([short.body, short.fields], ["short", { level: "err" }]);
    assertEquals(whole.body.length, MOST_PIN_CHARACTERS);
    // Only the list is abridged.
    assertEquals((await eventAt(log, 1)).body.length, 32_000);
  });

  test(" agrees with a simple model", async ({ log }) => {
    const random = new SeededRandom(SEED);
    for (let round = 0; round < rounds(3, 40); round++) await tryActs(log, random);
  });
}

/** Random acts in a room, in batches, against a set of them by event. */
async function tryActs(log: AppendableLog, random: SeededRandom): Promise<void> {
  const { lastSeq: before = 0 } = await log.room("tea") ?? {};
  await log.append([1, 2, 3].map((n) => draftOf("tea", `text ${n}`)));
  const had = new Map<number, Set<string>>();
  const redacted = new Set<number>();
  let pinned = (await log.pins("tea")).map(({ seq }) => seq);
  for (let batch = 0; batch < 8; batch++) {
    const drafts = Array.from({ length: 1 + random.int(6) }, (): Draft => {
      const of = before + 1 + random.int(3);
      const kind = random.pick(["react", "react", "unreact", "pin", "unpin", "redaction"] as const);
      if (kind === "redaction") {
        if (random.int(8) > 0) return draftOf("tea", "talk between");
        redacted.add(of);
        had.delete(of);
        pinned = pinned.filter((seq) => seq !== of);
        return redacting(of);
      }
      if (kind === "pin" || kind === "unpin") {
        if (kind === "unpin") pinned = pinned.filter((seq) => seq !== of);
        else if (!pinned.includes(of) && pinned.length < MOST_PINS) pinned.push(of);
        return act(kind, of);
      }
      const [from, emoji] = [random.pick(PEOPLE), random.pick(EMOJI)];
      const own = had.get(of) ?? new Set();
      had.set(of, own);
      const key = `${emoji} ${from.toLowerCase()}`;
      if (kind === "unreact") own.delete(key);
      else if (!redacted.has(of)) own.add(key);
      return act(kind, of, from, emoji);
    });
    await log.append(drafts);
  }
  for (const event of await readEvents(log, "tea", before, 3)) {
    const found = (event.reactions ?? []).flatMap(({ emoji, from }) =>
      from.map((name) => `${emoji} ${name.toLowerCase()}`)
    );
    assertEquals(new Set(found), had.get(event.seq) ?? new Set(), `seed ${SEED}`);
    assertEquals(found.length, new Set(found).size);
  }
  assertEquals((await log.pins("tea")).map(({ seq }) => seq), pinned, `seed ${SEED}`);
}
