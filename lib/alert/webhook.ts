/**
 * Delivers alerts to a URL, one at a time. Alerts that come during a delivery are joined into the
 * next one. Nobody waits for deliveries, and failures are logged.
 *
 * @module
 */

import { type Clock, sleep } from "../clock.ts";
import { log } from "../log.ts";
import type { RoomEvent } from "../domain/room_event.ts";
import { type AlertRule, joinSightings, redactedSighting, type Sighting } from "./alert_rule.ts";
import { alertJson } from "./alert_text.ts";
import { PostError, postJson, type PostOptions } from "./http_post.ts";

/** Milliseconds before each retry. */
const RETRY_MS = [1000, 5000, 25_000];

export interface WebhookOptions {
  readonly clock: Clock;
  /** Options of {@linkcode postJson}. */
  readonly post?: PostOptions;
}

/** The webhook of one alert. */
export class Webhook {
  readonly #rule: AlertRule;
  readonly #url: URL;
  readonly #clock: Clock;
  readonly #post: PostOptions;
  readonly #stop = new AbortController();
  #waiting: Sighting | undefined;
  /** The one being delivered, perhaps for the second time. */
  #current: Sighting | undefined;
  #delivering: Promise<void> | undefined;

  constructor(rule: AlertRule, url: URL, { clock, post = {} }: WebhookOptions) {
    this.#rule = rule;
    this.#url = url;
    this.#clock = clock;
    const isAllowed = rule.allowPrivate ? () => true : post.isAllowed;
    this.#post = { clock, ...post, isAllowed, signal: this.#stop.signal };
  }

  /** Delivers a sighting in the background. */
  send(sighting: Sighting): void {
    this.#waiting = joinSightings(this.#waiting, sighting);
    this.#delivering ??= this.#deliverAll();
  }

  /** Applies redactions to what has not been delivered. */
  redact(redactions: readonly RoomEvent[]): void {
    this.#waiting = this.#waiting && redactedSighting(this.#waiting, redactions);
    this.#current = this.#current && redactedSighting(this.#current, redactions);
  }

  /** Aborts the current delivery, and resolves once it has ended. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#delivering;
  }

  async #deliverAll(): Promise<void> {
    while (this.#waiting) {
      this.#current = this.#waiting;
      this.#waiting = undefined;
      await this.#deliver();
    }
    this.#current = undefined;
    this.#delivering = undefined;
  }

  async #deliver(): Promise<void> {
    for (let attempt = 0;; attempt++) {
      const json = JSON.stringify(alertJson(this.#rule, this.#current!));
      try {
        await postJson(this.#url, json, this.#post);
        return;
      } catch (error) {
        const isLast = attempt === RETRY_MS.length || this.#stop.signal.aborted ||
          !(error instanceof PostError && error.isTemporary);
        this.#noteFailure(error as Error, isLast);
        if (isLast) return;
      }
      await sleep(this.#clock, RETRY_MS[attempt], this.#stop.signal);
    }
  }

  /** Logs only the host: for many services the full URL is the secret. */
  #noteFailure({ message }: Error, isLast: boolean): void {
    const what = isLast ? "Cannot deliver" : "Cannot deliver yet";
    log("alert")[isLast ? "warning" : "info"](
      `${what} alert {alert} to {host}: {message}`,
      { alert: this.#rule.name, host: this.#url.host, message },
    );
  }
}
