/**
 * How clients name a place in the history of a room: `msgid=lobby#12`, `timestamp=2026-11-21T…Z`, or
 * `*` for its end.
 *
 * @module
 */

/** A place in a history. */
export type HistorySelector =
  | { readonly type: "end" }
  | { readonly type: "time"; readonly at: number }
  | { readonly type: "event"; readonly room: string; readonly seq: number };

/** What to do about a selector that names no place. */
export type BadSelector = "unknown type" | "malformed";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;
const MSGID = /^(.+)#([1-9]\d{0,14})$/;

/** Parses a selector. */
export function parseSelector(text: string): HistorySelector | BadSelector {
  if (text === "*") return { type: "end" };
  const [, type, value] = /^([^=]*)=(.*)$/.exec(text) ?? [];
  if (type === "timestamp") {
    const at = parseServerTime(value);
    return at === undefined ? "malformed" : { type: "time", at };
  }
  if (type !== "msgid") return type === undefined ? "malformed" : "unknown type";
  const event = parseMsgid(value);
  return event ? { type: "event", ...event } : "malformed";
}

/** A time as in the tag `time`, in milliseconds since 1970; `undefined` if it is none. */
export function parseServerTime(text: string): number | undefined {
  const at = TIME.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** The event that a message id names; `undefined` if the id is none of an event's. */
export function parseMsgid(
  text: string,
): { readonly room: string; readonly seq: number } | undefined {
  const [, room, seq] = MSGID.exec(text) ?? [];
  return room === undefined ? undefined : { room, seq: Number(seq) };
}
