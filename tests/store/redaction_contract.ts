/**
 * The contract test of redaction, for any log.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { Clock } from "../../lib/clock.ts";
import { redactionDraft } from "../../lib/domain/redaction.ts";
import type { Draft, RoomEvent } from "../../lib/domain/room_event.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { readEvents } from "../support/read_events.ts";
import { draftOf } from "../support/room_events.ts";
import type { AppendableLog } from "../support/trial_log.ts";
import type { TrialStore } from "./message_log_contract.ts";

/** A redaction by `mia`. */
export function redacting(of: number, why = "", room = "tea"): Draft {
  return redactionDraft({ room, from: "mia", of, why });
}

/** Registers the contract tests of redaction for a log. */
export function testRedaction(
  name: string,
  open: (clock: Clock) => Omit<TrialStore, "state">,
): void {
  function test(sentence: string, body: (log: AppendableLog, clock: FakeClock) => Promise<void>) {
    Deno.test(`${name}${sentence}`, async () => {
      const clock = new FakeClock();
      await using store = open(clock);
      await body(store.log, clock);
    });
  }

  const textsOf = async (log: AppendableLog, room = "tea") =>
    (await readEvents(log, room, 0, 10_000)).map(({ body, fields }) => fields ?? body);

  test(".store() replaces a redacted text, and nothing else of the event", async (log, clock) => {
    await log.append([
      draftOf("tea", "one"),
      draftOf("tea", "secret", { kind: "log", from: "web1", fields: { pin: 1234 }, via: "syslog" }),
      draftOf("tea", "secret", { kind: "log", from: "web1", via: "syslog" }),
      draftOf("milk", "two"),
    ]);
    const [, before] = await log.read("tea", 0, 10);
    await clock.advance(5000);
    const [redaction] = await log.append([redacting(2, "a PIN")]);
    assertEquals([redaction.seq, redaction.kind, redaction.body], [4, "redaction", "a PIN"]);
    const events = await log.read("tea", 0, 10);
    const redactedAt = new Date(redaction.at).toISOString();
    const fields = { redacted: "mia", redactedAt, why: "a PIN" };
    assertEquals(events[1], { ...before, body: "", fields });
    assertEquals(await textsOf(log), ["one", fields, "secret", { of: "2" }]);
    assertEquals(await textsOf(log, "milk"), ["two"]);
  });

  test(".store() replaces the fields of a redacted line, and of no other", async (log) => {
    const lines = Array.from({ length: 5 }, (_, index) => {
      const fields = { host: "web1", pin: 1000 + index };
      return draftOf("tea", "secret", { kind: "log", from: "web1", fields, via: "syslog" });
    });
    await log.append(lines);
    await log.append([redacting(1), redacting(4)]);
    const events = await log.read("tea", 0, 5);
    assertEquals(events.map(({ fields }) => fields?.redacted), [
      "mia",
      undefined,
      undefined,
      "mia",
      undefined,
    ]);
    for (const index of [1, 2, 4]) assertEquals(events[index].fields, lines[index].fields);
  });

  test(".store() leaves out a reason that was not given", async (log) => {
    await log.append([draftOf("tea", "one")]);
    const [{ at }] = await log.append([redacting(1)]);
    const redactedAt = new Date(at).toISOString();
    assertEquals((await log.read("tea", 0, 1))[0].fields, { redacted: "mia", redactedAt });
  });

  test(".store() redacts an event of the same batch, in any part of it", async (log) => {
    const drafts = Array.from({ length: 600 }, (_, index) => draftOf("tea", `text ${index + 1}`));
    const redacted = [1, 2, 256, 257, 600];
    await log.append([...drafts, ...redacted.map((of) => redacting(of, "x")), draftOf("tea", "z")]);
    const events = await readEvents(log, "tea", 0, 1000);
    assertEquals(events.length, 606);
    for (const { kind, seq, body, fields } of events.slice(0, 600)) {
      const isRedacted = redacted.includes(seq);
      assertEquals([kind, body], ["message", isRedacted ? "" : `text ${seq}`]);
      assertEquals(fields?.redacted, isRedacted ? "mia" : undefined);
    }
  });

  test(".store() keeps a redaction that changes nothing", async (log, clock) => {
    await log.append([
      draftOf("tea", "one"),
      draftOf("tea", "", { kind: "gap", fields: { reason: "cut" } }),
      draftOf("tea", "a ban", { kind: "moderation" }),
      draftOf("milk", "m"),
    ]);
    await log.append([redacting(1, "first")]);
    const before = await textsOf(log);
    await clock.advance(1000);
    const odd = ["0", "-1", "1.5", "1e0", "01", " 1", "99999999999999999999", "", "x"];
    const drafts = [
      redacting(1, "again"),
      redacting(2, "a gap"),
      redacting(3, "an act of moderation"),
      redacting(4, "a redaction"),
      redacting(99, "nothing"),
      redacting(10, "itself"),
      redacting(12, "a later one"),
      redacting(1, "no room", "hall"),
      ...odd.map((of): Draft => ({ ...redacting(1), fields: { of } })),
      { ...redacting(1), fields: { of: 1 } },
      { ...redacting(1), fields: undefined },
      draftOf("tea", "last"),
    ];
    await log.append(drafts);
    const after = await readEvents(log, "tea", 0, 100);
    assertEquals(await textsOf(log).then((texts) => texts.slice(0, 4)), before);
    assertEquals(
      after.slice(4).map(({ kind }) => kind),
      drafts.slice(0, -1).filter(({ room }) => room === "tea").map(() => "redaction" as string)
        .concat("message"),
    );
    assertEquals((await log.read("milk", 0, 10)).map(({ body }) => body), ["m"]);
  });

  test(".store() of the same events again changes nothing", async (log) => {
    const events = await log.append([
      draftOf("tea", "one"),
      draftOf("tea", "two"),
      redacting(1),
      draftOf("tea", "three"),
      redacting(2, "why"),
    ]);
    const stored = await log.read("tea", 0, 10);
    await log.store(events);
    await log.store(events.slice(0, 2));
    await log.store(events.slice(2, 3));
    assertEquals(await log.read("tea", 0, 10), stored);
    assertEquals(await log.lastId(), 5);
  });

  test(".room() loses its topic with the event that set it", async (log) => {
    const topic = (body: string) => draftOf("tea", body, { kind: "topic" });
    await log.append([topic("old"), topic("secret")]);
    await log.append([redacting(1)]);
    assertEquals((await log.room("tea"))!.topic, "secret");
    await log.append([redacting(2)]);
    assertEquals((await log.room("tea"))!.topic, "");
  });

  test(" agrees with plain replacing, whatever is redacted in whatever batches", async (log) => {
    const random = new SeededRandom(SEED);
    const expected: string[] = [];
    for (let batch = 0; batch < rounds(60, 600); batch++) {
      const drafts = Array.from({ length: 1 + random.int(random.pick([3, 400])) }, () => {
        const last = expected.length;
        const of = 1 + random.int(last + 3);
        if (random.int(6) > 0) {
          expected.push(`text ${last + 1}`);
          return draftOf("tea", `text ${last + 1}`, { from: random.pick(["ann", "ann", "bob"]) });
        }
        expected.push("a redaction");
        if (of <= last && expected[of - 1].startsWith("text")) expected[of - 1] = "redacted";
        return redacting(of, "a redaction");
      });
      await log.append(drafts);
    }
    const shown = ({ body, fields }: RoomEvent) => fields?.redacted ? "redacted" : body;
    const events = await readEvents(log, "tea", 0, 1_000_000);
    assertEquals(events.map(shown), expected);
  });
}
