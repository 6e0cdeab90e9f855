/**
 * Tells clients of people whom they monitor (IRCv3 `monitor`, `extended-monitor`).
 *
 * @module
 */

import { nameKey } from "../../../domain/name.ts";
import type { ChatSession } from "../../chat/chat_session.ts";
import type { PersonChange } from "../../chat/rooms/presence.ts";
import type { IrcClient, IrcContext } from "../irc_door.ts";
import { toIrcNick } from "../irc_names.ts";
import { IRC_LIMITS } from "../isupport.ts";
import { MonitorLists } from "./monitor_lists.ts";

export class Monitors {
  readonly lists = new MonitorLists<IrcClient>(IRC_LIMITS.monitored);
  readonly #irc: IrcContext;

  constructor(irc: IrcContext) {
    this.#irc = irc;
    irc.chat.presence.onChange((person, change, before) => this.#note(person, change, before));
  }

  #note(person: ChatSession, change: PersonChange, before: string): void {
    if (change === "gone") {
      // A client that has gone is told nothing, not even that it has gone.
      const client = this.#irc.clientOf(person);
      if (client) this.lists.clear(client);
      this.#tellGone(before);
    } else if (change === "here") {
      this.#tellHere(person);
    } else if (change === "name" && nameKey(before) !== nameKey(person.nickname)) {
      this.#tellGone(before);
      this.#tellHere(person);
    }
  }

  #tellHere(person: ChatSession): void {
    const mask = this.#irc.people.maskOf(person);
    this.#tell(person.nickname, "730", mask);
  }

  #tellGone(name: string): void {
    this.#tell(name, "731", toIrcNick(name));
  }

  #tell(name: string, verb: string, about: string): void {
    const source = this.#irc.settings.serverName;
    for (const client of this.lists.watchersOf(name)) {
      client.inform({ source, verb, params: [client.nick, about], trailing: true });
    }
  }
}
