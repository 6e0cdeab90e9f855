/**
 * Which events can be redacted.
 *
 * @module
 */

import { DomainError } from "../../domain_error.ts";
import { isRedactable, tombstoneOf } from "../../redaction.ts";
import type { RoomEvent } from "../../room_event.ts";
import { isUnkept } from "../../unlogged.ts";
import { notPermitted } from "../refusal.ts";

/**
 * Makes sure that there is something to redact.
 *
 * @param event What was found under the number.
 * @param label The room as it is shown: `#lobby`, `@bob`.
 * @throws {DomainError} `no-such-event`, `not-permitted`.
 */
export function requireRedactable(
  event: RoomEvent | undefined,
  label: string,
  seq: number,
): asserts event is RoomEvent {
  if (event?.seq !== seq) {
    throw new DomainError("no-such-event", `${label} has no #${seq}. /history shows the numbers.`);
  }
  if (tombstoneOf(event)) throw alreadyRedacted(label, seq);
  if (isUnkept(event)) {
    throw notPermitted(
      `#${seq} of ${label} was not kept, because no-log was on: there is nothing to redact.`,
    );
  }
  if (isRedactable(event.kind)) return;
  throw notPermitted(`#${seq} of ${label} has no text that could be redacted.`);
}

function alreadyRedacted(label: string, seq: number): DomainError {
  return notPermitted(`#${seq} of ${label} has already been redacted.`);
}
