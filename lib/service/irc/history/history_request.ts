/**
 * The parameters of `CHATHISTORY` (IRCv3 draft/chathistory) as the part of a history that they ask
 * for.
 *
 * @module
 */

import type { PermittedRooms } from "../../../domain/archive/permitted_rooms.ts";
import type { RangeEnd, SeqRange } from "../../../domain/history/room_history.ts";
import { nameKey } from "../../../domain/name.ts";
import { type HistorySelector, parseSelector } from "./history_selector.ts";

/** Most events of one answer, as announced in 005. */
export const MOST_HISTORY_EVENTS = 500;

/** What has selectors, and how many. */
const SELECTORS: Readonly<Record<string, number>> = {
  LATEST: 1,
  BEFORE: 1,
  AFTER: 1,
  AROUND: 1,
  BETWEEN: 2,
  TARGETS: 2,
};

export interface ChatHistoryRequest {
  readonly subcommand: string;
  /** A channel or a nickname; `""` for `TARGETS`. */
  readonly target: string;
  readonly selectors: readonly HistorySelector[];
  readonly limit: number;
}

/** Why a request is refused: a code of IRCv3, the parameter it is about, and a sentence. */
export class BadRequest extends Error {
  readonly code: string;
  readonly context: readonly string[];

  constructor(code: string, context: readonly string[], sentence: string) {
    super(sentence);
    this.code = code;
    this.context = context;
  }
}

/** Parses the parameters. @throws {BadRequest} */
export function parseHistoryRequest(params: readonly string[]): ChatHistoryRequest {
  const subcommand = params[0].toUpperCase();
  const count = Object.hasOwn(SELECTORS, subcommand) ? SELECTORS[subcommand] : undefined;
  if (count === undefined) {
    throw new BadRequest(
      "INVALID_PARAMS",
      [params[0] || "*"],
      `Unknown command. Use ${Object.keys(SELECTORS).join(", ")}.`,
    );
  }
  const hasTarget = subcommand !== "TARGETS";
  const [target, ...rest] = hasTarget ? params.slice(1) : ["", ...params.slice(1)];
  if (target === undefined || rest.length < count + 1) {
    throw new BadRequest(
      "INVALID_PARAMS",
      [subcommand],
      "Not enough parameters. HELP CHATHISTORY tells what it takes.",
    );
  }
  const isAllowed = (selector: HistorySelector) =>
    subcommand === "TARGETS"
      ? selector.type === "time"
      : selector.type !== "end" || subcommand === "LATEST";
  const selectors = rest.slice(0, count).map((text) => {
    const selector = parseSelector(text);
    if (selector === "unknown type") {
      const context = hasTarget ? [subcommand, target] : [subcommand];
      throw new BadRequest("INVALID_MSGREFTYPE", context, "Use msgid=ID or timestamp=TIME.");
    }
    if (selector === "malformed" || !isAllowed(selector)) throw notAPlace(subcommand, text);
    return selector;
  });
  return { subcommand, target, selectors, limit: parseLimit(subcommand, rest[count]) };
}

function parseLimit(subcommand: string, text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0) {
    throw new BadRequest(
      "INVALID_PARAMS",
      [subcommand, text || "*"],
      `The limit must be a number from 1 to ${MOST_HISTORY_EVENTS}.`,
    );
  }
  return Math.min(Number(text), MOST_HISTORY_EVENTS);
}

function notAPlace(subcommand: string, text: string): BadRequest {
  return new BadRequest(
    "INVALID_PARAMS",
    [subcommand, text || "*"],
    "That is not in this history. Use msgid=ID or timestamp=YYYY-MM-DDThh:mm:ss.sssZ.",
  );
}

/** A range, and the end of it that is asked for. */
export interface AskedRange {
  readonly range: SeqRange;
  readonly end: RangeEnd;
  readonly limit: number;
}

/**
 * Finds the events that a request asks for, in order; of `AROUND`, those before the place and those
 * from it on.
 *
 * @param lastSeq The number of the last event.
 * @throws {BadRequest}
 */
export async function findRanges(
  history: PermittedRooms,
  room: string,
  { subcommand, selectors, limit }: ChatHistoryRequest,
  lastSeq: number,
): Promise<AskedRange[]> {
  const end = lastSeq + 1;
  /** The number of the first event that is not before the place, or that is after it. */
  const find = async (selector: HistorySelector, isAfter: boolean): Promise<number> => {
    if (selector.type === "end") return isAfter ? 1 : end;
    if (selector.type === "time") {
      const seq = await history.findTime(room, selector.at + (isAfter ? 1 : 0));
      return Math.min(seq, end);
    }
    if (nameKey(selector.room) !== nameKey(room)) {
      throw notAPlace(subcommand, `msgid=${selector.room}#${selector.seq}`);
    }
    return Math.min(selector.seq + (isAfter ? 1 : 0), end);
  };
  const [first, second] = selectors;
  switch (subcommand) {
    case "BEFORE":
      return [{ range: { after: 0, before: await find(first, false) }, end: "last", limit }];
    case "AFTER":
      return [{ range: { after: await find(first, true) - 1, before: end }, end: "first", limit }];
    case "LATEST":
      return [{ range: { after: await find(first, true) - 1, before: end }, end: "last", limit }];
    case "AROUND": {
      const at = await find(first, false);
      const earlier = limit >> 1;
      const later = { after: at - 1, before: end };
      return [
        { range: { after: 0, before: at }, end: "last", limit: earlier },
        { range: later, end: "first", limit: limit - earlier },
      ];
    }
    default: {
      // From the first place towards the second, in whichever direction that is.
      const [one, other] = [await find(first, true), await find(second, true)];
      if (one <= other) {
        return [{
          range: { after: one - 1, before: await find(second, false) },
          end: "first",
          limit,
        }];
      }
      return [{
        range: { after: other - 1, before: await find(first, false) },
        end: "last",
        limit,
      }];
    }
  }
}
