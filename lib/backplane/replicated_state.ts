/**
 * State that all nodes of a cluster have in common. A change is decided by what this node has
 * stored, and made by all nodes if that still holds when its turn in the stream has come; if not, it
 * is decided again.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import { type Clock, systemClock } from "../clock.ts";
import {
  type ConditionalSetting,
  type StateChange,
  type StateListener,
  type StateSetting,
  type StateStore,
  type StateTable,
  USE_RESOLUTION_MS,
} from "../domain/state_store.ts";
import { log } from "../log.ts";
import type { ReplicatedSequencer } from "./replicated_sequencer.ts";

export interface ReplicatedStateOptions {
  /** What this node has stored. */
  readonly table: StateTable;
  readonly sequencer: Pick<ReplicatedSequencer, "submitChange" | "onSettings">;
  /** Whether this node decides what one node decides for all. */
  readonly isDecider: () => boolean;
  /** Says when a value that is only read was last used. @default {systemClock} */
  readonly clock?: Clock;
}

/** An update that waits for its outcome. */
interface Update {
  readonly service: string;
  readonly key: string;
  readonly change: (value: string | undefined) => StateChange<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Tells the caller what was decided last. */
  settle?: () => void;
}

/** A value that updates of one turn change. */
interface ValueInTurn {
  readonly name: string;
  readonly was: string | null;
  value: string | null;
  /** Whether the outcome holds only if the value is still what it was. */
  isConditional: boolean;
  outcome: "made" | "lost" | Error;
  /** What comes after a removal: a value that is set again is a new one, behind all others. */
  readonly behind: Update[];
}

export class ReplicatedStateStore implements StateStore {
  readonly #table: StateTable;
  readonly #submitChange: (change: ConditionalSetting) => Promise<boolean>;
  readonly #isDecider: () => boolean;
  readonly #clock: Clock;
  /** In the order of the calls, but for those that are decided again, which go first. */
  #waiting: Update[] = [];
  #isTurnComing = false;
  /** Updates that wait for one of the same value that is on its way, by name of the value. */
  readonly #behind = new Map<string, Update[]>();
  /** Names of values whose use is being noted. */
  readonly #noting = new Set<string>();
  readonly #listeners = new Map<string, Set<StateListener>>();

  constructor({ table, sequencer, isDecider, clock = systemClock }: ReplicatedStateOptions) {
    this.#table = table;
    this.#submitChange = (change) => sequencer.submitChange(change);
    this.#isDecider = isDecider;
    this.#clock = clock;
    sequencer.onSettings((settings, isOwn) => {
      if (!isOwn) settings.forEach((setting) => this.#tell(setting));
    });
  }

  update<Result>(
    service: string,
    key: string,
    change: (value: string | undefined) => StateChange<Result>,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ service, key, change, resolve: resolve as Update["resolve"], reject });
      this.#awaitTurn();
    });
  }

  all(service: string): Promise<ReadonlyMap<string, string>> {
    return this.#table.all(service);
  }

  /** Only one node of the cluster removes any. */
  async removeUnused(service: string, before: number, limit: number): Promise<number> {
    if (!this.#isDecider()) return 0;
    const unused = [...this.#table.unused(service, before, limit)];
    const removed = await Promise.all(
      unused.map(([key, was]) => this.#submitChange({ service, key, value: null, was })),
    );
    return removed.filter((isRemoved) => isRemoved).length;
  }

  follow(service: string, listener: StateListener): () => void {
    const listeners = this.#listeners.get(service) ?? new Set();
    this.#listeners.set(service, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  #tell(setting: StateSetting | ConditionalSetting): void {
    const { service, key, value } = setting;
    const was = "was" in setting ? setting.was : undefined;
    for (const listener of this.#listeners.get(service) ?? []) {
      try {
        listener(key, value, was);
      } catch (error) {
        log("state").error("Cannot apply what another node changed: {error}", { error });
      }
    }
  }

  #awaitTurn(): void {
    if (this.#isTurnComing || this.#waiting.length === 0) return;
    this.#isTurnComing = true;
    setImmediate(() => {
      this.#isTurnComing = false;
      this.#decide();
    });
  }

  /** Decides what waits, and has the changes made together. */
  #decide(): void {
    const values = new Map<string, ValueInTurn>();
    const decided: [Update, ValueInTurn][] = [];
    const updates = this.#waiting;
    this.#waiting = [];
    for (const update of updates) {
      const name = `${update.service}\n${update.key}`;
      const behind = this.#behind.get(name);
      if (behind) {
        behind.push(update);
        continue;
      }
      let value = values.get(name);
      if (!value) values.set(name, value = this.#find(update, name));
      if (value.was !== null && value.value === null) {
        value.behind.push(update);
        continue;
      }
      decide(update, value);
      if (value.isConditional) decided.push([update, value]);
      else update.settle!();
    }
    if (decided.length > 0) this.#make(decided);
  }

  #find({ service, key }: Update, name: string): ValueInTurn {
    const stored = this.#table.read(service, key);
    const was = stored?.value ?? null;
    if (stored && this.#clock.now() - stored.used >= USE_RESOLUTION_MS) {
      this.#noteUse(name, { service, key, value: was, was });
    }
    return { name, was, value: was, isConditional: false, outcome: "made", behind: [] };
  }

  async #make(decided: readonly [Update, ValueInTurn][]): Promise<void> {
    const places = new Map(decided.map(([update, value]) => [value, update]));
    for (const { name, behind } of places.keys()) this.#behind.set(name, behind);
    await Promise.all(Array.from(places, async ([place, { service, key }]) => {
      const { value, was } = place;
      try {
        place.outcome = await this.#submitChange({ service, key, value, was }) ? "made" : "lost";
      } catch (error) {
        place.outcome = error as Error;
      }
    }));
    const again: Update[] = [];
    for (const [update, { outcome }] of decided) {
      if (outcome === "made") update.settle!();
      else if (outcome === "lost") again.push(update);
      else update.reject(outcome);
    }
    for (const { name, behind } of places.keys()) {
      again.push(...behind);
      this.#behind.delete(name);
    }
    this.#waiting = [...again, ...this.#waiting];
    this.#awaitTurn();
  }

  /**
   * Notes that a value was read, at most once a day, so that no node takes it for unused. Nobody
   * waits for that.
   */
  #noteUse(name: string, change: ConditionalSetting): void {
    if (this.#noting.has(name)) return;
    this.#noting.add(name);
    this.#submitChange(change).catch(({ message }: Error) => {
      log("state").debug("Cannot record that a value was read: {message}", { message });
    }).finally(() => this.#noting.delete(name));
  }
}

function decide(update: Update, place: ValueInTurn): void {
  try {
    const { value, result } = update.change(place.value ?? undefined);
    update.settle = () => update.resolve(result);
    if (value === undefined) return;
    place.value = value;
    place.isConditional = true;
  } catch (error) {
    update.settle = () => update.reject(error);
  }
}
