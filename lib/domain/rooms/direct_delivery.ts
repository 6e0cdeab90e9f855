/**
 * Delivers what is said in rooms of two to the sessions of the two accounts. Nobody enters such a
 * room, so there is one entry for each session, however many conversations its account has.
 *
 * @module
 */

import { log } from "../../log.ts";
import type { AccessControl } from "../access/access_control.ts";
import type { Asker } from "../asker.ts";
import { partiesOf } from "../direct_room.ts";
import type { EventRun } from "./room_stream.ts";

/** Takes the events of all conversations of an account. */
export interface DirectSubscriber {
  /** Names it in diagnostics. */
  readonly label: string;
  /** Takes events of one conversation that have been committed, in order. It must only queue. */
  deliver(room: string, events: EventRun): void;
}

interface Follower {
  readonly asker: Asker;
  readonly subscriber: DirectSubscriber;
}

export class DirectDelivery {
  readonly #access: AccessControl;
  /** By key of the account. */
  readonly #followers = new Map<string, Set<Follower>>();

  constructor(access: AccessControl) {
    this.#access = access;
  }

  /** Delivers to a subscriber, until the function returned is called. */
  follow(asker: Asker, subscriber: DirectSubscriber): () => void {
    const { account } = asker;
    if (account === undefined) return () => {};
    const followers = this.#followers.get(account) ?? new Set();
    const follower = { asker, subscriber };
    this.#followers.set(account, followers.add(follower));
    return () => {
      if (!followers.delete(follower) || followers.size > 0) return;
      if (this.#followers.get(account) === followers) this.#followers.delete(account);
    };
  }

  /** Delivers a run to both sides, unless they may not read the room any more. */
  deliver(room: string, events: EventRun): void {
    // Somebody may write to themselves.
    for (const party of new Set(partiesOf(room))) {
      for (const { asker, subscriber } of this.#followers.get(party) ?? []) {
        // The asker may have logged out meanwhile, or logged in as somebody else.
        if (!this.#access.mayRead(asker, room)) continue;
        try {
          subscriber.deliver(room, events);
        } catch (error) {
          const { label } = subscriber;
          log("room").error("Cannot deliver to {subscriber}: {error}", {
            subscriber: label,
            error,
          });
        }
      }
    }
  }
}
