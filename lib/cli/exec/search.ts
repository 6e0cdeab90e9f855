/**
 * `ssh host search QUERY`: searches the rooms that one may read, newest first.
 *
 * @module
 */

import type { ShellWord } from "../../codec/shell_words.ts";
import { DomainError } from "../../domain/domain_error.ts";
import { parseRoomName } from "../../domain/name.ts";
import { parseQuery } from "../../domain/search/parse_query.ts";
import { type ResolvedOptions, resolveOptions } from "../options/option.ts";
import { UsageError } from "../options/usage_error.ts";
import { hitJson, hitText } from "../reading/hit_output.ts";
import { momentOf } from "../reading/reading.ts";
import { DEFAULT_HITS, SEARCH_OPTIONS } from "../reading/search_options.ts";
import { type ExecCommand, write } from "./exec_command.ts";

/** Hits asked for at a time, and events shown around each. */
const PAGE_HITS = 50;
const MOST_CONTEXT = 10;

export const searchExec: ExecCommand = {
  name: "search",
  summary: "search all rooms, newest first",
  usage: "search QUERY [OPTIONS]",
  options: SEARCH_OPTIONS,

  async run(args, call) {
    const options = resolveOptions(SEARCH_OPTIONS, { ...args, env: () => undefined });
    const { sees, session, environment, clock } = call;
    const { search } = sees;
    if (!search) throw new DomainError("unavailable", "Search is not available on this server.");
    const query = queryOf(args.positionals.join(" "), options, clock.now());
    const context = Math.min(options.context.value, MOST_CONTEXT);
    const most = options.limit.value || Infinity;
    let count = 0;
    let before: number | undefined;
    do {
      await session.turn();
      const limit = Math.min(PAGE_HITS, most - count);
      const { hits, next, note } = await search({ query, before, limit, context });
      for (const hit of hits) {
        const rule = context > 0 && count > 0 && !options.json.value ? "--\n" : "";
        const text = options.json.value ? hitJson(hit, context > 0) : hitText(hit, false);
        await write(call, rule + text);
        count++;
      }
      if (note) {
        environment.stderr(note);
        return 1;
      }
      before = next;
    } while (before !== undefined && count < most && !environment.signal.aborted);
    if (count === 0) environment.stderr("No matches");
    if (before !== undefined && most === DEFAULT_HITS) {
      environment.stderr(`Showing the newest ${most}; use --limit 0 for all.`);
    }
    return 0;
  },
};

/**
 * The words of `search` with what is in double quotes still in them: there it is a phrase, unless it
 * is the value of an option.
 */
export function wordsOfSearch(line: string, words: readonly ShellWord[]): string[] {
  return words.map(({ text, start }, index) =>
    line[start] === '"' && !/^--?[a-zA-Z]+$/.test(words[index - 1]?.text ?? "") ? `"${text}"` : text
  );
}

/** The query with the conditions of the options. @throws {UsageError} as on the command line. */
function queryOf(
  text: string,
  { room, from, since, until }: ResolvedOptions<typeof SEARCH_OPTIONS>,
  now: number,
): string {
  const parts = [text.trim()];
  if (room.value !== undefined) {
    // A conversation is in:@bob.
    parts.push(`in:"${room.value.startsWith("@") ? room.value : parseRoomName(room.value)}"`);
  }
  if (from.value !== undefined) parts.push(`from:"${from.value.replaceAll('"', "")}"`);
  const [start, end] = [momentOf(since, now), momentOf(until, now)];
  if (start !== undefined) parts.push(`after:${new Date(start).toISOString()}`);
  if (end !== undefined) parts.push(`before:${new Date(end).toISOString()}`);
  const query = parts.join(" ").trim();
  try {
    parseQuery(query, now);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  return query;
}
