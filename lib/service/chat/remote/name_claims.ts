/**
 * The contract of what agrees with the other nodes of a cluster on who has which name.
 *
 * @module
 */

import type { TagNotice } from "../screen.ts";

export interface NameClaims<Person> {
  /**
   * Claims a name for somebody who is connected here, and gives up the names they had.
   *
   * @param take Called once the name is theirs, and before anybody is told of anything later.
   * @throws {DomainError} `name-in-use`, and what `take` throws; they keep their name then.
   */
  claim(person: Person, name: string, take: (name: string) => void): Promise<void>;
  /** How many people with a name are connected here. */
  readonly connected: number;
  /** Gives up the name of somebody who leaves. */
  release(person: Person): void;
  /** Passes tags on to the people in a room who are at other nodes. */
  announceTags(notice: TagNotice): void;
  /** Those at other nodes who are logged in to an account. */
  withAccount(key: string): Iterable<Person>;
}
