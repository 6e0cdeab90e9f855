/**
 * `partyline export`: writes the log, the same bytes for the same log.
 *
 * @module
 */

import type { RoomEvent } from "../../domain/room_event.ts";
import { EVENT_FORMATS, type EventFormat } from "../../service/chat/text/event_format.ts";
import { LogReader, type RunRange } from "../../store/sqlite/log_reader.ts";
import { openLogToRead } from "../../store/sqlite/open_log.ts";
import type { CommandBody } from "../command.ts";
import { refuseSurplus } from "../options/flags.ts";
import { FORMAT_OPTION } from "../reading/format_option.ts";
import { tellFormerNames } from "../reading/former_names.ts";
import { isSpecialFile, refuseExisting, TextOutput, writeNewFile } from "../reading/output.ts";
import {
  dataPaths,
  findRoom,
  momentOf,
  READING_OPTIONS,
  readingOptions,
  ROOM_OPTION,
  roomNameOf,
  SINCE_OPTION,
  UNTIL_OPTION,
} from "../reading/reading.ts";

/** Events in a page, roughly, and the most runs in one. */
const PAGE_EVENTS = 2048;
const MAX_RUNS = 512;

const OPTIONS = [
  ROOM_OPTION,
  SINCE_OPTION,
  UNTIL_OPTION,
  FORMAT_OPTION,
  {
    name: "output",
    short: "o",
    kind: "string",
    value: "FILE",
    doc: "write to FILE instead of standard output; it appears once it is complete",
  },
  { name: "force", kind: "flag", doc: "replace the file of --output if it exists" },
] as const;

/** Writes the log in a format for other programs. */
export default {
  usage: "export [OPTIONS]",
  options: [...OPTIONS, ...READING_OPTIONS],

  async run(args, environment) {
    refuseSurplus(args, 0, "export takes options only");
    const options = await readingOptions(OPTIONS, args, environment);
    const now = Date.now();
    const times = { since: momentOf(options.since, now), until: momentOf(options.until, now) };
    const file = options.output.value;
    if (file !== undefined && !options.force.value && !isSpecialFile(file)) {
      refuseExisting(file, `${file} already exists. Add --force to replace it.`);
    }
    using log = openLogToRead(dataPaths(options.data.value).databasePath);
    const reader = new LogReader(log);
    const room = options.room.value;
    if (room !== undefined) await tellFormerNames(log, [roomNameOf(room)], environment);
    const range: RunRange = {
      ...times,
      room: room === undefined ? undefined : findRoom(reader, room).id,
      // Events that arrive from now on are left out, or a busy server would never finish.
      before: reader.lastRun() + 1,
    };
    const format = EVENT_FORMATS[options.format.value];
    const write = (take: (bytes: Uint8Array) => Promise<void>) =>
      writeEvents(new TextOutput(take), format, pagesOf(reader, range), environment.signal);
    if (file === undefined) await write((bytes) => environment.write(bytes));
    else await writeNewFile(file, write);
    return 0;
  },
} satisfies CommandBody;

async function writeEvents(
  output: TextOutput,
  format: EventFormat,
  pages: Iterable<RoomEvent[]>,
  signal: AbortSignal,
): Promise<void> {
  output.push(format.header);
  for (const page of pages) {
    for (const event of page) output.push(format.line(event));
    await output.flush();
    if (signal.aborted) throw new Error("stopped before everything was written");
  }
  await output.flush();
}

/** Reads page by page, so that memory stays flat and no transaction stays open for long. */
function* pagesOf(reader: LogReader, range: RunRange): Generator<RoomEvent[]> {
  let { after } = range;
  for (let limit = 1;;) {
    const runs = reader.firstRuns({ ...range, after }, limit);
    if (runs.length === 0) return;
    const events = runs.flat();
    yield events;
    after = runs[runs.length - 1][0].id;
    limit = Math.min(Math.ceil(limit * PAGE_EVENTS / events.length), limit * 2, MAX_RUNS);
  }
}
