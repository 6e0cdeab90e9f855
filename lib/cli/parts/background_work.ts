/**
 * What the server does besides serving people: it removes what is kept long enough, looks for
 * damage, and watches the log for alerts.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { AccessControl } from "../../domain/access/access_control.ts";
import { KNOWN_ADDRESS_STATE } from "../../domain/access/login/known_addresses.ts";
import { DecidedSweeper } from "../../domain/retention/decided_sweeper.ts";
import { StateExpiry } from "../../domain/retention/state_expiry.ts";
import { Sweeper } from "../../domain/retention/sweeper.ts";
import type { Sequencer } from "../../domain/sequencer.ts";
import type { StateStore } from "../../domain/state_store.ts";
import { PERSON_STATE } from "../../service/chat/person_store.ts";
import { PROGRESS_STATE } from "../../service/logger/sender_progress.ts";
import { DamageSearch } from "../../store/sqlite/reading/damage_search.ts";
import type { ServeOptions } from "../settings/serve_options.ts";
import { openAlerts } from "./open_alerts.ts";
import type { openStores } from "./open_stores.ts";
import { Successor } from "./successor.ts";

export interface BackgroundWorkParts {
  readonly stores: Awaited<ReturnType<typeof openStores>>;
  readonly sequencer: Sequencer;
  readonly state: StateStore;
  readonly access: AccessControl;
  readonly clock: Clock;
  /** Whether this node decides for all nodes of a cluster. @default {there is no cluster} */
  readonly isDecider?: () => boolean;
}

/** Runs until it is disposed of. */
export class BackgroundWork implements AsyncDisposable {
  readonly #parts: BackgroundWorkParts;
  readonly #running = new AsyncDisposableStack();
  readonly #sweeping: Successor;
  readonly #alerting: Successor;

  /** Sweeps and watches for nothing yet; see {@linkcode BackgroundWork.adjust}. */
  constructor(parts: BackgroundWorkParts) {
    this.#parts = parts;
    this.#sweeping = this.#running.use(new Successor());
    const { stores, state, clock } = parts;
    for (const kind of [PERSON_STATE, KNOWN_ADDRESS_STATE, PROGRESS_STATE]) {
      this.#running.use(new StateExpiry({ ...kind, state, clock }));
    }
    this.#running.use(
      new DamageSearch({
        pool: stores.readers,
        clock,
        report: stores.damage,
        onIndexDamage: (fault) => stores.rebuildIndex(fault),
      }),
    );
    this.#running.use(stores.guard.watch(clock));
    this.#alerting = this.#running.use(new Successor());
  }

  /** Sweeps and watches as options say. */
  async adjust({ retention: rules, alerts }: ServeOptions): Promise<void> {
    const { stores, sequencer, clock, isDecider, state, access } = this.#parts;
    const sweep = { log: stores.sweep, sequencer, rules, clock };
    await this.#sweeping.start(() =>
      Promise.resolve(isDecider ? new DecidedSweeper({ ...sweep, isDecider }) : new Sweeper(sweep))
    );
    const parts = { pool: stores.readers, sequencer, state, clock, access, isDecider };
    await this.#alerting.start(() => openAlerts(alerts, parts));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running.disposeAsync();
  }
}
