/** A room with a long history of messages and log lines, short and long. */

import type { PastDraft } from "../../support/filled_data.ts";
import { SeededRandom } from "../../support/random.ts";

const PEOPLE = ["ann", "bob", "mei", "jack", "Søren"];
const WORDS = "the disk is full on db-3 and nobody has heard of it since last week but we look"
  .split(" ");

/** Generates `count` events in `room`, one every ten seconds, the last a minute ago. */
export function* longRoom(room: string, count: number): Generator<PastDraft> {
  const random = new SeededRandom(2026);
  const start = Date.now() - 60_000 - count * 10_000;
  let from = "ann";
  for (let seq = 1; seq <= count; seq++) {
    // People send a few messages in a row, and sometimes a program sends many lines.
    if (random.int(3) === 0) from = random.pick(PEOPLE);
    const isLog = Math.floor(seq / 50) % 10 === 7;
    const length = random.int(8) === 0 ? 20 + random.int(80) : 2 + random.int(12);
    const words = Array.from({ length }, () => random.pick(WORDS)).join(" ");
    yield {
      room,
      kind: isLog ? "log" : "message",
      from: isLog ? "web-1/nginx" : from,
      body: `${seq}: ${words}`,
      via: isLog ? "syslog" : "web",
      at: start + seq * 10_000,
    };
  }
}
