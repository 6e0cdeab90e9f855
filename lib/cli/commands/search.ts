/**
 * `partyline search`: searches the log, newest first.
 *
 * @module
 */

import { systemClock } from "../../clock.ts";
import { nameKey } from "../../domain/name.ts";
import { phrasesOf } from "../../domain/search/event_matcher.ts";
import { parseQuery, withoutSilent } from "../../domain/search/parse_query.ts";
import type { SearchCondition, SearchQuery } from "../../domain/search/search_query.ts";
import { WHOLE_LOG } from "../../domain/search/search_scope.ts";
import { openLogToRead } from "../../store/sqlite/open_log.ts";
import { SearchFiles } from "../../store/sqlite/search/search_files.ts";
import { hitOf, stopNote } from "../../store/sqlite/search/search_page.ts";
import type { CommandBody } from "../command.ts";
import type { ResolvedOptions } from "../options/option.ts";
import { UsageError } from "../options/usage_error.ts";
import { tellFormerNames } from "../reading/former_names.ts";
import { hitJson, hitText } from "../reading/hit_output.ts";
import { TextOutput } from "../reading/output.ts";
import {
  dataPaths,
  momentOf,
  READING_OPTIONS,
  readingOptions,
  roomNameOf,
} from "../reading/reading.ts";
import { DEFAULT_HITS, SEARCH_OPTIONS } from "../reading/search_options.ts";

const OPTIONS = [
  ...SEARCH_OPTIONS,
  {
    name: "timeout",
    kind: "integer",
    value: "SECONDS",
    min: 0,
    max: 86_400,
    default: 2,
    doc: "stop after this time with the matches so far; 0 for never",
  },
] as const;

/** Searches the log. */
export default {
  usage: "search QUERY [OPTIONS]",
  options: [...OPTIONS, ...READING_OPTIONS],

  async run({ positionals, flags }, environment) {
    const options = await readingOptions(OPTIONS, { flags }, environment);
    const { clock = systemClock } = environment;
    const query = queryOf(positionals.join(" "), options, clock.now());
    const { databasePath, indexPath } = dataPaths(options.data.value);
    {
      using log = openLogToRead(databasePath);
      await tellFormerNames(log, roomsIn(query), environment);
    }
    using files = new SearchFiles({ log: databasePath, index: indexPath });
    const output = new TextOutput((bytes) => environment.write(bytes));
    const timeLimitMs = options.timeout.value === 0 ? Infinity : options.timeout.value * 1000;
    const search = files.searcher.search(query, {
      scope: WHOLE_LOG,
      timeLimitMs,
      monotonic: () => clock.monotonic(),
    });
    const phrases = phrasesOf(query);
    const limit = options.limit.value || Infinity;
    const context = options.context.value;
    let count = 0;
    for (; count < limit && !environment.signal.aborted; count++) {
      const { done, value } = search.next();
      if (done) {
        if (value.stoppedAt === undefined) {
          if (count === 0) environment.stderr("No matches");
          return 0;
        }
        environment.stderr(
          `${stopNote(timeLimitMs, value.time)} Use --timeout 0 to search everything.`,
        );
        return 1;
      }
      const hit = hitOf(files.reader, value, phrases, context);
      if (context > 0 && count > 0 && !options.json.value) output.push("--\n");
      output.push(
        options.json.value ? hitJson(hit, context > 0) : hitText(hit, environment.hasColour),
      );
      await output.flush();
    }
    search.return({});
    if (limit === DEFAULT_HITS && count === limit) {
      environment.stderr(`Showing the newest ${limit}; use --limit 0 for all.`);
    }
    return 0;
  },
} satisfies CommandBody;

/** The rooms that a query names. */
function roomsIn({ conditions }: SearchQuery): string[] {
  return conditions.flatMap((condition) => {
    if (condition.type !== "in" || condition.isNegated) return [];
    return condition.names.flatMap(({ key, isPrefix }) => isPrefix ? [] : [key]);
  });
}

/** Combines the query with the conditions from options, whose values are not parsed as a query. */
function queryOf(
  text: string,
  options: ResolvedOptions<typeof OPTIONS>,
  now: number,
): SearchQuery {
  const conditions: SearchCondition[] = [];
  const add = (condition: SearchCondition) => void conditions.push(condition);
  const named = (name: string) => [{ key: nameKey(name), isPrefix: false }];
  const { room, from } = options;
  if (room.value !== undefined) {
    add({ type: "in", names: named(roomNameOf(room.value)), isNegated: false });
  }
  if (from.value !== undefined) add({ type: "from", names: named(from.value), isNegated: false });
  const since = momentOf(options.since, now);
  if (since !== undefined) add({ type: "after", at: since, isNegated: false });
  const until = momentOf(options.until, now);
  if (until !== undefined) add({ type: "before", at: until, isNegated: false });
  try {
    if (text.trim() === "" && conditions.length > 0) {
      return { conditions: withoutSilent(conditions) };
    }
    return { conditions: [...parseQuery(text, now).conditions, ...conditions] };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
