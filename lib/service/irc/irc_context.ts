/**
 * What all IRC clients share, and what people of all doors look like to them.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { Member } from "../../domain/rooms/room_stream.ts";
import type { ChatContext, ChatSession } from "../chat/chat_session.ts";
import { BRIEF } from "../chat/digest/collapser_options.ts";
import { RoomDigests } from "../chat/digest/room_digest.ts";
import type { PersonChange } from "../chat/rooms/presence.ts";
import type { IrcClient, IrcContext } from "./irc_door.ts";
import { IrcPeople } from "./irc_people.ts";
import { DEFAULT_IRC_SETTINGS, type IrcSettings } from "./irc_settings.ts";
import { awayMessage, EventLines } from "./lines/event_lines.ts";
import { Census } from "./people/census.ts";
import { Monitors } from "./people/monitors.ts";
import { NameBook } from "./people/name_book.ts";
import { Peers } from "./people/peers.ts";
import { Visits } from "./people/visits.ts";
import { ModeTeller } from "./rooms/mode_teller.ts";

export interface IrcServerOptions {
  readonly chat: ChatContext;
  readonly clock: Clock;
  /** Milliseconds a new connection has to register; may change. */
  readonly nameDeadlineMs: () => number;
  /** What clients are told of the server; may change. */
  readonly irc?: () => IrcSettings;
  /** Has the server read again what it reads at SIGHUP. @default {does nothing} */
  readonly rehash?: () => void;
  /** The key of masked addresses. @default {another one at each start} */
  readonly hostKey?: Uint8Array;
}

export class IrcServer implements IrcContext {
  readonly chat: ChatContext;
  readonly clock: Clock;
  readonly nameDeadlineMs: () => number;
  readonly #settings: () => IrcSettings;
  /** When the server started, milliseconds since 1970. */
  readonly startedAt: number;
  /** The rooms as clients read them: floods of log lines folded, but every join and part. */
  readonly digests: RoomDigests;
  readonly people: IrcPeople;
  readonly lines: EventLines;
  readonly visits: Visits;
  readonly monitors: Monitors;
  readonly modes: ModeTeller;
  readonly census: Census;
  readonly names: NameBook;
  readonly peers: Peers;
  readonly rehash: () => void;
  /** Those who have registered, and those who are about to. */
  readonly clients = new Map<Member, IrcClient>();

  constructor(options: IrcServerOptions) {
    const { chat, clock, nameDeadlineMs, irc = () => DEFAULT_IRC_SETTINGS, hostKey } = options;
    this.chat = chat;
    this.clock = clock;
    this.nameDeadlineMs = nameDeadlineMs;
    this.#settings = irc;
    this.startedAt = clock.now();
    this.digests = new RoomDigests(clock, BRIEF, Infinity);
    this.people = new IrcPeople(this, hostKey);
    this.lines = new EventLines(this);
    this.visits = new Visits(this);
    this.monitors = new Monitors(this);
    this.modes = new ModeTeller(this);
    this.census = new Census(chat.presence, chat.people.holders);
    this.names = new NameBook(this);
    this.peers = new Peers(this);
    this.rehash = options.rehash ?? (() => {});
    chat.presence.onChange((person, change) => this.#noteChange(person, change));
  }

  get settings(): IrcSettings {
    return this.#settings();
  }

  /** The IRC client of a person; `undefined` for people of other doors. */
  clientOf({ member }: Pick<ChatSession, "member">): IrcClient | undefined {
    return this.clients.get(member);
  }

  #noteChange(person: ChatSession, change: PersonChange): void {
    if (change === "here" || change === "account") this.modes.noteAccount(person);
    if (change === "here") return this.people.add(person);
    if (change === "gone") return void this.people.remove(person);
    if (change === "details") this.people.add(person);
    const source = this.people.maskOf(person);
    if (change === "away") {
      this.peers.tell(person, "away-notify", awayMessage(source, person.awayText));
    } else if (change === "account") {
      // Their own client is told in numbers.
      const params = [this.people.accountOf(person) ?? "*"];
      this.peers.tell(person, "account-notify", { source, verb: "ACCOUNT", params });
    } else if (change === "details" && person.isRemote) {
      const params = [this.people.realnameOf(person)];
      this.peers.tell(person, "setname", { source, verb: "SETNAME", params, trailing: true });
    }
  }
}
