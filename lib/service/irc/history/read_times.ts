/**
 * How far the person behind an IRC client has read each channel and conversation, as times (IRCv3
 * draft/read-marker). With an account it is kept, counts at all doors, and all sessions of the
 * account are told; without one it is forgotten with the session. It never goes back.
 *
 * @module
 */

import type { IrcReply } from "../../../codec/irc_message.ts";
import { directRoom, partnerIn } from "../../../domain/direct_room.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { nameKey } from "../../../domain/name.ts";
import { log } from "../../../log.ts";
import { tellRead } from "../../chat/person_memory.ts";
import { nickOfAccount } from "../account_nicks.ts";
import type { IrcClient } from "../irc_door.ts";
import { fromChannel, fromIrcNick, toChannel, toIrcNick } from "../irc_names.ts";
import { partnerOf } from "./history_target.ts";

/** Targets remembered for a session, the latest ones. */
const MOST_TARGETS = 1000;

/** What is read. */
interface Place {
  /** `#` and the key of a room, or `@` and that of an account or a nickname. */
  readonly key: string;
  /** The room, or that of the two accounts; absent if there is none. */
  readonly room?: string;
}

export class ReadTimes {
  readonly #client: IrcClient;
  /** Milliseconds since 1970, by key of the place. */
  #times = new Map<string, number>();
  /** Numbers up to which rooms have been read, by key of the room. */
  #marks: ReadonlyMap<string, number> = new Map();
  /** The account whose marks these are, once they have been read. */
  #account: string | undefined;

  constructor(client: IrcClient) {
    this.#client = client;
  }

  /** Looks up the time of a target; `undefined` if nothing has been read. */
  async lookUp(target: string): Promise<number | undefined> {
    await this.#recall();
    const place = this.#placeOf(target);
    const at = await this.#timeOf(place.room, this.#markOf(place));
    if (at !== undefined) this.#raise(place.key, at);
    return this.#times.get(place.key);
  }

  /** Tells what is known of a target, if it has been looked up. */
  messageFor(target: string): IrcReply {
    const at = this.#times.get(this.#placeOf(target).key);
    const time = at === undefined ? "*" : `timestamp=${new Date(at).toISOString()}`;
    const source = this.#client.irc.settings.serverName;
    return { source, verb: "MARKREAD", params: [target, time] };
  }

  /**
   * Notes that a target has been read up to a time.
   *
   * @throws {Error} If it could not be stored. It counts in this session.
   */
  async set(target: string, at: number): Promise<void> {
    const before = await this.lookUp(target);
    if (before !== undefined && at <= before) return;
    const { key, room } = this.#placeOf(target);
    this.#raise(key, at);
    const { member, irc } = this.#client;
    const { account, nickname } = member;
    if (account === undefined) return;
    await irc.chat.memory.remember({ nickname, account }, { readTimes: new Map([[key, at]]) });
    for (const other of irc.clients.values()) {
      if (other.member.account === account) other.readTimes.follow(key, at);
    }
    if (room !== undefined) await this.#tellOthers(room, at);
  }

  /** Takes over how far another session of the account has read a room. */
  async readElsewhere(room: string, seq: number): Promise<void> {
    const partner = partnerIn(room, this.#client.member.account);
    const key = partner === undefined ? `#${nameKey(room)}` : `@${partner}`;
    const at = await this.#timeOf(room, seq);
    if (at !== undefined) this.follow(key, at);
  }

  /** Notes how far another session of the account has read; tells the client, if that is news. */
  follow(key: string, at: number): void {
    if (at <= (this.#times.get(key) ?? -Infinity)) return;
    this.#raise(key, at);
    if (!this.#client.caps.has("draft/read-marker")) return;
    this.#client.sendUnasked(this.messageFor(this.#targetOf(key)));
  }

  #raise(key: string, at: number): void {
    const known = this.#times.get(key) ?? -Infinity;
    this.#times.delete(key);
    this.#times.set(key, Math.max(known, at));
    if (this.#times.size <= MOST_TARGETS) return;
    const [oldest] = this.#times.keys();
    this.#times.delete(oldest);
  }

  /** Reads what the account remembers, if the client has logged in since the last time. */
  async #recall(): Promise<void> {
    const { member, irc: { chat } } = this.#client;
    const { account, nickname } = member;
    if (account === this.#account) return;
    this.#account = account;
    this.#times = new Map();
    this.#marks = new Map();
    if (account === undefined) return;
    try {
      const { readTimes, marks } = await chat.memory.recall({ nickname, account });
      for (const [key, at] of readTimes) this.#raise(key, at);
      this.#marks = new Map([...marks].map(([room, seq]) => [nameKey(room), seq]));
    } catch (error) {
      // Nobody is kept out of a room for that.
      log("irc").warning("Cannot read how far rooms have been read: {error}", { error });
    }
  }

  /** Tells the sessions at other doors, which know numbers. */
  async #tellOthers(room: string, at: number): Promise<void> {
    const { person, member: { account, nickname }, irc: { chat } } = this.#client;
    try {
      const seq = await person.sees.findTime(room, at + 1) - 1;
      if (seq < 1) return;
      const partner = partnerIn(room, account);
      if (partner !== undefined) return person.correspondence.noteRead(partner, seq);
      tellRead(person, room, seq);
      await chat.memory.remember({ nickname, account }, { marks: new Map([[room, seq]]) });
    } catch (error) {
      // A room may be read no longer, or the log cannot be read: they will be told the next time.
      if (!(error instanceof DomainError)) throw error;
    }
  }

  #markOf({ room }: Place): number {
    const { person, member } = this.#client;
    if (room === undefined) return 0;
    const partner = partnerIn(room, member.account);
    return partner === undefined
      ? this.#marks.get(nameKey(room)) ?? 0
      : person.correspondence.readThrough(partner);
  }

  async #timeOf(room: string | undefined, seq: number): Promise<number | undefined> {
    if (room === undefined || seq < 1) return undefined;
    try {
      const [event] = await this.#client.person.sees.read(room, seq - 1, 1);
      return event?.seq === seq ? event.at : undefined;
    } catch (error) {
      log("irc").warning("Cannot find the time of an event: {error}", { error });
      return undefined;
    }
  }

  #placeOf(target: string): Place {
    const channel = fromChannel(target);
    if (channel !== undefined) {
      const room = this.#client.person.findRoom(channel)?.name ?? channel;
      return { key: `#${nameKey(channel)}`, room };
    }
    const partner = partnerOf(this.#client, target);
    if (partner === undefined) return { key: `@${nameKey(fromIrcNick(target))}` };
    return { key: `@${partner}`, room: directRoom(this.#client.member.account!, partner) };
  }

  #targetOf(key: string): string {
    const name = key.slice(1);
    if (key.startsWith("@")) return toIrcNick(nickOfAccount(this.#client, name));
    return toChannel(this.#client.person.findRoom(name)?.name ?? name);
  }
}
