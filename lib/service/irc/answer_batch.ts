/**
 * The answer to a line that has a label (IRCv3 labeled-response): one message with the label, or a
 * batch with it, or `ACK`.
 *
 * @module
 */

import type { IrcReply } from "../../codec/irc_message.ts";
import type { IrcClient } from "./irc_client.ts";

export class Answer {
  readonly #client: IrcClient;
  readonly #label: string;
  /** Held back until it is known whether there are more. */
  #first: IrcReply | undefined;
  /** The batch, once there is more than one message. */
  #batch: string | undefined;
  #isGiven = false;

  constructor(client: IrcClient, label: string) {
    this.#client = client;
    this.#label = label;
  }

  /** Adds a message. */
  add(message: IrcReply): void {
    // Something else was the whole answer.
    if (this.#isGiven) return this.#client.sendUnasked(message);
    if (this.#batch === undefined) {
      if (this.#first === undefined) {
        this.#first = message;
        return;
      }
      this.#begin();
    }
    this.#client.sendUnasked(withTag(message, "batch", this.#batch!));
  }

  /** Gives a whole answer at once, so that it keeps its place among what others say. */
  give(messages: readonly IrcReply[]): void {
    for (const message of messages) this.add(message);
    if (this.#first === undefined && this.#batch === undefined) return;
    this.end();
  }

  /** Ends it. */
  end(): void {
    if (this.#isGiven) return;
    this.#isGiven = true;
    const { serverName: source } = this.#client.irc.settings;
    if (this.#batch !== undefined) {
      this.#client.sendUnasked({ source, verb: "BATCH", params: [`-${this.#batch}`] });
    } else {
      const message = this.#first ?? { source, verb: "ACK", params: [] };
      this.#client.sendUnasked(withTag(message, "label", this.#label));
    }
  }

  #begin(): void {
    const { serverName: source } = this.#client.irc.settings;
    this.#batch = this.#client.nextBatch();
    const params = [`+${this.#batch}`, "labeled-response"];
    this.#client.sendUnasked(withTag({ source, verb: "BATCH", params }, "label", this.#label));
    this.#client.sendUnasked(withTag(this.#first!, "batch", this.#batch));
  }
}

/** The message with a tag in front, unless it has that tag already. */
function withTag(message: IrcReply, name: string, value: string): IrcReply {
  if (message.tags?.has(name)) return message;
  return { ...message, tags: new Map([[name, value], ...message.tags ?? []]) };
}
