/**
 * `ssh host history ROOM`: what was said last in a room.
 *
 * @module
 */

import { terminalText } from "../../codec/terminal_text.ts";
import { findTalk, talkPages } from "../../domain/history/read_talk.ts";
import { EVENT_FORMATS } from "../../service/chat/text/event_format.ts";
import { numberedEventRows } from "../../service/chat/text/event_text.ts";
import { refuseSurplus } from "../options/flags.ts";
import { resolveOptions } from "../options/option.ts";
import { UsageError } from "../options/usage_error.ts";
import { type ExecCommand, readableRoom, write } from "./exec_command.ts";

const DEFAULT_COUNT = 20;
const MAX_COUNT = 10_000;
const PAGE_EVENTS = 100;

const OPTIONS = [{ name: "json", kind: "flag", doc: "print JSON Lines" }] as const;

export const historyExec: ExecCommand = {
  name: "history",
  summary: "print what was said last in a room, without joins and leaves",
  usage: "history ROOM [N] [OPTIONS]",
  options: OPTIONS,

  async run(args, call) {
    const [name, count = `${DEFAULT_COUNT}`] = args.positionals;
    if (name === undefined) throw new UsageError("history needs a room");
    refuseSurplus(args, 2, "history takes a room and a number of lines");
    if (!/^\d{1,5}$/.test(count) || Number(count) > MAX_COUNT) {
      throw new UsageError(
        `Cannot parse ${JSON.stringify(count)}: use a whole number up to ${MAX_COUNT}`,
      );
    }
    const options = resolveOptions(OPTIONS, { ...args, env: () => undefined });
    const { sees, program: { signal } } = call;
    const { name: room, lastSeq } = await readableRoom(call, name);
    const last = { before: lastSeq + 1, count: Number(count), signal };
    const range = await findTalk(sees, room, last);
    for await (const page of talkPages(sees, room, range, PAGE_EVENTS, signal)) {
      const lines = page.map((event) =>
        options.json.value
          ? EVENT_FORMATS.jsonl.line(event)
          : numberedEventRows(event).map((row) => `${terminalText(row)}\n`).join("")
      );
      await write(call, lines.join(""));
    }
    return 0;
  },
};
