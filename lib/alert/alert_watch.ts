/**
 * Follows the log for alerts, and remembers how far it came: what was said just before a crash is
 * looked at after it. It may be told twice then, but never not at all.
 *
 * @module
 */

import { type Clock, Pauses } from "../clock.ts";
import type { LogWatch } from "../domain/log_watch.ts";
import type { StateStore } from "../domain/state_store.ts";
import { log } from "../log.ts";
import type { AlertDesk } from "./alert_desk.ts";
import type { Sighting } from "./alert_rule.ts";

/** Between two looks at the log. */
const INTERVAL_MS = 500;
/** Between two looks where the log could not be read. */
const RETRY_MS = 5000;
/** How long it may be before its place is written down. */
const SAVE_MS = 5000;
/** Where the place is kept. */
const STATE = { service: "alerts", key: "place" };

export interface AlertWatchOptions {
  readonly watch: LogWatch;
  readonly desk: AlertDesk;
  readonly state: StateStore;
  readonly clock: Clock;
}

export class AlertWatch {
  readonly #watch: LogWatch;
  readonly #desk: AlertDesk;
  readonly #state: StateStore;
  readonly #clock: Clock;
  readonly #pauses: Pauses;
  readonly #running: Promise<void>;
  #isStopping = false;
  #isFailing = false;
  #saved = "";
  #savedAt = 0;

  /** Begins at once, where an earlier one ended, or with what comes from now on. */
  constructor({ watch, desk, state, clock }: AlertWatchOptions) {
    this.#watch = watch;
    this.#desk = desk;
    this.#state = state;
    this.#clock = clock;
    this.#pauses = new Pauses(clock);
    this.#running = this.#run();
  }

  /** Looks at what there is once more, and lets go of the log. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true;
    this.#pauses.end();
    await this.#running;
    await this.#desk.close();
  }

  async #run(): Promise<void> {
    let through: number | undefined;
    do {
      try {
        through ??= await this.#begin();
        for (let isAll = false; !isAll;) {
          const findings = await this.#watch.look(through);
          for (const finding of findings.found) this.#desk.see(finding);
          ({ through, isAll } = findings);
          await this.#save(through, findings.found.length > 0 || this.#isStopping);
          if (this.#isStopping) return;
        }
        this.#isFailing = false;
      } catch (error) {
        this.#noteFailure(error as Error);
      }
      await this.#pauses.take(this.#isFailing ? RETRY_MS : INTERVAL_MS);
    } while (!this.#isFailing || !this.#isStopping);
  }

  async #begin(): Promise<number> {
    const end = await this.#watch.end();
    const saved = (await this.#state.all(STATE.service)).get(STATE.key);
    if (!saved) return end;
    const { through, held } = parsePlace(saved);
    this.#desk.restore(held);
    return Math.min(through, end);
  }

  async #save(through: number, isUrgent: boolean): Promise<void> {
    const now = this.#clock.monotonic();
    const place = placeText({ through, held: this.#desk.held });
    if (place === this.#saved || (!isUrgent && now - this.#savedAt < SAVE_MS)) return;
    await savePlace(this.#state, place);
    this.#saved = place;
    this.#savedAt = now;
  }

  /** Says it once. */
  #noteFailure({ message }: Error): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    log("alert").warning("Cannot look for what alerts ask for, and will try again: {message}", {
      message,
    });
  }
}

/** Forgets the place: where there are no alerts for a while, later ones begin with what comes then. */
export async function forgetAlerts(state: StateStore): Promise<void> {
  try {
    await savePlace(state, null);
  } catch {
    // On a full disk: no reason not to start, and the next start may do it.
  }
}

async function savePlace(state: StateStore, value: string | null): Promise<void> {
  await state.update(STATE.service, STATE.key, () => ({ value, result: undefined }));
}

export interface AlertPlace {
  /** The id of the last event that was looked at. */
  readonly through: number;
  /** What was found and not told yet, by the names of alerts. */
  readonly held: Readonly<Record<string, Sighting>>;
}

/** Characters of an event's text that are kept: more than a notice shows. */
const KEPT_CHARACTERS = 1000;

export function placeText({ through, held }: AlertPlace): string {
  const short = Object.entries(held).map(([name, { count, event }]) => {
    const { fields: _, ...rest } = event;
    return [name, { count, event: { ...rest, body: event.body.slice(0, KEPT_CHARACTERS) } }];
  });
  return JSON.stringify({ through, held: Object.fromEntries(short) });
}

/** @param text As {@linkcode placeText} gives it. */
export function parsePlace(text: string): AlertPlace {
  return JSON.parse(text);
}
