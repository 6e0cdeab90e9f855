/**
 * Reads a password from standard input: from a terminal without showing it, or the first line of a
 * pipe. A password is never an argument, because everybody on the machine can read those.
 *
 * @module
 */

import { KeyParser } from "../../codec/key_parser.ts";
import type { Key } from "../../codec/key.ts";
import { parsePassword } from "../../domain/access/login/password_rules.ts";
import type { CommandEnvironment, StandardInput } from "../command.ts";

/** More than a password may have. */
const MAX_BYTES = 4096;
const LF = 0x0a;

type Source = Pick<CommandEnvironment, "stdin" | "signal">;

/**
 * Reads a new password; at a terminal, twice.
 *
 * @param question What to ask at a terminal: `Password for ann: `.
 * @throws {Error} if there is no password or it breaks a rule. The message is for the user.
 */
export async function readNewPassword(question: string, source: Source): Promise<string> {
  if (!source.stdin.isTerminal) return parsePassword(await readLine(source.stdin));
  const input = new HiddenInput(source);
  const password = parsePassword(await input.ask(question));
  if (parsePassword(await input.ask("Once more: ")) === password) return password;
  throw new Error("The two passwords differ. Nothing was changed; try again.");
}

/** The first line, without its line break. */
async function readLine(stdin: StandardInput): Promise<string> {
  const buffer = new Uint8Array(MAX_BYTES);
  let length = 0;
  let end = -1;
  while (end === -1 && length < MAX_BYTES) {
    const count = await stdin.read(buffer.subarray(length));
    if (count === null) break;
    end = buffer.subarray(0, length + count).indexOf(LF, length);
    length += count;
  }
  const bytes = buffer.subarray(0, end === -1 ? length : end);
  if (bytes.length === 0) {
    throw new Error("There is no password on standard input. Pass it as one line.");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r$/, "");
  } catch {
    throw new Error("The password on standard input is not valid UTF-8.");
  }
}

/** A terminal that shows nothing of what is typed. */
class HiddenInput {
  readonly #source: Source;
  readonly #parser = new KeyParser({ maxPasteBytes: MAX_BYTES });
  /** Typed ahead of the next question. */
  readonly #keys: Key[] = [];

  constructor(source: Source) {
    this.#source = source;
  }

  /** @throws {Error} if it is cancelled. */
  async ask(question: string): Promise<string> {
    const { stdin, signal } = this.#source;
    const stopped = Promise.withResolvers<null>();
    const stop = () => stopped.resolve(null);
    signal.addEventListener("abort", stop, { once: true });
    stdin.setRaw(true);
    try {
      stdin.prompt(question);
      return await this.#readLine(stopped.promise);
    } finally {
      stdin.setRaw(false);
      stdin.prompt("\n");
      signal.removeEventListener("abort", stop);
    }
  }

  async #readLine(stopped: Promise<null>): Promise<string> {
    let text = "";
    for (;;) {
      const key = await this.#nextKey(stopped);
      if (key.kind === "text" || key.kind === "paste") text = (text + key.text).slice(0, MAX_BYTES);
      if (key.kind !== "key") continue;
      if (key.name === "enter") break;
      if (key.name === "backspace") text = [...text].slice(0, -1).join("");
      if (key.name === "C-u") text = "";
      if (key.name === "C-c" || key.name === "C-d") throw cancelled();
    }
    if (text.isWellFormed()) return text;
    throw new Error("The password is not valid UTF-8. Set the terminal to UTF-8.");
  }

  async #nextKey(stopped: Promise<null>): Promise<Key> {
    const buffer = new Uint8Array(256);
    while (this.#keys.length === 0) {
      const count = await Promise.race([this.#source.stdin.read(buffer), stopped]);
      if (count === null) throw cancelled();
      this.#keys.push(...this.#parser.feed(buffer.subarray(0, count)));
    }
    return this.#keys.shift()!;
  }
}

function cancelled(): Error {
  return new Error("Cancelled. Nothing was changed.");
}
