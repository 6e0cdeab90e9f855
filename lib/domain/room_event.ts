/**
 * Events of a room. A room is one numbered stream of events.
 *
 * @module
 */

import type { ConditionalSetting, StateSetting } from "./state_store.ts";

/**
 * Every kind of event. Stores keep the index, so a new kind goes at the end and nothing else has to
 * change: a store that meets an index from a later version reads the event as a `notice`.
 */
export const ROOM_EVENT_KINDS = [
  "message",
  "action",
  "log",
  "join",
  "part",
  "topic",
  "notice",
  "gap",
  "nick",
  "moderation",
  "redaction",
  "react",
  "unreact",
  "pin",
  "unpin",
] as const;

export type RoomEventKind = typeof ROOM_EVENT_KINDS[number];

/**
 * The kinds of events that are no talk: history, searches and counts of unread messages leave them
 * out.
 */
export const SILENT_KINDS = ["join", "part", "react", "unreact"] as const satisfies RoomEventKind[];

/**
 * Why somebody leaves a room or has another name, for doors whose clients are told that once rather
 * than in each room. Known only while it happens: it is not stored.
 */
export type Cause =
  /** They take another name, in as many rooms as they are in. */
  | { readonly kind: "nick"; readonly rooms: number }
  /** They leave the server. With `isOwn`, they have said so: it is not that their connection ended. */
  | { readonly kind: "quit"; readonly rooms: number; readonly isOwn?: true }
  /** Somebody sent them out of the room. */
  | { readonly kind: "kick"; readonly by: string; readonly reason: string }
  /** An act of moderation, of which a notice tells in words. */
  | { readonly kind: "act"; readonly act: string }
  /** A rename: everybody in the room moves to room `to`. */
  | { readonly kind: "move"; readonly to: string };

/** What an event says that another one is about, so that a reader knows what is meant. */
export interface About {
  /** `gap` if it is no longer kept, or never was. */
  readonly kind: RoomEventKind;
  readonly from: string;
  /** The beginning of its text, on one line. */
  readonly body: string;
}

/** A reaction to an event, and who has it. */
export interface Reaction {
  readonly emoji: string;
  /** Names, in the order in which they reacted. */
  readonly from: readonly string[];
}

/** An event before it has its place in the stream. */
export interface Draft {
  /** The room's name, as the room registry spells it. */
  readonly room: string;
  readonly kind: RoomEventKind;
  /** The nickname, or a log line's source; of `nick`, the old name. */
  readonly from: string;
  /**
   * What was said; of `nick`, the new name; of `redaction`, the reason; of `react` and `unreact`, the
   * emoji. Valid Unicode, which may hold any control character.
   * What people say is in NFC. Log lines are as they were sent, because receipts hash them and a
   * sender that resumes compares them; searching folds both, so it finds either form.
   */
  readonly body: string;
  /**
   * The fields of a log line, the facts of a `gap`, or a tombstone; and the number of the event that
   * this one is about, see {@linkcode namedNumber}.
   */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** The way it came in, e.g. `telnet`. */
  readonly via?: string;
  /** The session that caused it, so that a session can skip its own words; never shown. */
  readonly origin?: number;
  /**
   * State that changes together with this event: both are stored or neither is. If another node has
   * changed a value meanwhile that a setting depends on, none of the drafts of the same origin is
   * stored, and all are refused with a `StateConflictError`. Only of kind `moderation`; not part of
   * the event afterwards.
   */
  readonly state?: readonly (StateSetting | ConditionalSetting)[];
  /** Whether the log must not get its text and sender: see `unlogged.ts`. */
  readonly isUnlogged?: true;
  /** Only of kinds `part`, `nick` and `notice`; absent from events that were read back. */
  readonly cause?: Cause;
  /** What the event says that this one is about. Not stored: it is looked up again in the log. */
  readonly about?: About;
}

/** A committed event. */
export interface RoomEvent extends Draft {
  /** Its place among all events of all rooms, from 1. */
  readonly id: number;
  /** Its place in the room, from 1, without holes; shown as `#12`. */
  readonly seq: number;
  /** When the server accepted it, milliseconds since 1970. */
  readonly at: number;
  /** The reactions to it so far, if there are any. Not stored with it. */
  readonly reactions?: readonly Reaction[];
}

const NUMBER = /^[1-9][0-9]{0,15}$/;

/**
 * The number of the earlier event of the room that an event is about: the one that a reply answers
 * (`reply` of its fields), and that a redaction, reaction or pin names (`of`).
 */
export function namedNumber(
  { kind, seq, fields }: Pick<RoomEvent, "kind" | "seq" | "fields">,
): number | undefined {
  if (fields === undefined) return undefined;
  const number = isMessage({ kind })
    ? fields.reply
    : NAMING_KINDS.has(kind) && typeof fields.of === "string" && NUMBER.test(fields.of)
    ? Number(fields.of)
    : undefined;
  // Only what was there can be meant: no later event may change because of it.
  return Number.isSafeInteger(number) && (number as number) > 0 && (number as number) < seq
    ? number as number
    : undefined;
}

const NAMING_KINDS: ReadonlySet<RoomEventKind> = new Set(
  ["redaction", "react", "unreact", "pin", "unpin"] as const,
);

/**
 * The room to which an event moves everybody; `undefined` if it moves nobody. Kept in the fields,
 * which only the server's own notices have, so that readers of the history know it, too.
 */
export function movedTo({ kind, fields }: Pick<Draft, "kind" | "fields">): string | undefined {
  const to = kind === "notice" ? fields?.movedTo : undefined;
  return typeof to === "string" ? to : undefined;
}

/**
 * The new spelling that an event gives the name of its room, from the next event on; `undefined` for
 * all other events. Kept in the fields, as {@linkcode movedTo}.
 */
export function respelledTo({ kind, fields }: Pick<Draft, "kind" | "fields">): string | undefined {
  const to = kind === "notice" ? fields?.respelled : undefined;
  return typeof to === "string" ? to : undefined;
}

/** The name that an event gives its room, or the room to which it moves everybody. */
export function newNameIn(event: Pick<Draft, "kind" | "fields">): string | undefined {
  return movedTo(event) ?? respelledTo(event);
}

/** Whether an event announces a move, in the old room or in the new one. */
export function tellsOfMove({ kind, fields }: Pick<Draft, "kind" | "fields">): boolean {
  return kind === "notice" && (fields?.movedTo ?? fields?.movedFrom) !== undefined;
}

/** Whether an event is no talk; see {@linkcode SILENT_KINDS}. */
export function isSilent({ kind }: Pick<Draft, "kind">): boolean {
  return (SILENT_KINDS as readonly RoomEventKind[]).includes(kind);
}

/** Whether an event is a message of a person, or an action (`/me`). */
export function isMessage({ kind }: Pick<Draft, "kind">): boolean {
  return kind === "message" || kind === "action";
}

/** Whether an event adds or removes a reaction. */
export function isReaction({ kind }: Pick<Draft, "kind">): boolean {
  return kind === "react" || kind === "unreact";
}

/** Whether an event is a join or a part. */
export function isArrivalOrDeparture({ kind }: Pick<Draft, "kind">): boolean {
  return kind === "join" || kind === "part";
}

/** Whether events are only joins and leaves, which can be delivered late. */
export function isComingAndGoing(events: readonly Pick<Draft, "kind">[]): boolean {
  return events.every(isArrivalOrDeparture);
}
