/**
 * What the list has to know of an event each time it is drawn, found out once.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { EventJson } from "../protocol.ts";
import { isMention } from "./mention.ts";
import { dayKey } from "./time_text.ts";

export interface EventFacts {
  /** When it was, milliseconds since 1970. */
  readonly at: number;
  /** As {@linkcode dayKey} has it. */
  readonly day: string;
  /** As names are compared by. */
  readonly fromKey: string;
  readonly isMention: boolean;
}

/** Remembers them for one's own name, as long as there are the events. */
export class EventFactsCache {
  #name = "";
  #facts = new WeakMap<EventJson, EventFacts>();

  of(event: EventJson, name: string): EventFacts {
    if (name !== this.#name) {
      this.#name = name;
      this.#facts = new WeakMap();
    }
    let facts = this.#facts.get(event);
    if (!facts) {
      facts = {
        at: Date.parse(event.at),
        day: dayKey(event.at),
        fromKey: nameKey(event.from),
        isMention: isMention(event, name),
      };
      this.#facts.set(event, facts);
    }
    return facts;
  }
}
