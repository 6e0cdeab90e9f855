/**
 * The names of all large rooms, as {@linkcode NamePages}.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { MAX_BODY_BYTES } from "../../../codec/irc_message.ts";
import type { PresentPeople } from "../../../domain/rooms/present_people.ts";
import type { Room } from "../../../domain/rooms/room.ts";
import { toChannel } from "../irc_names.ts";
import type { IrcPeople } from "../irc_people.ts";
import type { IrcSettings } from "../irc_settings.ts";
import { NamePages } from "./name_pages.ts";

/** Longest nickname of a client, in bytes, that can be sent the texts of all. */
const LONGEST_NICK = 64;
/** Longest name with signs, user name and host, in bytes. */
const LONGEST_WORD = 200;

export interface NameBookOptions {
  readonly people: IrcPeople;
  readonly settings: Pick<IrcSettings, "serverName">;
}

export class NameBook {
  readonly #irc: NameBookOptions;
  readonly #rooms = new WeakMap<PresentPeople, NamePages>();

  constructor(irc: NameBookOptions) {
    this.#irc = irc;
  }

  /** The names in a room for a client; `undefined` if its and the room's leave too little of a line. */
  pagesFor(
    { name, present }: Pick<Room, "name" | "present">,
    nick: string,
  ): NamePages | undefined {
    if (Buffer.byteLength(nick) > LONGEST_NICK) return undefined;
    const { people, settings: { serverName } } = this.#irc;
    const head = `:${serverName} 353  = ${toChannel(name)} :`;
    const mostBytes = MAX_BODY_BYTES - LONGEST_NICK - Buffer.byteLength(head);
    if (mostBytes < LONGEST_WORD) return undefined;
    let pages = this.#rooms.get(present);
    if (!pages) this.#rooms.set(present, pages = new NamePages(present, people));
    // The name of the server can change.
    pages.mostBytes = mostBytes;
    return pages;
  }
}
