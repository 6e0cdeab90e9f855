/**
 * Reads parts of a history in the reading threads, a bounded piece at a time.
 *
 * @module
 */

import type { PermittedRooms } from "../../../domain/archive/permitted_rooms.ts";
import type { RangeEnd, SeqRange } from "../../../domain/history/room_history.ts";
import { tombstoneOf } from "../../../domain/redaction.ts";
import { isReaction, type RoomEvent } from "../../../domain/room_event.ts";
import { isUnkept } from "../../../domain/unlogged.ts";

/** Characters of text in an answer, beyond its first event. */
const MOST_CHARACTERS = 256 * 1024;
/** Events of all kinds read at a time. */
const PAGE_EVENTS = 100;

/** The part of a history to read. */
export interface HistoryPart {
  readonly room: string;
  readonly range: SeqRange;
  /** The end of the range to begin at. */
  readonly end: RangeEnd;
  /** Most events. */
  readonly limit: number;
  /** Whether everything that happened is wanted, rather than what was said. */
  readonly hasEvents: boolean;
  /** Awaited before each piece; `false` ends it. */
  turn(): Promise<boolean>;
}

/** The events at one end of a range, in order. There are fewer if their texts are long. */
export async function readHistoryPart(
  history: PermittedRooms,
  part: HistoryPart,
): Promise<RoomEvent[]> {
  const isForward = part.end === "first";
  const found: RoomEvent[] = [];
  let { after, before } = part.range;
  let characters = 0;
  while (found.length < part.limit && after < before - 1 && await part.turn()) {
    const piece = await readPiece(history, part, { after, before }, part.limit - found.length);
    const wanted = piece.events.filter((event) => isWanted(event, part.hasEvents));
    if (!isForward) wanted.reverse();
    for (const event of wanted) {
      characters += event.body.length;
      if (found.length > 0 && characters > MOST_CHARACTERS) return inOrder(found, isForward);
      if (found.push(event) === part.limit) break;
    }
    if (isForward) after = piece.before - 1;
    else before = piece.after + 1;
  }
  return inOrder(found, isForward);
}

/** Whether an event is part of what was said, as far as clients have words for it. */
export function isShownAsTalk(event: RoomEvent): boolean {
  const { kind } = event;
  const isOther = kind === "join" || kind === "part" || kind === "nick" || kind === "topic" ||
    kind === "redaction" || isReaction(event);
  return !isOther && !isUnkept(event);
}

/** What has been redacted is not there any more. */
function isWanted(event: RoomEvent, hasEvents: boolean): boolean {
  return (hasEvents || isShownAsTalk(event)) && !tombstoneOf(event);
}

function inOrder(found: RoomEvent[], isForward: boolean): RoomEvent[] {
  return isForward ? found : found.reverse();
}

/** Reads from one end of a range; returns how far it went. */
async function readPiece(
  history: PermittedRooms,
  { room, end, hasEvents }: HistoryPart,
  range: SeqRange,
  limit: number,
): Promise<SeqRange & { readonly events: readonly RoomEvent[] }> {
  if (!hasEvents) return await history.talk(room, range, limit, end);
  const { after, before } = range;
  const most = Math.min(limit, PAGE_EVENTS);
  if (end === "first") {
    const events = await readBetween(history, room, range, most);
    return {
      after,
      before: events.length > 0 ? events[events.length - 1].seq + 1 : before,
      events,
    };
  }
  // Numbers have no holes: as many numbers are as many events, unless retention removed them.
  const from = Math.max(after, before - 1 - most);
  const events: RoomEvent[] = [];
  for (let at = from; at < before - 1;) {
    const page = await readBetween(history, room, { after: at, before }, before - 1 - at);
    if (page.length === 0) break;
    events.push(...page);
    at = page[page.length - 1].seq;
  }
  return { after: events.length > 0 ? from : after, before, events };
}

async function readBetween(
  history: PermittedRooms,
  room: string,
  { after, before }: SeqRange,
  limit: number,
): Promise<RoomEvent[]> {
  const events = await history.read(room, after, Math.min(limit, PAGE_EVENTS));
  return events.filter(({ seq }) => seq < before);
}
