/**
 * The `gap` event that records what retention removed from a room.
 *
 * @module
 */

import type { Draft } from "../room_event.ts";
import { exactSizeText } from "../text/size_text.ts";
import { countText, groupDigits } from "../wording.ts";
import {
  type Removal,
  RETENTION_REASONS,
  type RetentionLimits,
  type RetentionReason,
} from "./retention.ts";

/** The event that tells readers of `room` that earlier events were removed. */
export function retentionGap(
  room: string,
  { first, last, reasons }: Removal,
  limits: RetentionLimits,
): Draft {
  const count = last - first + 1;
  const which = count === 1
    ? `1 event, #${first}, is`
    : `${groupDigits(count)} events, #${first} to #${last}, are`;
  return {
    room,
    kind: "gap",
    from: "server",
    body: `${which} no longer kept: ${reasonText(reasons, limits)}`,
    fields: { reason: "retention", first, last, count, because: reasons },
  };
}

/** If `draft` records a removal, the number of the last removed event. */
export function removedThrough({ kind, from, fields }: Draft): number | undefined {
  if (kind !== "gap" || from !== "server" || fields?.reason !== "retention") return undefined;
  return typeof fields.last === "number" ? fields.last : undefined;
}

function reasonText(
  reasons: readonly RetentionReason[],
  { maxAgeMs, maxBytes }: RetentionLimits,
): string {
  const texts = {
    age: maxAgeMs === undefined ? "too old" : `older than ${durationText(maxAgeMs)}`,
    size: maxBytes === undefined
      ? "the room was too large"
      : `the room had more than ${exactSizeText(maxBytes)}`,
  };
  const known = RETENTION_REASONS.filter((reason) => reasons.includes(reason));
  return known.map((reason) => texts[reason]).join(", and ") || "the limits of the room";
}

function durationText(ms: number): string {
  const units = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000], ["second", 1000]];
  const [unit, size] = units.find(([, size]) => ms % (size as number) === 0) ?? ["second", 1000];
  return countText(Math.round(ms / (size as number)), unit as string);
}
