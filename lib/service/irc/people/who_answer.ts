/**
 * The answer to WHO: a line for each person, with the usual fields (352) or chosen ones (354).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { IrcReply } from "../../../codec/irc_message.ts";
import type { Room } from "../../../domain/rooms/room.ts";
import type { ChatSession } from "../../chat/chat_session.ts";
import type { IrcClient } from "../irc_door.ts";
import { toChannel, toIrcNick } from "../irc_names.ts";
import { prefixesOf } from "../modes/channel_prefixes.ts";
import { ListHeads } from "./list_heads.ts";
import { WhoxFields, type WhoxValues } from "./whox.ts";

/** Sent instead of an address that the client may not know. */
const NO_ADDRESS = "255.255.255.255";

/** Bytes of parameters that fit a line with any name of the server and the client. */
const SURELY_FITTING = 250;

export class WhoAnswer {
  readonly #client: IrcClient;
  readonly #onlyOperators: boolean;
  /** The fields that the client chose, if it did. */
  readonly #fields: WhoxFields | undefined;

  /** @param options `o` for operators only; from `%` on, the fields. */
  constructor(client: IrcClient, options: string) {
    const percent = options.indexOf("%");
    this.#client = client;
    this.#onlyOperators = options.slice(0, percent === -1 ? undefined : percent).includes("o");
    const fields = percent === -1 ? undefined : new WhoxFields(options);
    this.#fields = fields?.isEmpty ? undefined : fields;
  }

  /** @param room Where they are shown to be; absent if the client may know of no room. */
  add(person: ChatSession, room: Room | undefined): void {
    if (this.#onlyOperators && !person.member.isOperator) return;
    const client = this.#client;
    const { people } = client.irc;
    const values = {
      c: room ? toChannel(room.name) : "*",
      u: people.userOf(person),
      i: this.#addressOf(person),
      h: people.hostOf(person),
      s: people.serverOf(person),
      n: toIrcNick(person.nickname),
      f: this.#flagsOf(person, room),
      d: "0",
      l: String(person.idleSeconds ?? 0),
      a: people.accountOf(person) ?? "0",
      o: "n/a",
      r: people.realnameOf(person),
    };
    const params = this.#paramsOf(values);
    // Nearly all are short in whatever alphabet.
    if (Buffer.byteLength(params.join(" ")) <= SURELY_FITTING) {
      return client.reply(this.#numeric, ...params);
    }
    client.send(this.#fit(params) ?? this.#fit(this.#paramsOf({ ...values, c: "*" }), true)!);
  }

  get #numeric(): string {
    return this.#fields ? "354" : "352";
  }

  #paramsOf(values: WhoxValues): string[] {
    if (this.#fields) return this.#fields.format(values);
    const { c, u, h, s, n, f, d, r } = values;
    return [c, u, h, s, n, f, `${d} ${r}`];
  }

  /** A reply of which nothing but a real name would be cut; `undefined` if there can be none. */
  #fit(params: readonly string[], isLastTry = false): IrcReply | undefined {
    const last = params.at(-1)!;
    const whole = this.#fields && !this.#fields.endsWithName ? last : "";
    const reply = { numeric: this.#numeric, params: params.slice(0, -1) };
    const head = new ListHeads(this.#client, reply).for([whole]);
    const fits = head.room >= Buffer.byteLength(whole);
    return fits || isLastTry ? head.toReply(last) : undefined;
  }

  /** `H` for here or `G` for gone, `*` for an operator, the signs in the room, `B` for a bot. */
  #flagsOf(person: ChatSession, room: Room | undefined): string {
    const { irc, caps } = this.#client;
    const presence = person.awayText === undefined ? "H" : "G";
    const operator = person.member.isOperator ? "*" : "";
    const prefixes = room ? prefixesOf(irc, room.name, person.member) : "";
    const shown = caps.has("multi-prefix") ? prefixes : prefixes.slice(0, 1);
    const bot = irc.people.isBot(person) ? "B" : "";
    return presence + operator + shown + bot;
  }

  #addressOf({ member }: ChatSession): string {
    const mayKnow = this.#client.member.isOperator || member === this.#client.member;
    return (mayKnow && member.address) || NO_ADDRESS;
  }
}
