/**
 * The chat with an IRC door and the door for lines, without sockets: clients send lines and check
 * whole lines, so that a test reads like a transcript. Everybody's address is masked as
 * {@linkcode HOST}.
 */

import type { Session } from "../../lib/server/session/session.ts";
import { Irc } from "../../lib/service/irc/irc.ts";
import { DEFAULT_IRC_SETTINGS, type IrcSettings } from "../../lib/service/irc/irc_settings.ts";
import { ChatRoom, type ChatRoomOptions } from "./chat_room.ts";
import { IrcClient, type IrcGreeting } from "./irc_client.ts";
import { Sessions } from "./session_peer.ts";

export interface IrcRoomOptions extends ChatRoomOptions {
  readonly irc?: Partial<IrcSettings>;
}

/** The masked address of everybody. */
export const HOST = "a9e0262b5f7b.ip";
/** The name of the server. */
export const SERVER = "irc.test";

/** A running chat, its IRC clients, and its other guests. */
export class IrcRoom extends ChatRoom {
  readonly #ircSessions: Sessions;
  readonly #clients: IrcClient[] = [];

  constructor(options: IrcRoomOptions = {}) {
    super(options);
    const { chat, clock } = this;
    const settings = { ...DEFAULT_IRC_SETTINGS, serverName: SERVER, ...options.irc };
    const irc = () => settings;
    const hostKey = new Uint8Array(32);
    const service = new Irc({ chat, clock, nameDeadlineMs: () => 60_000, irc, hostKey });
    this.#ircSessions = new Sessions(service, { ...options, clock, earlier: 100 });
  }

  /** Connects a client that has not said anything yet. */
  open(transport = "tcp"): IrcClient {
    return this.openSession(transport).client;
  }

  /** The same, and its session. */
  openSession(transport = "tcp"): { readonly client: IrcClient; readonly session: Session } {
    const open = this.#ircSessions.open(transport);
    const client = IrcClient.onSession(open);
    this.#clients.push(client);
    return { client, session: open.session };
  }

  /** Connects and registers a client. */
  register(nick: string, ...caps: string[]): Promise<IrcClient> {
    return this.registerAs(nick, caps.length > 0 ? { caps } : {});
  }

  /** Connects and registers a client that says more about itself. */
  async registerAs(nick: string, greeting: IrcGreeting): Promise<IrcClient> {
    const client = this.open();
    await client.register(nick, greeting);
    return client;
  }

  /** Connects and registers clients that are in a channel, and have read everything. */
  async registerIn(channel: string, ...nicks: string[]): Promise<IrcClient[]> {
    const clients: IrcClient[] = [];
    for (const nick of nicks) {
      const client = await this.register(nick);
      client.send(`JOIN ${channel}`);
      await client.sync();
      clients.push(client);
    }
    for (const client of clients) await client.sync();
    return clients;
  }

  /** Advances the clock by `ms` milliseconds, and checks the sessions of the IRC door. */
  async advanceIrc(ms: number): Promise<void> {
    await this.#ircSessions.advance(ms);
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) await client.leave();
    await super[Symbol.asyncDispose]();
  }
}
