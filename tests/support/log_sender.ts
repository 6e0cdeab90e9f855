/**
 * A program that sends numbered lines to a logger and, after being killed and restarted, resumes from
 * its last acknowledgement. It saves every acknowledgement in a file before it prints it, and prints
 * `done` at the end.
 *
 * @module
 */

import { TextLineStream } from "@std/streams/text-line-stream";

/** The program's only argument, as JSON. */
export interface LogSenderTask {
  readonly name: string;
  readonly lines: number;
  /** Lines between two acknowledgements. */
  readonly ackEvery: number;
  /** A file with the logger's current address: `Deno.ConnectOptions` or its `unix` kind, as JSON. */
  readonly addressFile: string;
  readonly stateFile: string;
}

/** The progress saved in the file. */
interface State {
  /** The event number after which unacknowledged lines are stored. */
  readonly seq: number;
  /** Lines acknowledged. */
  readonly lines: number;
}

/** Line `number`, of varying length. */
export function lineOf(name: string, number: number): string {
  return `${name} ${number} ${"x".repeat((number * 7919) % 150)}`;
}

/** Delay before it tries again after a failure. */
const PAUSE_MS = 20;
const LINES_AT_ONCE = 50;

if (import.meta.main) await run(JSON.parse(Deno.args[0]));

async function run(task: LogSenderTask): Promise<void> {
  let state = load(task.stateFile);
  while (state?.lines !== task.lines) {
    try {
      const address = JSON.parse(Deno.readTextFileSync(task.addressFile));
      using connection = await Deno.connect(address);
      state = await talk(connection, task, state);
    } catch (error) {
      if ((error as Error).message.startsWith("Expected")) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    state = load(task.stateFile);
  }
  console.log("done");
}

/** Sends the remaining lines until the end, or until the connection breaks. */
async function talk(connection: Deno.Conn, task: LogSenderTask, state: State | undefined) {
  const { name, lines, ackEvery, stateFile } = task;
  const resume = state ? `@resume #${state.seq}` : "@resume";
  await write(connection, `@${name}\n${resume}\n@ack ${ackEvery}\n`);
  const before = state?.lines ?? 0;
  let isAlive = true;
  let sending: Promise<void> | undefined;
  const text = connection.readable.pipeThrough(new TextDecoderStream());
  for await (const line of text.pipeThrough(new TextLineStream())) {
    const [, word, seq] = /^(resume|ack|stored) (?:#|\d+ lines? as #\d+-#)(\d+)/.exec(line) ?? [];
    if (word === undefined) continue;
    // The receipt covers all remaining lines, and comes after our side has ended.
    const rest = `stored ${lines - before} line`;
    if (word === "stored" && !line.startsWith(rest)) throw new Error(`Expected ${rest}: ${line}`);
    const known = state?.lines ?? 0;
    const got = word === "ack" ? known + ackEvery : word === "stored" ? lines : known;
    state = { seq: Number(seq), lines: got };
    save(stateFile, state);
    if (word !== "resume") console.log(state.lines);
    if (word === "stored") break;
    sending ??= send(connection, name, state.lines, lines, () => isAlive).catch(() => {});
  }
  isAlive = false;
  await sending;
  return state;
}

async function send(
  connection: Deno.Conn,
  name: string,
  from: number,
  to: number,
  isWanted: () => boolean,
): Promise<void> {
  for (let start = from; start < to; start += LINES_AT_ONCE) {
    if (!isWanted()) return;
    let text = "";
    for (let number = start; number < Math.min(to, start + LINES_AT_ONCE); number++) {
      text += `${lineOf(name, number + 1)}\n`;
    }
    await write(connection, text);
  }
  await connection.closeWrite();
}

async function write(connection: Deno.Conn, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

function load(file: string): State | undefined {
  try {
    return JSON.parse(Deno.readTextFileSync(file));
  } catch {
    return undefined;
  }
}

/** Writes the file atomically, so that it is whole even if the program is killed. */
function save(file: string, state: State): void {
  Deno.writeTextFileSync(`${file}.new`, JSON.stringify(state));
  Deno.renameSync(`${file}.new`, file);
}
