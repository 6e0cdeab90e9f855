/**
 * `partyline tail`: prints the last events of a room, and follows it.
 *
 * @module
 */

import { systemClock } from "../../clock.ts";
import {
  FilterTally,
  findMatches,
  matchPages,
  type MatchReading,
} from "../../domain/history/read_matches.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import type { SearchQuery } from "../../domain/search/search_query.ts";
import { followRoom } from "../../store/sqlite/follow_room.ts";
import { LogReader } from "../../store/sqlite/log_reader.ts";
import { openLogToRead } from "../../store/sqlite/open_log.ts";
import { HistoryQueries } from "../../store/sqlite/reading/history_queries.ts";
import type { CommandBody } from "../command.ts";
import { onlyArgument } from "../options/flags.ts";
import { tellFormerNames } from "../reading/former_names.ts";
import { TextOutput } from "../reading/output.ts";
import {
  dataPaths,
  findRoom,
  READING_OPTIONS,
  readingOptions,
  roomNameOf,
} from "../reading/reading.ts";
import { LiveFilter, tailLine, tailQuery, tallyText } from "../reading/tail_filter.ts";
import { TAIL_OPTIONS } from "../reading/tail_options.ts";

/** Events read and written at a time. */
const PAGE_EVENTS = 4096;

/** Prints the last events of a room. */
export default {
  usage: "tail ROOM [OPTIONS]",
  options: [...TAIL_OPTIONS, ...READING_OPTIONS],

  async run(args, environment) {
    const name = roomNameOf(onlyArgument(args, "tail", "room"));
    const options = await readingOptions(TAIL_OPTIONS, args, environment);
    const path = dataPaths(options.data.value).databasePath;
    const output = new TextOutput((bytes) => environment.write(bytes));
    const query = tailQuery(options, systemClock.now());
    const tally = new FilterTally();
    const line = tailLine(options.json.value, environment.hasColour);
    const show = async (events: readonly RoomEvent[]) => {
      for (const event of events) output.push(line(event));
      await output.flush();
    };
    const { signal } = environment;
    const after = await showEnd(path, name, {
      count: options.lines.value,
      mayBeMissing: options.follow.value,
      query,
      tally,
      show,
      signal,
      stderr: environment.stderr,
    });
    if (options.follow.value) {
      const filter = query && new LiveFilter(query, tally);
      for await (const events of followRoom(path, name, { after, clock: systemClock, signal })) {
        await show(filter ? filter.pass(events) : events);
      }
    }
    if (query) environment.stderr(tallyText(tally));
    return 0;
  },
} satisfies CommandBody;

interface EndOptions {
  readonly count: number;
  /** Only these events. */
  readonly query: SearchQuery | undefined;
  readonly tally: FilterTally;
  /** Whether the room need not exist. */
  readonly mayBeMissing: boolean;
  readonly show: (events: readonly RoomEvent[]) => Promise<void>;
  readonly signal: AbortSignal;
  stderr(line: string): void;
}

/** Shows the last events, and returns the number of the last one. */
async function showEnd(
  path: string,
  name: string,
  { count, mayBeMissing, query, tally, show, signal, stderr }: EndOptions,
): Promise<number> {
  using log = openLogToRead(path);
  const reader = new LogReader(log);
  if (mayBeMissing && !reader.room(name)) return 0;
  const { id } = findRoom(reader, name);
  const last = reader.lastSeq(id);
  await tellFormerNames(log, [name], { stderr });
  if (query) {
    const queries = new HistoryQueries(log);
    const matches: MatchReading["history"]["matches"] = (...args) =>
      Promise.resolve(queries.matches(...args));
    const reading = { history: { matches }, room: name, query, limit: PAGE_EVENTS, signal };
    const range = await findMatches(reading, { before: last + 1, count });
    for await (const page of matchPages(reading, range)) {
      tally.add(page);
      await show(page.events);
    }
    return last;
  }
  for (let first = Math.max(1, last - count + 1); first <= last; first += PAGE_EVENTS) {
    await show(reader.range(id, first, Math.min(last, first + PAGE_EVENTS - 1)));
    if (signal.aborted) break;
  }
  return last;
}
