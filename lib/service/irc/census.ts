/**
 * Counts people as they come, go and change: every client is told the counts when it registers, and
 * looking at everybody then would take longer the more there are.
 *
 * @module
 */

import type { ChatSession as Person } from "../chat/chat_session.ts";
import type { Presence } from "../chat/presence.ts";

export class Census {
  /** Clients that have not registered yet. */
  readonly unregistered = new Set<object>();
  readonly #operators = new Set<Person>();
  readonly #invisible = new Set<Person>();

  constructor(presence: Presence<Person>) {
    presence.onChange((person, change) => {
      const { member, nickname } = person;
      // Somebody who logs in first, and takes a name afterwards, is not here yet.
      const isHere = change !== "gone" && nickname !== "";
      note(this.#operators, person, isHere && member.isOperator);
      note(this.#invisible, person, isHere && member.details?.modes.has("i") === true);
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
}

function note(people: Set<Person>, person: Person, isOne: boolean): void {
  if (isOne) people.add(person);
  else people.delete(person);
}
