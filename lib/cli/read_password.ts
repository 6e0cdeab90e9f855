/**
 * Reads a password from standard input: from a terminal without showing it, or the first line of a
 * pipe. A password is never an argument, because everybody on the machine can read those.
 *
 * @module
 */

import { KeyParser } from "../codec/key_parser.ts";
import type { Key } from "../codec/key.ts";
import { parsePassword } from "../domain/access/password_rules.ts";
import type { CommandEnvironment, StandardInput } from "./command.ts";

/** More than a password may have. */
const MAX_BYTES = 4096;
const LF = 0x0a;

type Source = Pick<CommandEnvironment, "stdin" | "signal">;

/**
 * Reads a new password; at a terminal, twice.
 *
 * @param question What to ask at a terminal: `Password for ann: `.
 * @throws {Error} if there is none, or it breaks a rule; the message is a sentence.
 */
export async function readNewPassword(question: string, source: Source): Promise<string> {
  if (!source.stdin.isTerminal) return parsePassword(await readLine(source.stdin));
  const password = parsePassword(await askHidden(question, source));
  if (parsePassword(await askHidden("Once more: ", source)) === password) return password;
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

/** Asks at a terminal that shows nothing of what is typed. */
async function askHidden(question: string, { stdin, signal }: Source): Promise<string> {
  const line = new HiddenLine();
  const buffer = new Uint8Array(256);
  const stopped = Promise.withResolvers<null>();
  const stop = () => stopped.resolve(null);
  signal.addEventListener("abort", stop, { once: true });
  stdin.setRaw(true);
  try {
    stdin.prompt(question);
    while (!line.isDone) {
      const count = await Promise.race([stdin.read(buffer), stopped.promise]);
      if (count === null) break;
      line.take(buffer.subarray(0, count));
    }
  } finally {
    stdin.setRaw(false);
    stdin.prompt("\n");
    signal.removeEventListener("abort", stop);
  }
  if (line.isDone && !line.text.isWellFormed()) {
    throw new Error("The password is not valid UTF-8. Set the terminal to UTF-8.");
  }
  if (line.isDone) return line.text;
  throw new Error("Cancelled. Nothing was changed.");
}

/** A line typed at a terminal in raw mode. */
class HiddenLine {
  text = "";
  isDone = false;
  readonly #keys = new KeyParser({ maxPasteBytes: MAX_BYTES });

  take(bytes: Uint8Array): void {
    for (const key of this.#keys.feed(bytes)) if (!this.isDone) this.#press(key);
  }

  #press(key: Key): void {
    if (key.kind === "text" || key.kind === "paste") {
      this.text = (this.text + key.text).slice(0, MAX_BYTES);
    } else if (key.kind === "key") {
      this.#do(key.name);
    }
  }

  #do(name: string): void {
    switch (name) {
      case "enter":
        this.isDone = true;
        break;
      case "backspace":
        this.text = [...this.text].slice(0, -1).join("");
        break;
      case "C-u":
        this.text = "";
        break;
      case "C-c":
      case "C-d":
        throw new Error("Cancelled. Nothing was changed.");
    }
  }
}
