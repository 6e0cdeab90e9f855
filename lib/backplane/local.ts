/**
 * The sequencer of a single process that has the log to itself: first come, first numbered.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { type Clock, systemClock } from "../clock.ts";
import { LogLostError } from "../domain/log_error.ts";
import type { MessageLog } from "../domain/message_log.ts";
import type { Draft, RoomEvent } from "../domain/room_event.ts";
import type { Sequencer, SequencerListener } from "../domain/sequencer.ts";
import { loggedForms } from "../domain/unlogged.ts";
import { log } from "../log.ts";
import { Histogram } from "../metrics/histogram.ts";
import type { BatchTrace, StartTrace } from "./batch_trace.ts";
import { Delivery } from "./delivery.ts";
import { DraftWaiters } from "./draft_waiters.ts";
import { EventNumbering } from "./event_numbering.ts";
import { WaitingDrafts } from "./waiting_drafts.ts";

/** With more characters of text than this waiting, callers are asked to wait, too. */
const BUSY_CHARACTERS = 1024 * 1024;
/** Characters in one transaction, unless one origin has more: what people say waits for it. */
const BATCH_CHARACTERS = 256 * 1024;
/** Characters that make a good transaction: a larger one would delay what people say. */
const ENOUGH_CHARACTERS = 128 * 1024;

/** Says when a batch is worth taking. */
export interface BatchTurn {
  /** Resolves when to take one. @param arrived How many drafts have ever arrived. */
  ready(arrived: () => number): Promise<void>;
  /** Notes that it was delivered, or refused. */
  delivered(): void;
}

/**
 * Commits everything that arrives in one turn of the event loop in one transaction.
 *
 * A turn ends as soon as there is nothing else to do, so a lone message is committed at once, and
 * batches grow under load.
 */
export class LocalSequencer implements Sequencer {
  /** How long it took to store batches. */
  readonly commits = new Histogram();
  readonly #log: MessageLog;
  readonly #clock: Clock;
  readonly #batchTurn: BatchTurn;
  readonly #numbering: EventNumbering;
  readonly #delivery: Delivery;
  readonly #waiting = new WaitingDrafts();
  readonly #waiters = new DraftWaiters();
  #isCommitting = false;
  #isFailing = false;
  /** Starts traces of batches. @default {none are traced} */
  startTrace: StartTrace | undefined;

  /**
   * @param clock Stamps events.
   * @param nextTurn Resolves in a later turn of the event loop, after arrived bytes were read.
   * @param batchTurn Says when to take a batch. @default {in the next turn}
   */
  constructor(
    log: MessageLog,
    clock: Clock = systemClock,
    nextTurn: () => Promise<void> = () => setImmediate(),
    batchTurn: BatchTurn = { ready: nextTurn, delivered: () => {} },
  ) {
    this.#log = log;
    this.#clock = clock;
    this.#batchTurn = batchTurn;
    this.#delivery = new Delivery(nextTurn, clock);
    this.#numbering = new EventNumbering(log, clock);
  }

  get isBusy(): boolean {
    return this.#waiting.weight > BUSY_CHARACTERS;
  }

  get hasEnough(): boolean {
    return this.#waiting.weight > ENOUGH_CHARACTERS;
  }

  /** How long it took to deliver them. */
  get fanOuts(): Histogram {
    return this.#delivery.times;
  }

  /** Whether the last batch was stored. */
  get isWritable(): boolean {
    return !this.#isFailing;
  }

  listen(listener: SequencerListener): void {
    this.#delivery.listen(listener);
  }

  submit(draft: Draft): void {
    this.#waiting.push(draft);
    if (!this.#isCommitting) this.#commitAll();
  }

  settled(): Promise<void> {
    // Later drafts are not waited for: people who never stop talking would hold up the caller.
    return this.#waiters.wait(this.#waiting.arrived);
  }

  check(): Promise<void> {
    return this.#log.check();
  }

  async #commitAll(): Promise<void> {
    this.#isCommitting = true;
    while (this.#waiting.taken < this.#waiting.arrived) {
      // Input that has arrived by now is handled first, and joins the batch.
      const since = this.startTrace && this.#clock.now();
      await this.#batchTurn.ready(() => this.#waiting.arrived);
      const trace = since === undefined ? undefined : this.startTrace?.(since);
      await this.#commit(this.#waiting.take(BATCH_CHARACTERS), trace);
      this.#batchTurn.delivered();
      this.#waiters.release(this.#waiting.taken);
    }
    this.#isCommitting = false;
  }

  async #commit(drafts: readonly Draft[], trace: BatchTrace | undefined): Promise<void> {
    let events: readonly RoomEvent[];
    try {
      events = await this.#numbering.number(drafts);
      const start = this.#clock.monotonic();
      await this.#log.store(loggedForms(events));
      this.commits.observeMs(this.#clock.monotonic() - start);
    } catch (error) {
      this.#numbering.reset();
      // A lost log has been reported.
      if (!(error instanceof LogLostError)) this.#noteFailure(error as Error);
      this.#delivery.tell((listener) => listener.refused(drafts, error as Error));
      trace?.end(error as Error);
      return;
    }
    this.#noteSuccess();
    trace?.committed(events.length);
    await this.#delivery.deliver(events);
    trace?.end();
  }

  /** Logged once: a full disk fails every batch until there is space again. */
  #noteFailure({ message }: Error): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    log("sequencer").error("Cannot write to the log, so no message can be sent: {message}", {
      message,
    });
  }

  #noteSuccess(): void {
    if (!this.#isFailing) return;
    this.#isFailing = false;
    log("sequencer").info("The log is writable again");
  }
}
