/**
 * Tells doors what changes about people besides what happens in their rooms: that they are here or
 * gone, have another name, are away, have logged in, have other modes (operator of the server,
 * invisible), or that their client tells something else.
 *
 * @module
 */

import { log } from "../../../log.ts";

/** What has changed about a person. `here` and `gone` concern the whole server. */
export type PersonChange =
  | "here"
  | "gone"
  | "name"
  | "away"
  | "account"
  | "modes"
  | "details";

/**
 * Takes a change that has just been made. It must only queue.
 *
 * @param before The name before the change, for `name`; `""` for `here`.
 */
export type PresenceListener<Person> = (
  person: Person,
  change: PersonChange,
  before: string,
) => void;

export class Presence<Person extends { readonly nickname: string }> {
  readonly #listeners = new Set<PresenceListener<Person>>();

  /** Tells `listener` of later changes. @returns Ends that. */
  onChange(listener: PresenceListener<Person>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells everybody who wants to know. A listener that throws harms only itself. */
  tell(person: Person, change: PersonChange, before = person.nickname): void {
    for (const listener of this.#listeners) {
      try {
        listener(person, change, before);
      } catch (error) {
        log("chat").error("Cannot announce a change of {person}: {error}", {
          person: person.nickname,
          error,
        });
      }
    }
  }
}
