/**
 * Sends the matches of each alert to its room and its webhook, no more often than the rule allows.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { RoomEvent } from "../domain/room_event.ts";
import type { QueryMatch } from "../domain/search/log_watch.ts";
import type { Sequencer } from "../domain/sequencer.ts";
import { log } from "../log.ts";
import { AlertGate } from "./alert_gate.ts";
import type { AlertRule, Sighting } from "./alert_rule.ts";
import { alertDraft, alertText } from "./alert_text.ts";
import type { PostOptions } from "./http_post.ts";
import { Webhook } from "./webhook.ts";

export interface AlertDeskOptions {
  readonly rules: readonly AlertRule[];
  /** Stores the notices. */
  readonly sequencer: Pick<Sequencer, "submit" | "settled">;
  readonly clock: Clock;
  /** Options of the POST requests. */
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

  /** The sightings held back, by alert. */
  get held(): Readonly<Record<string, Sighting>> {
    return Object.fromEntries(
      this.#alerts.flatMap(({ name, gate }) => gate.held ? [[name, gate.held]] : []),
    );
  }

  /** Takes the sightings that an earlier process held back. */
  restore(held: Readonly<Record<string, Sighting>>): void {
    for (const { name, gate } of this.#alerts) {
      if (Object.hasOwn(held, name)) gate.see(held[name]);
    }
  }

  /** Forgets what is held back. */
  drop(): void {
    for (const { gate } of this.#alerts) gate.drop();
  }

  /** Takes matches of the query of an alert, given the index of its rule. */
  see({ query, count, first, event }: QueryMatch): void {
    const { gate } = this.#alerts[query];
    // One by one, so that the first is not held back to be counted with the others.
    if (first) gate.see({ count: 1, event: first });
    gate.see({ count: first ? count - 1 : count, event });
  }

  /** Applies redactions to what is held back, or still to be delivered. */
  redact(redactions: readonly RoomEvent[]): void {
    if (redactions.length === 0) return;
    for (const { gate, webhook } of this.#alerts) {
      gate.redact(redactions);
      webhook?.redact(redactions);
    }
  }

  /** Tells the rooms what was held back, and aborts deliveries to webhooks. */
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
