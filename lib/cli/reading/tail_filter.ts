/**
 * What `tail` shows of a room: which events, and how each is written.
 *
 * @module
 */

import { DomainError } from "../../domain/domain_error.ts";
import type { FilterTally } from "../../domain/history/read_matches.ts";
import { isSilent, type RoomEvent } from "../../domain/room_event.ts";
import { EventMatcher } from "../../domain/search/event_matcher.ts";
import { parseLogQuery } from "../../domain/search/log_query.ts";
import { type LogFilterOptions, textOfOptions } from "../../domain/search/log_query_text.ts";
import type { SearchQuery } from "../../domain/search/search_query.ts";
import { countText, groupDigits } from "../../domain/wording.ts";
import { colouredLine } from "../../service/chat/text/coloured_line.ts";
import { EVENT_FORMATS } from "../../service/chat/text/event_format.ts";
import type { ResolvedOptions } from "../options/option.ts";
import { UsageError } from "../options/usage_error.ts";
import type { TAIL_OPTIONS } from "./tail_options.ts";

type TailOptions = ResolvedOptions<typeof TAIL_OPTIONS>;

/** Parses the filter options; `undefined` without any. @throws {UsageError} if one is malformed. */
export function tailQuery(
  { level, source, grep }: Pick<TailOptions, "level" | "source" | "grep">,
  now: number,
): SearchQuery | undefined {
  const options: LogFilterOptions = { level: level.value, source: source.value, words: grep.value };
  try {
    return parseLogQuery(textOfOptions(options), now);
  } catch (error) {
    if (error instanceof DomainError) throw new UsageError(error.message);
    throw error;
  }
}

/** Filters what is followed, in a process that has nothing else to do. */
export class LiveFilter {
  readonly #matcher: EventMatcher;
  readonly #tally: FilterTally;

  constructor(query: SearchQuery, tally: FilterTally) {
    this.#matcher = new EventMatcher(query);
    this.#tally = tally;
  }

  pass(all: readonly RoomEvent[]): readonly RoomEvent[] {
    const events = all.filter((event) =>
      this.#matcher.admits(event) && this.#matcher.matches(event)
    );
    const others = all.filter((event) => !isSilent(event)).length;
    this.#tally.add({ events, lines: 0, others });
    return events;
  }
}

/** Writes an event with its line end. */
export function tailLine(isJson: boolean, hasColour: boolean): (event: RoomEvent) => string {
  if (isJson) return EVENT_FORMATS.jsonl.line;
  return hasColour ? (event) => `${colouredLine(event)}\n` : EVENT_FORMATS.text.line;
}

/** What to say about a filter in the end. */
export function tallyText({ shown, hidden }: FilterTally): string {
  return `Filtered out ${groupDigits(hidden)} of ${countText(shown + hidden, "event")}`;
}
