import { assert } from "@std/assert";
import { Attackers } from "../support/fairness/attackers.ts";
import { type AttackKind, ATTACKS } from "../support/fairness/attacks.ts";
import { MeasuredServer } from "../support/fairness/measured_server.ts";
import { Talkers } from "../support/fairness/talkers.ts";
import { pinnedPast } from "../support/fairness/pinned_past.ts";
import { fillData, type PastDraft } from "../support/filled_data.ts";
import { IS_THOROUGH } from "../support/rounds.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

/** What stalled people for seconds before there was a fair budget. */
const WORST: readonly AttackKind[] = [
  "health, pipelined",
  "telnet, endless option",
  "connect and reset",
];
/**
 * Kinds for the benchmark alone: a crowd takes longer to gather than a step lasts, and the load that
 * makes SSH connections takes a whole core.
 */
const ONLY_MEASURED = /\ba crowd\b|^SSH: /;
const KINDS = IS_THOROUGH
  ? (Object.keys(ATTACKS) as AttackKind[]).filter((kind) => !ONLY_MEASURED.test(kind))
  : WORST;
/**
 * Far more than on a quiet machine (see the benchmark), far less than without a fair budget, which
 * was 8 s. Of a turn, only the time on a core counts; a round trip also waits for one.
 */
const MOST_TURN_MS = 400;
const MOST_TRIP_MS = 2000;
const SECOND_MS = 1000;

function* past(): Generator<PastDraft> {
  for (let number = 0; number < 20_000; number++) {
    yield {
      room: "big",
      kind: "message",
      from: `user${number % 7}`,
      body: `line ${number}`,
      at: number,
    };
  }
  yield* pinnedPast(20_000);
}

Deno.test("no kind of request stalls the server, and people talk and enter meanwhile", async (t) => {
  using data = new TemporaryDirectory();
  await fillData(data.path, past());
  await using server = await MeasuredServer.start(data.path);
  await using talkers = await Talkers.enter(server.chatPort);
  for (const kind of KINDS) {
    await t.step(kind, async () => {
      const attackers = await Attackers.start(kind, server);
      await server.longestTurnMs();
      const { trips, entries } = await talkers.talk(SECOND_MS);
      const turn = await server.longestTurnMs();
      await attackers.stop();
      assert(turn < MOST_TURN_MS, `the longest turn took ${turn} ms`);
      assert(trips.length >= 10 && entries.length > 0);
      const usual = trips[trips.length >> 1];
      assert(usual < MOST_TRIP_MS, `a round trip took ${usual} ms`);
    });
  }
});
