/**
 * The logger of the tutorials: whatever is sent to it appears on the server's screen.
 *
 * @module
 */

import { terminalText } from "../codec/terminal_text.ts";
import type { Service } from "../server/service.ts";
import type { Session } from "../server/session.ts";

/**
 * Prints who comes, every line (a cut one as it was cut) or with `framing=raw` every chunk, and
 * who leaves. Answers nothing.
 */
export class Logger implements Service {
  readonly name = "logger";
  readonly maxLineBytes = 64 * 1024;
  readonly #print: (line: string) => void;

  /** @param print Takes a line without its end; without it all is read and forgotten. */
  constructor(print: (line: string) => void = () => {}) {
    // The screen may be a terminal, and nobody who connects is to command it.
    this.#print = (line) => print(terminalText(line));
  }

  async serve(session: Session): Promise<void> {
    const { remote } = session.context;
    this.#print(`Got connection from ${remote}`);
    try {
      if (session.endpointOptions.get("framing") === "raw") await this.#printChunks(session);
      else for await (const line of session.lines) this.#print(line);
    } finally {
      this.#print(`${remote} disconnected`);
    }
  }

  /** Takes a line that came by itself, in a datagram. */
  hear(line: string): undefined {
    this.#print(line);
  }

  async #printChunks({ chunks }: Session): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of chunks) this.#printText(decoder.decode(chunk, { stream: true }));
    this.#printText(decoder.decode());
  }

  /** A chunk ends anywhere, and is shown at once; only the ends of lines are not shown as text. */
  #printText(text: string): void {
    if (text === "") return;
    for (const line of text.replace(/\r?\n$/, "").split(/\r?\n/)) this.#print(line);
  }
}
