/**
 * The answer to a line that has a label (IRCv3 labeled-response): one message with the label, or a
 * batch with it, or `ACK`.
 *
 * @module
 */

import type { IrcReply } from "../../../codec/irc_message.ts";
import type { IrcSettings } from "../irc_settings.ts";
import { withTag } from "./tagged_message.ts";
import { isTextBatch } from "./text_messages.ts";

/** Who is answered. */
export interface Answered {
  readonly irc: { readonly settings: Pick<IrcSettings, "serverName"> };
  sendUnasked(message: IrcReply): void;
  nextBatch(): string;
}

export class Answer {
  readonly #client: Answered;
  readonly #label: string;
  /** Held back until it is known whether there are more. */
  #first: IrcReply | undefined;
  /** The batch, once there is more than one message. */
  #batch: string | undefined;
  #isGiven = false;

  constructor(client: Answered, label: string) {
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

  /** Begins the batch now, because several things that are said will come back. */
  open(): void {
    if (!this.#isGiven && this.#batch === undefined) this.#begin();
  }

  /** Sends what has been held back, before something else that must not overtake it. */
  release(): void {
    if (this.#first && this.#batch === undefined && !this.#isGiven) this.#begin();
  }

  /** Gives a whole answer at once, so that it keeps its place among what others say. */
  give(messages: readonly IrcReply[]): void {
    if (isTextBatch(messages)) {
      const [first, ...rest] = messages;
      this.lead(first);
      for (const message of rest) this.#client.sendUnasked(message);
      return;
    }
    const isWhole = this.#batch === undefined;
    for (const message of messages) this.add(message);
    if (isWhole && messages.length > 0) this.end();
  }

  /** Begins a batch that is the whole answer. What is in it need not be added. */
  lead(message: IrcReply): void {
    if (this.#isGiven || this.#first || this.#batch !== undefined) return this.add(message);
    this.#isGiven = true;
    this.#client.sendUnasked(withTag(message, "label", this.#label));
  }

  /** Gives no answer: another line will have it. */
  forgo(): void {
    this.#isGiven = true;
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
    if (this.#first) this.#client.sendUnasked(withTag(this.#first, "batch", this.#batch));
  }
}
