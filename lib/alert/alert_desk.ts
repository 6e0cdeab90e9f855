/**
 * Passes on what alerts found: to each alert's room and webhook, no more often than it may.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { QueryMatch } from "../domain/log_watch.ts";
import type { Sequencer } from "../domain/sequencer.ts";
import { log } from "../log.ts";
import { AlertGate } from "./alert_gate.ts";
import type { AlertRule, Sighting } from "./alert_rule.ts";
import { alertDraft, alertText } from "./alert_text.ts";
import type { PostOptions } from "./http_post.ts";
import { Webhook } from "./webhook.ts";

export interface AlertDeskOptions {
  readonly rules: readonly AlertRule[];
  /** Takes the notices. */
  readonly sequencer: Pick<Sequencer, "submit" | "settled">;
  readonly clock: Clock;
  /** How a POST is made. */
  readonly post?: PostOptions;
}

interface Alert {
  readonly name: string;
  readonly gate: AlertGate;
  readonly webhook: Webhook | undefined;
}

export class AlertDesk {
  readonly #alerts: readonly Alert[];
  readonly #sequencer: AlertDeskOptions["sequencer"];

  constructor({ rules, sequencer, clock, post }: AlertDeskOptions) {
    this.#sequencer = sequencer;
    this.#alerts = rules.map((rule) => {
      const webhook = rule.webhook && new Webhook(rule, rule.webhook, { clock, post });
      const tell = (sighting: Sighting) => this.#tell(rule, webhook, sighting);
      const gate = new AlertGate(tell, { everyMs: rule.everyMs, clock });
      return { name: rule.name, webhook, gate };
    });
  }

  /** What has to wait, by the names of alerts. */
  get held(): Readonly<Record<string, Sighting>> {
    return Object.fromEntries(
      this.#alerts.flatMap(({ name, gate }) => gate.held ? [[name, gate.held]] : []),
    );
  }

  /** Takes what had to wait when an earlier one ended without telling it. */
  restore(held: Readonly<Record<string, Sighting>>): void {
    for (const { name, gate } of this.#alerts) {
      if (Object.hasOwn(held, name)) gate.see(held[name]);
    }
  }

  /** Takes what the query of the alert in that place found. */
  see({ query, count, event }: QueryMatch): void {
    this.#alerts[query].gate.see({ count, event });
  }

  /** Tells rooms what was held back so far, and gives up what was not delivered. */
  async close(): Promise<void> {
    for (const { gate } of this.#alerts) gate.close();
    await Promise.all(this.#alerts.map(({ webhook }) => webhook?.close()));
    await this.#sequencer.settled();
  }

  #tell(rule: AlertRule, webhook: Webhook | undefined, sighting: Sighting): void {
    log("alert").debug(alertText(rule, sighting));
    if (rule.room !== undefined) this.#sequencer.submit(alertDraft(rule, rule.room, sighting));
    webhook?.send(sighting);
  }
}
