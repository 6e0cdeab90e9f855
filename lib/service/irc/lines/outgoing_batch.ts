/**
 * A batch of messages to a client (IRCv3 batch). A client without the capability gets the messages
 * as they are.
 *
 * @module
 */

import type { IrcReply } from "../../../codec/irc_message.ts";
import type { IrcClient } from "../irc_door.ts";
import { withTag } from "./tagged_message.ts";

/** Messages sent before the client must have read most of them. */
const SENT_AT_ONCE = 20;

export class OutgoingBatch {
  readonly #client: IrcClient;
  readonly #name: string | undefined;
  #sent = 0;

  /** Begins the batch, as the whole answer to what the client has asked. */
  constructor(client: IrcClient, type: string, ...params: string[]) {
    this.#client = client;
    if (!client.caps.has("batch")) return;
    this.#name = client.nextBatch();
    const begin = {
      source: this.#source,
      verb: "BATCH",
      params: [`+${this.#name}`, type, ...params],
    };
    if (client.answer) client.answer.lead(begin);
    else client.sendUnasked(begin);
  }

  /** Adds a message. */
  put(message: IrcReply): void {
    if (this.#name === undefined) this.#client.send(message);
    else this.#client.sendUnasked(withTag(message, "batch", this.#name));
  }

  /** Adds messages; resolves once there is room for more, to `false` if the client is gone. */
  async add(messages: readonly IrcReply[]): Promise<boolean> {
    for (const message of messages) {
      this.put(message);
      if (++this.#sent % SENT_AT_ONCE === 0 && !await this.#client.ready()) return false;
    }
    return true;
  }

  end(): void {
    if (this.#name === undefined) return;
    this.#client.sendUnasked({ source: this.#source, verb: "BATCH", params: [`-${this.#name}`] });
  }

  get #source(): string {
    return this.#client.irc.settings.serverName;
  }
}
