/** A room `pinned` with as many pins as possible, of log lines as long as possible. */

import { MOST_PINS } from "../../../lib/domain/acts/pins.ts";
import type { PastDraft } from "../filled_data.ts";

const LINE_BYTES = 64 * 1024;

/** @param at When they were stored, milliseconds since 1970. */
export function* pinnedPast(at: number): Generator<PastDraft> {
  const room = "pinned";
  const body = "word ".repeat(LINE_BYTES / 5);
  const numbers = Array.from({ length: MOST_PINS }, (_, index) => index + 1);
  for (const _number of numbers) yield { room, kind: "log", from: "app", body, at };
  for (const number of numbers) {
    yield { room, kind: "pin", from: "ann", body: "", fields: { of: String(number) }, at };
  }
}
