/**
 * Commands that run on the server. Their output arrives as notices before they end.
 *
 * @module
 */

import type { Ref } from "../protocol.ts";
import type { Notice } from "./change.ts";
import { RequestError, type Requests } from "./requests.ts";

/** A command whose output has not ended. */
interface RunningCommand {
  /** Where it was given. */
  readonly room?: string;
  /** Collects its output instead of reporting it. */
  readonly output?: string[];
  /** Its first error, if it collects its output. */
  error?: string;
}

export interface CommandRequestsOptions {
  readonly requests: Requests;
  /** Called for notices that no command collects. */
  onNotice(notice: Notice): void;
}

export class CommandRequests {
  readonly #options: CommandRequestsOptions;
  readonly #running = new Map<Ref, RunningCommand>();

  constructor(options: CommandRequestsOptions) {
    this.#options = options;
  }

  /** Runs a command and resolves when it is done. Its output is reported. */
  async run(line: string, room?: string): Promise<void> {
    await this.#run(line, { room });
  }

  /** Runs a command and resolves to its output. @throws {RequestError} if it reports an error. */
  async collect(line: string, room?: string): Promise<string> {
    const output: string[] = [];
    const command: RunningCommand = { room, output };
    await this.#run(line, command);
    if (command.error !== undefined) throw new RequestError("refused", command.error);
    return output.join("\n");
  }

  /** Whether a command with this reference runs. */
  has(ref: Ref | undefined): boolean {
    return ref !== undefined && this.#running.has(ref);
  }

  /** Takes a notice of the server, which may be output of a command. */
  notice(text: string, ref: Ref | undefined, isError = false): void {
    const command = ref === undefined ? undefined : this.#running.get(ref);
    if (!command?.output) {
      const room = command?.room;
      return this.#options.onNotice({ type: "notice", text, isError, ref, room });
    }
    if (isError) command.error ??= text;
    else command.output.push(text);
  }

  async #run(line: string, command: RunningCommand): Promise<void> {
    const { requests } = this.#options;
    const ref = requests.nextRef();
    this.#running.set(ref, command);
    try {
      await requests.ask({ type: "command", line, room: command.room }, ref);
    } finally {
      this.#running.delete(ref);
    }
  }
}
