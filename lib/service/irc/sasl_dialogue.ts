/**
 * SASL over IRC (IRCv3 `sasl` 3.2): the messages of a mechanism, in base64 and in chunks, and what
 * comes of them.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import {
  type SaslAnswer,
  SaslError,
  type SaslExchange,
} from "../../domain/access/sasl/mechanism.ts";
import { beginSasl, saslMechanisms } from "../../domain/access/sasl/mechanisms.ts";
import { DomainError } from "../../domain/domain_error.ts";
import { useAccount } from "../chat/login/log_in.ts";
import type { IrcClient } from "./irc_door.ts";
import { fromIrcNick } from "./irc_names.ts";

/** Characters of base64 in a chunk. A shorter one is the last; `+` stands for an empty one. */
const CHUNK = 400;
/** Most chunks of a message: a password may have a kilobyte. */
const MOST_CHUNKS = 8;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export class SaslDialogue {
  readonly #client: IrcClient;
  #exchange: SaslExchange | undefined;
  #chunks: string[] = [];

  constructor(client: IrcClient) {
    this.#client = client;
  }

  /** The mechanisms that the client can use. */
  get mechanisms(): string[] {
    return saslMechanisms(this.#client.member.context);
  }

  /** Takes the parameter of `AUTHENTICATE`. */
  async take(text: string): Promise<void> {
    if (text === "*") return this.abort();
    if (!this.#exchange) return this.#begin(text);
    if (text.length > CHUNK || this.#chunks.length >= MOST_CHUNKS) {
      return this.#end("905", `That is too long. Send chunks of ${CHUNK} characters.`);
    }
    if (text !== "+") this.#chunks.push(text);
    if (text.length === CHUNK) return;
    const message = this.#chunks.join("");
    this.#chunks = [];
    if (!BASE64.test(message)) return this.#end("904", "That is not base64. Log in again.");
    await this.#respond(this.#exchange, Buffer.from(message, "base64"));
  }

  /** Ends what is under way, because the client wants to or goes on without it. */
  abort(): void {
    this.#end("906", "SASL authentication was aborted");
  }

  /** Whether an exchange is under way. */
  get isOpen(): boolean {
    return this.#exchange !== undefined;
  }

  #begin(mechanism: string): void {
    const client = this.#client;
    const { irc: { chat: { accounts, certificates } }, member: { address, context } } = client;
    const { certificate } = context;
    this.#exchange = beginSasl(mechanism, {
      accounts,
      certificates,
      address,
      certificate,
      readName: fromIrcNick,
    });
    if (this.#exchange) return this.#send("+");
    client.reply("908", this.mechanisms.join(","), "are available SASL mechanisms");
    this.#end("904", `That mechanism is not available. Use ${this.mechanisms.join(" or ")}.`);
  }

  async #respond(exchange: SaslExchange, message: Uint8Array): Promise<void> {
    let answer: SaslAnswer;
    try {
      answer = await exchange.respond(message);
      if ("account" in answer) await useAccount(this.#client.person, answer.account, KEEPS_NAME);
    } catch (error) {
      const isRefusal = error instanceof SaslError || error instanceof DomainError;
      if (!isRefusal) this.#exchange = undefined;
      if (isRefusal) return this.#end("904", error.message);
      throw error;
    }
    if ("account" in answer) this.#end("903", "SASL authentication successful");
    else this.#sendMessage(answer.challenge);
  }

  #sendMessage(message: Uint8Array): void {
    const text = Buffer.from(message).toString("base64");
    for (let at = 0; at < text.length; at += CHUNK) this.#send(text.slice(at, at + CHUNK));
    if (text.length % CHUNK === 0) this.#send("+");
  }

  #send(chunk: string): void {
    const { irc: { settings: { serverName: source } } } = this.#client;
    this.#client.send({ source, verb: "AUTHENTICATE", params: [chunk] });
  }

  #end(numeric: string, sentence: string): void {
    this.#exchange = undefined;
    this.#chunks = [];
    this.#client.reply(numeric, sentence);
  }
}

/** Many log in under another name than their account's, such as the one of a second client. */
const KEEPS_NAME = { keepsName: true };
