/**
 * Who has come and gone: how many people were here at most, and who had which name lately.
 *
 * @module
 */

import type { Clock } from "../../../clock.ts";
import type { ChatContext, ChatSession } from "../../chat/chat_session.ts";
import type { PersonChange } from "../../chat/rooms/presence.ts";
import { toIrcNick } from "../irc_names.ts";
import type { IrcPeople } from "../irc_people.ts";
import { PastPeople } from "./past_people.ts";

/** Where it is known from who comes and goes. */
export interface VisitsOptions {
  readonly chat: Pick<ChatContext, "people" | "presence">;
  readonly clock: Clock;
  readonly people: IrcPeople;
}

export class Visits {
  /** Those who have left or changed their names. */
  readonly past = new PastPeople();
  readonly #irc: VisitsOptions;
  #most = 0;

  constructor(irc: VisitsOptions) {
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
      realname: person.member.details?.realname || name,
      address: person.member.address,
      until: clock.now(),
    });
  }
}
