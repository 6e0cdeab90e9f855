/**
 * Counts people as they come, go and change: every client is told the counts when it registers, and
 * looking at everybody then would take longer the more there are.
 *
 * @module
 */

import type { ChatSession } from "../chat/chat_session.ts";
import type { Presence } from "../chat/presence.ts";

export class Census {
  /** Clients that have not registered yet. */
  readonly unregistered = new Set<object>();
  readonly #operators = new Set<ChatSession>();
  readonly #invisible = new Set<ChatSession>();

  constructor(presence: Presence<ChatSession>) {
    presence.onChange((person, change) => {
      if (change === "here" || change === "power") this.#noteOperator(person);
      if (change !== "gone") return;
      this.#operators.delete(person);
      this.#invisible.delete(person);
    });
  }

  /** How many operators of the server are here. */
  get operators(): number {
    return this.#operators.size;
  }

  /** How many people have the mode `i`. */
  get invisible(): number {
    return this.#invisible.size;
  }

  /** Notes that somebody has set or taken off the mode `i`. */
  noteInvisible(person: ChatSession, isInvisible: boolean): void {
    if (isInvisible) this.#invisible.add(person);
    else this.#invisible.delete(person);
  }

  #noteOperator(person: ChatSession): void {
    // Somebody who logs in first, and takes a name afterwards, is not here yet.
    if (person.nickname !== "" && person.member.isOperator) this.#operators.add(person);
    else this.#operators.delete(person);
  }
}
