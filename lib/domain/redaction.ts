/**
 * Redaction: replacing the text of an event by a tombstone. An event of kind `redaction` says which
 * one, who did it and why. Its number, kind, sender and time stay.
 *
 * The log replaces the text when it stores the redaction. Whatever else holds events replaces it
 * when it meets the redaction.
 *
 * @module
 */

import { type Draft, namedNumber, type RoomEvent } from "./room_event.ts";
import { isUnkept, unkeptText } from "./unlogged.ts";

/** An event, or its JSON. */
type Redactable =
  & Pick<RoomEvent, "seq" | "kind" | "from" | "body" | "fields" | "about" | "reactions">
  & { readonly at: number | string };
type Texts = Pick<Draft, "body" | "fields">;

/** The fields of an event whose text has been replaced. */
export interface Tombstone {
  /** Who redacted it. */
  readonly redacted: string;
  /** When: ISO 8601, in UTC, with milliseconds. */
  readonly redactedAt: string;
  /** The reason, if one was given. */
  readonly why?: string;
}

const TOMBSTONE_FIELDS = ["redacted", "redactedAt", "why"];

/** The event that redacts number `of` of `room`. @param why May be `""`. */
export function redactionDraft(
  { room, from, of, why, via }: {
    readonly room: string;
    readonly from: string;
    readonly of: number;
    readonly why: string;
    readonly via?: string;
  },
): Draft {
  return { room, kind: "redaction", from, body: why, fields: { of: String(of) }, via };
}

/** The number that an event redacts; `undefined` if it redacts none. */
export function redactedNumber(
  event: Pick<RoomEvent, "kind" | "seq" | "fields">,
): number | undefined {
  return event.kind === "redaction" ? namedNumber(event) : undefined;
}

const LASTING: readonly Draft["kind"][] = [
  ...["gap", "moderation", "redaction"] as const,
  // Without a text of their own.
  ...["react", "unreact", "pin", "unpin"] as const,
];

/** Whether events of this kind can be redacted: others record what was lost, removed or decided. */
export function isRedactable(kind: Draft["kind"]): boolean {
  return !LASTING.includes(kind);
}

/** What an event says about its redaction; `undefined` if it still has its text. */
export function tombstoneOf({ body, fields }: Texts): Tombstone | undefined {
  if (body !== "" || !fields) return undefined;
  const { redacted, redactedAt, why } = fields;
  if (typeof redacted !== "string" || typeof redactedAt !== "string") return undefined;
  if (why !== undefined && typeof why !== "string") return undefined;
  // Fields of a log line are its sender's.
  if (!Object.keys(fields).every((name) => TOMBSTONE_FIELDS.includes(name))) return undefined;
  return { redacted, redactedAt, why };
}

/** The text and fields that take the place of those of a redacted event. */
export function tombstoneFor(
  { from, at, body: why }: Pick<Redactable, "from" | "at" | "body">,
): { readonly body: ""; readonly fields: Readonly<Record<string, unknown>> } {
  const fields = { redacted: from, redactedAt: new Date(at).toISOString() };
  return { body: "", fields: why === "" ? fields : { ...fields, why } };
}

/**
 * Applies redactions to events of the same room, and to what others quote of these events.
 *
 * @param redactions Other events are ignored, so this may be the run itself.
 * @returns The same array if nothing changes; events are shared and never changed.
 */
export function withRedactions<Event extends Redactable>(
  events: readonly Event[],
  redactions: readonly Redactable[],
): readonly Event[] {
  let changed: Event[] | undefined;
  for (const redaction of redactions) {
    const of = redactedNumber(redaction);
    if (of === undefined) continue;
    for (let index = 0; index < events.length; index++) {
      const event = (changed ?? events)[index];
      const next = event.seq === of ? redacted(event, redaction) : requoted(event, of, redaction);
      if (next !== event) (changed ??= [...events])[index] = next;
    }
  }
  return changed ?? events;
}

function redacted<Event extends Redactable>(event: Event, redaction: Redactable): Event {
  if (!isRedactable(event.kind) || tombstoneOf(event)) return event;
  const { reactions: _reactions, about: _about, ...rest } = event;
  return { ...rest, ...tombstoneFor(redaction) } as Event;
}

/** The event without the text that it quotes of event `of`. */
function requoted<Event extends Redactable>(event: Event, of: number, redaction: Redactable) {
  if (!event.about || namedNumber(event) !== of || event.kind === "redaction") return event;
  return { ...event, about: { ...event.about, body: readableBody(tombstoneFor(redaction)) } };
}

/** The redactions among events; the same empty array if there are none, as there nearly always are. */
export function redactionsAmong<Event extends Redactable>(
  events: readonly Event[],
): readonly Event[] {
  return events.some(({ kind }) => kind === "redaction")
    ? events.filter(({ kind }) => kind === "redaction")
    : NONE;
}

const NONE: readonly never[] = [];

/** The text that people read: that of the event, or why there is none. */
export function readableBody(event: Texts & Partial<Pick<Draft, "from">>): string {
  // The text of nearly every event; it is asked for each time an event is shown.
  if (event.body !== "") return event.body;
  const tombstone = tombstoneOf(event);
  if (!tombstone) return isUnkept(event) ? unkeptText(event) : event.body;
  const { redacted, why } = tombstone;
  return `(redacted by ${redacted}${why === undefined ? "" : `: ${why}`})`;
}
