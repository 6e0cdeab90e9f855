/**
 * `ssh host tail ROOM`: the last events of a room, and those to come.
 *
 * @module
 */

import { FilterTally, findMatches, matchPages } from "../../domain/history/read_matches.ts";
import type { Matches, SeqRange } from "../../domain/history/room_history.ts";
import type { SearchQuery } from "../../domain/search/search_query.ts";
import { encodedPieces } from "../../service/chat/text/encoded_pieces.ts";
import { onlyArgument } from "../options/flags.ts";
import { type ResolvedOptions, resolveOptions } from "../options/option.ts";
import { tailLine, tailQuery, tallyText } from "../reading/tail_filter.ts";
import { TAIL_OPTIONS } from "../reading/tail_options.ts";
import { type ExecCall, type ExecCommand, readableRoom, write } from "./exec_command.ts";
import { followMatchesLive } from "./follow_matches_live.ts";
import { followRoomLive } from "./follow_room_live.ts";

/** Events read at a time through a filter. */
const PAGE_EVENTS = 200;

type Options = ResolvedOptions<typeof TAIL_OPTIONS>;

export const tailExec: ExecCommand = {
  name: "tail",
  summary: "print the last events of a room, and follow it",
  usage: "tail ROOM [OPTIONS]",
  options: TAIL_OPTIONS,

  async run(args, call) {
    const name = onlyArgument(args, "tail", "room");
    const options = resolveOptions(TAIL_OPTIONS, { ...args, env: () => undefined });
    const query = tailQuery(options, call.clock.now());
    const { sees } = call;
    // A room that is followed need not exist.
    const known = await sees.room(sees.parseName(name));
    const room = known || !options.follow.value
      ? await readableRoom(call, name)
      : { name: sees.parseName(name), lastSeq: 0 };
    await (query ? tailMatches(call, room, options, query) : tailAll(call, room, options));
    return 0;
  },
};

interface Known {
  readonly name: string;
  readonly lastSeq: number;
}

async function tailAll(call: ExecCall, { name, lastSeq }: Known, options: Options): Promise<void> {
  const { program: { signal, hasColour } } = call;
  const isJson = options.json.value;
  const line = tailLine(isJson, hasColour);
  const range = { after: Math.max(0, lastSeq - options.lines.value), before: lastSeq + 1 };
  const pieces = hasColour && !isJson
    ? colouredPieces(call, name, range)
    : encodedPieces(call.sees, name, range, isJson ? "jsonl" : "text", false);
  for await (const piece of pieces) {
    await write(call, piece);
    if (signal.aborted) return;
  }
  if (options.follow.value) await followRoomLive(call, name, lastSeq, line);
}

/** A range in lines with colours, which the threads that read the log do not write. */
async function* colouredPieces(
  { sees, session }: ExecCall,
  room: string,
  { after, before }: SeqRange,
): AsyncGenerator<string> {
  for (let start = after; start < before - 1;) {
    await session.turn();
    const page = await sees.read(room, start, Math.min(PAGE_EVENTS, before - 1 - start));
    if (page.length === 0) return;
    yield page.filter(({ seq }) => seq < before).map(tailLine(false, true)).join("");
    start = page[page.length - 1].seq;
  }
}

async function tailMatches(
  call: ExecCall,
  { name, lastSeq }: Known,
  options: Options,
  query: SearchQuery,
): Promise<void> {
  const { sees, session, program: { signal, hasColour }, environment } = call;
  const line = tailLine(options.json.value, hasColour);
  const tally = new FilterTally();
  const show = async (page: Matches) => {
    tally.add(page);
    if (page.events.length > 0) await write(call, page.events.map(line).join(""));
  };
  const turn = () => session.turn();
  const reading = { history: sees, room: name, query, limit: PAGE_EVENTS, turn, signal };
  const range = await findMatches(reading, { before: lastSeq + 1, count: options.lines.value });
  for await (const page of matchPages(reading, range)) await show(page);
  if (options.follow.value) await followMatchesLive(call, reading, lastSeq, show);
  environment.stderr(tallyText(tally));
}
