/**
 * The sequencer of a single process that has the log to itself: first come, first numbered.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { type Clock, systemClock } from "../clock.ts";
import { log } from "../log.ts";
import type { MessageLog } from "../domain/message_log.ts";
import type { Draft, RoomEvent } from "../domain/room_event.ts";
import type { Sequencer, SequencerListener } from "../domain/sequencer.ts";
import { EventNumbering } from "./event_numbering.ts";

/** Characters of text delivered in one turn of the event loop; the rest waits for the next. */
const STRIDE_CHARACTERS = 64 * 1024;
/** With more characters of text than this waiting, callers are asked to wait, too. */
const BUSY_CHARACTERS = 1024 * 1024;
/** Characters that make a good transaction: a larger one would delay what people say. */
const ENOUGH_CHARACTERS = 128 * 1024;
/** Characters that a draft counts for besides its text, so that empty ones do not pile up. */
const DRAFT_CHARACTERS = 32;

/**
 * Commits everything that arrives in one turn of the event loop in one transaction.
 *
 * A turn ends as soon as there is nothing else to do, so a lone message is committed at once, and
 * batches grow under load.
 */
export class LocalSequencer implements Sequencer {
  readonly #log: MessageLog;
  readonly #numbering: EventNumbering;
  #listener: SequencerListener | undefined;
  #drafts: Draft[] = [];
  #waitingCharacters = 0;
  /** Resolves once the waiting drafts have been delivered; `undefined` while there are none. */
  #gathering: Promise<void> | undefined;
  /** Resolves once the latest batch has been delivered. */
  #committing: Promise<void> | undefined;
  #isFailing = false;

  /** @param clock Stamps events. */
  constructor(log: MessageLog, clock: Clock = systemClock) {
    this.#log = log;
    this.#numbering = new EventNumbering(log, clock);
  }

  get isBusy(): boolean {
    return this.#waitingCharacters > BUSY_CHARACTERS;
  }

  get hasEnough(): boolean {
    return this.#waitingCharacters > ENOUGH_CHARACTERS;
  }

  listen(listener: SequencerListener): void {
    this.#listener = listener;
  }

  submit(draft: Draft): void {
    this.#drafts.push(draft);
    this.#waitingCharacters += draft.body.length + DRAFT_CHARACTERS;
    this.#gathering ??= this.#commitNext(this.#committing);
  }

  async settled(): Promise<void> {
    // Later drafts are not waited for: people who never stop talking would hold up the caller.
    await (this.#gathering ?? this.#committing);
  }

  async #commitNext(before: Promise<void> | undefined): Promise<void> {
    await before;
    // Input that has arrived by now is handled first, and joins the batch.
    await setImmediate();
    this.#committing = this.#gathering;
    this.#gathering = undefined;
    const drafts = this.#drafts;
    this.#drafts = [];
    this.#waitingCharacters = 0;
    await this.#commit(drafts);
  }

  async #commit(drafts: readonly Draft[]): Promise<void> {
    let events: readonly RoomEvent[];
    try {
      events = await this.#numbering.number(drafts);
      await this.#log.store(events);
    } catch (error) {
      this.#numbering.reset();
      this.#noteFailure(error as Error);
      this.#tell((listener) => listener.refused(drafts, error as Error));
      return;
    }
    this.#noteSuccess();
    for (let start = 0, end = 0; start < events.length; start = end) {
      if (start > 0) await setImmediate();
      for (let size = 0; end < events.length && size < STRIDE_CHARACTERS; end++) {
        size += events[end].body.length + DRAFT_CHARACTERS;
      }
      const run = start === 0 && end === events.length ? events : events.slice(start, end);
      this.#tell((listener) => listener.committed(run));
    }
  }

  /** The batch is on disk or is not, so an exception here must not keep later ones from anyone. */
  #tell(tell: (listener: SequencerListener) => void): void {
    try {
      tell(this.#listener!);
    } catch (error) {
      log("sequencer").error("Cannot deliver a batch: {error}", { error });
    }
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
