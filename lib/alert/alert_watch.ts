/**
 * Follows the log for alerts and saves how far it got. After a crash it continues there, so a match
 * may be reported twice, but is never missed. In a cluster one node does that, and when it is gone
 * another one continues where it stopped.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { Rounds } from "../domain/rounds.ts";
import type { LogWatch } from "../domain/search/log_watch.ts";
import type { StateStore } from "../domain/state_store.ts";
import { log } from "../log.ts";
import type { AlertDesk } from "./alert_desk.ts";
import type { Sighting } from "./alert_rule.ts";

/** Interval between two looks at the log. */
const INTERVAL_MS = 500;
/** Interval after the log could not be read. */
const RETRY_MS = 5000;
/** The place is saved at least this often while it changes. */
const SAVE_MS = 5000;
/** The key under which the place is saved. */
const STATE = { service: "alerts", key: "place" };

export interface AlertWatchOptions {
  readonly watch: LogWatch;
  readonly desk: AlertDesk;
  readonly state: StateStore;
  readonly clock: Clock;
  /** Keys of the rooms whose events are not told elsewhere. */
  readonly hidden: () => readonly string[];
  /** Whether this node tells what one node of a cluster tells. @default {always} */
  readonly isDecider?: () => boolean;
}

export class AlertWatch implements AsyncDisposable {
  readonly #watch: LogWatch;
  readonly #desk: AlertDesk;
  readonly #state: StateStore;
  readonly #clock: Clock;
  readonly #hidden: () => readonly string[];
  readonly #isDecider: () => boolean;
  readonly #rounds: Rounds;
  /** The id of the last event that was checked; `undefined` until the place is known. */
  #through: number | undefined;
  #saved = "";
  #savedAt = 0;

  /** Starts at once, where an earlier watch stopped, otherwise at the end of the log. */
  constructor(options: AlertWatchOptions) {
    const { watch, desk, state, clock, hidden, isDecider = () => true } = options;
    this.#hidden = hidden;
    this.#isDecider = isDecider;
    this.#watch = watch;
    this.#desk = desk;
    this.#state = state;
    this.#clock = clock;
    this.#rounds = new Rounds({
      clock,
      intervalMs: INTERVAL_MS,
      retryMs: RETRY_MS,
      hasLastRound: true,
      round: () => this.#look(),
      onFailure: (message) =>
        log("alert").warning("Cannot check the log for alerts, and will try again: {message}", {
          message,
        }),
    });
  }

  /** Looks at the log a last time, and closes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rounds[Symbol.asyncDispose]();
    await this.#desk.close();
  }

  /** Looks at the log up to its end; resolves to whether that was the last time. */
  async #look(): Promise<boolean> {
    if (!this.#isDecider()) {
      // Another node tells what is held back.
      this.#through = undefined;
      this.#desk.drop();
      return this.#rounds.isStopping;
    }
    this.#through ??= await this.#begin();
    for (let isAll = false; !isAll;) {
      const { found, redactions = [], ...progress } = await this.#watch.look(
        this.#through,
        this.#hidden(),
      );
      for (const finding of found) this.#desk.see(finding);
      this.#desk.redact(redactions);
      ({ through: this.#through, isAll } = progress);
      const isUrgent = found.length + redactions.length > 0 || this.#rounds.isStopping;
      await this.#save(this.#through, isUrgent);
      if (this.#rounds.isStopping) return true;
    }
    return false;
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
}

/** Forgets the place, so that alerts added later start at the end of the log. */
export async function forgetAlerts(state: StateStore): Promise<void> {
  try {
    await savePlace(state, null);
  } catch {
    // Such as a full disk: no reason not to start, and the next start tries again.
  }
}

async function savePlace(state: StateStore, value: string | null): Promise<void> {
  await state.update(STATE.service, STATE.key, () => ({ value, result: undefined }));
}

/** How far the alerts got; it outlives the process. */
export interface AlertPlace {
  /** The id of the last event that was checked. */
  readonly through: number;
  /** The sightings held back, by alert. */
  readonly held: Readonly<Record<string, Sighting>>;
}

/** The text of a held event is cut to this many characters, more than a notice shows. */
const KEPT_CHARACTERS = 1000;

/** Serialises a place. */
export function placeText({ through, held }: AlertPlace): string {
  const short = Object.entries(held).map(([name, { count, event }]) => {
    const { fields: _, ...rest } = event;
    return [name, { count, event: { ...rest, body: event.body.slice(0, KEPT_CHARACTERS) } }];
  });
  return JSON.stringify({ through, held: Object.fromEntries(short) });
}

/** Parses a place. @param text As {@linkcode placeText} returns it. */
export function parsePlace(text: string): AlertPlace {
  return JSON.parse(text);
}
