/**
 * Counts people as they come, go and change: every client is told the counts when it registers, and
 * looking at everybody then would take longer the more there are.
 *
 * @module
 */

import type { ChatSession as Person } from "../../chat/chat_session.ts";
import type { Presence } from "../../chat/rooms/presence.ts";

export class Census {
  /** Clients that have not registered yet. */
  readonly unregistered = new Set<object>();
  readonly #operators = new Set<Person>();
  readonly #invisible = new Set<Person>();
  readonly #local = new Set<Person>();
  /** How many people of each other node of a cluster are here. */
  readonly #nodes = new Map<string, Set<Person>>();
  #mostLocal = 0;

  /** @param here Those who are at other nodes of a cluster already. */
  constructor(presence: Presence<Person>, here: Iterable<Person>) {
    // Somebody who logs in first, and takes a name afterwards, is not here yet.
    presence.onChange((person, change) => {
      this.#note(person, change !== "gone" && person.nickname !== "");
    });
    for (const person of here) this.#note(person, true);
  }

  /** How many operators of the server are here. */
  get operators(): number {
    return this.#operators.size;
  }

  /** How many people have the mode `i`. */
  get invisible(): number {
    return this.#invisible.size;
  }

  /** How many people are connected to this node. */
  get local(): number {
    return this.#local.size;
  }

  /** The most of them at a time since the server started. */
  get mostLocal(): number {
    return this.#mostLocal;
  }

  /** How many other nodes people are connected to. */
  get otherNodes(): number {
    return this.#nodes.size;
  }

  #note(person: Person, isHere: boolean): void {
    const { isOperator, details } = person.member;
    note(this.#operators, person, isHere && isOperator);
    note(this.#invisible, person, isHere && details?.modes.has("i") === true);
    const { nodeName } = person;
    if (nodeName !== undefined) return this.#noteElsewhere(person, nodeName, isHere);
    note(this.#local, person, isHere);
    this.#mostLocal = Math.max(this.#mostLocal, this.#local.size);
  }

  #noteElsewhere(person: Person, node: string, isHere: boolean): void {
    const people = this.#nodes.get(node) ?? new Set();
    note(people, person, isHere);
    if (people.size > 0) this.#nodes.set(node, people);
    else this.#nodes.delete(node);
  }
}

function note(people: Set<Person>, person: Person, isOne: boolean): void {
  if (isOne) people.add(person);
  else people.delete(person);
}
