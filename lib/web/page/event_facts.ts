/**
 * Facts derived from an event, cached because the list needs them whenever it is rendered.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import { isMention } from "../../domain/text/mention.ts";
import type { EventJson } from "../protocol.ts";
import { dayKey } from "./time_text.ts";

export interface EventFacts {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The {@linkcode dayKey} of its day. */
  readonly day: string;
  /** The {@linkcode nameKey} of its sender. */
  readonly fromKey: string;
  readonly isMention: boolean;
}

/** Caches facts for one user's name, for as long as the events live. */
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
