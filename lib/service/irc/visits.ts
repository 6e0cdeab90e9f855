/**
 * Who has come and gone: how many people were here at most, and who had which name lately.
 *
 * @module
 */

import type { ChatSession } from "../chat/chat_session.ts";
import type { PersonChange } from "../chat/presence.ts";
import type { IrcContext } from "./irc_context.ts";
import { toIrcNick } from "./irc_names.ts";
import { PastPeople } from "./past_people.ts";

export class Visits {
  /** Those who have left or changed their names. */
  readonly past = new PastPeople();
  readonly #irc: IrcContext;
  #most = 0;

  constructor(irc: IrcContext) {
    this.#irc = irc;
    irc.chat.presence.onChange((person, change, before) => this.#note(person, change, before));
  }

  /** The most people, of all doors, who were here at a time since the server started. */
  get most(): number {
    return this.#most;
  }

  #note(person: ChatSession, change: PersonChange, before: string): void {
    if (change === "here") this.#most = Math.max(this.#most, this.#irc.chat.people.size);
    else if (change === "gone" || change === "name") this.#remember(person, before);
  }

  #remember(person: ChatSession, name: string): void {
    const { people, clock } = this.#irc;
    this.past.add({
      nick: toIrcNick(name),
      user: people.userOf(person),
      host: people.hostOf(person),
      realname: this.#irc.clientOf(person)?.realname || name,
      address: person.member.address,
      until: clock.now(),
    });
  }
}
