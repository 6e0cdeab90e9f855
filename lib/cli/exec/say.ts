/**
 * `ssh host say ROOM TEXT`: says something in a room without entering it.
 *
 * @module
 */

import type { ShellWord } from "../../codec/shell_words.ts";
import { DomainError } from "../../domain/domain_error.ts";
import { whyRefused } from "../../domain/log_error.ts";
import { parseRoomName } from "../../domain/name.ts";
import { excessSoFar } from "../../domain/text/block.ts";
import { groupDigits } from "../../domain/wording.ts";
import { nowCalled } from "../../service/chat/rooms/room_lists.ts";
import { post } from "../../service/chat/speech/post_messages.ts";
import { resolveOptions } from "../options/option.ts";
import { UsageError } from "../options/usage_error.ts";
import type { ExecCall, ExecCommand } from "./exec_command.ts";

const OPTIONS = [
  { name: "block", kind: "flag", doc: "say all of standard input as one message" },
] as const;

export const sayExec: ExecCommand = {
  name: "say",
  summary: "say something in a room; without TEXT, each line of standard input",
  usage: "say [--block] ROOM [TEXT]",
  options: OPTIONS,
  details: [
    'The text is said as it is: ssh HOST say ops "it\'s done; see #12"',
    "Lines that come fast from standard input are said at the speed of typing.",
    "With --block, standard input is one message: ssh HOST say --block ops < main.c",
  ],

  async run(args, call) {
    const options = resolveOptions(OPTIONS, { ...args, env: () => undefined });
    const [name, ...texts] = args.positionals;
    if (name === undefined) throw new UsageError("say needs a room");
    const room = parseRoomName(name);
    const current = call.sees.currentName(room);
    if (current !== room) call.environment.stderr(nowCalled(room, current));
    requireName(call);
    if (texts.length > 0) {
      await say(call, room, texts.join(" "));
      return 0;
    }
    if (options.block.value) return await sayBlock(call, room);
    let isComplete = true;
    for await (const line of untilStopped(call)) {
      if (call.session.isTooLong(line)) {
        isComplete = false;
        const { maxLineBytes } = call.session;
        call.environment.stderr(
          `A line of more than ${maxLineBytes} bytes was not said. Split it.`,
        );
      } else if (line.trim() !== "") {
        await say(call, room, line);
      }
    }
    return isComplete ? 0 : 1;
  },
};

/**
 * The words of `say` with everything after the room as one, just as it is written: a text has
 * apostrophes, and the shell at the other end has taken its quotes off already.
 */
export function wordsOfSay(line: string, words: readonly ShellWord[]): string[] {
  const [say, room, ...rest] = words;
  const texts = words.map(({ text }) => text);
  if (room === undefined || rest.length === 0 || room.text.startsWith("-")) return texts;
  const text = rest.length === 1 ? rest[0].text : line.slice(rest[0].start).trimEnd();
  return [say.text, room.text, "--", text];
}

/** Says standard input as one message. */
async function sayBlock(call: ExecCall, room: string): Promise<number> {
  const { session, program, chat: { blocks } } = call;
  const lines: string[] = [];
  let characters = 0;
  session.isInBlock = true;
  for await (const line of untilStopped(call)) {
    lines.push(line);
    characters += line.length;
    if (session.damage?.cutBytes) {
      throw new DomainError(
        "too-long",
        `A line has more than ${groupDigits(blocks.bytes)} bytes. Nothing was said.`,
      );
    }
    // A text that is too long is not read to its end.
    if (lines.length > blocks.lines || characters > blocks.bytes) {
      const excess = excessSoFar(lines, blocks);
      if (excess !== undefined) throw new DomainError("too-long", `${excess} Send it in parts.`);
    }
  }
  if (program.signal.aborted) return 1;
  await session.paceBlock(lines.length);
  await say(call, room, lines.join("\n"));
  return 0;
}

/** The lines of standard input, as long as nobody stops the command. */
async function* untilStopped({ session, program: { signal } }: ExecCall): AsyncGenerator<string> {
  const stopped = Promise.withResolvers<undefined>();
  const stop = () => stopped.resolve(undefined);
  signal.addEventListener("abort", stop, { once: true });
  const lines = session.lines[Symbol.asyncIterator]();
  while (!signal.aborted) {
    const result = await Promise.race([lines.next(), stopped.promise]);
    if (!result || result.done) break;
    yield result.value;
  }
  signal.removeEventListener("abort", stop);
}

/** A guest must not speak by the name of somebody in the chat. @throws {DomainError} */
function requireName({ chat: { people }, asker }: ExecCall): void {
  if (asker.account === undefined) people.check(asker.nickname);
}

/** @param asked The room, perhaps by a former name. */
async function say(call: ExecCall, asked: string, text: string): Promise<void> {
  const { chat, asker, sees, session } = call;
  if (text.trim() === "") throw new UsageError("say needs a text");
  const { transport: via, connection } = session.context;
  const bodies = [text.replace(/\r\n?/g, "\n")];
  try {
    await post(chat, asker, {
      room: sees.currentName(asked),
      kind: "message",
      bodies,
      via,
      origin: chat.firstOrigin + connection,
    });
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError(
      "unavailable",
      `Nothing was said. The server's ${whyRefused(error)}; try again later.`,
    );
  }
}
