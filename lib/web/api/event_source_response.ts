/**
 * A room's events as they happen, for programs: server-sent events (WHATWG HTML section 9.2).
 *
 * The client reads the room itself and not its digest, so it gets every log line. It is fed from the
 * log when it is slow or reconnects.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { ConnectionContext } from "../../context.ts";
import type { Asker } from "../../domain/asker.ts";
import { DomainError } from "../../domain/domain_error.ts";
import type { EventSink } from "../../domain/feeds/event_sink.ts";
import { RoomFeed } from "../../domain/feeds/room_feed.ts";
import { RunMemos } from "../../domain/feeds/run_memos.ts";
import { nameKey } from "../../domain/name.ts";
import type { Room } from "../../domain/rooms/room.ts";
import type { EventRun, RoomStream } from "../../domain/rooms/room_stream.ts";
import { log } from "../../log.ts";
import type { Flusher } from "../../server/output/flusher.ts";
import { Outbox } from "../../server/output/outbox.ts";
import type { ChatContext } from "../../service/chat/chat_session.ts";
import { EVENT_FORMS } from "./event_forms.ts";

/** Size of the outbox, in bytes. */
const CAPACITY_BYTES = 64 * 1024;
/** Something is sent at least this often, so that a dead connection is noticed. */
const HEARTBEAT_MS = 15_000;
/** A stream that starts at most this many events back is fed like one that is a little slow. */
const LIVE_EVENTS = 100;
const encoder = new TextEncoder();
/** Browsers reconnect after a second. */
const GREETING = encoder.encode("retry: 1000\n\n");
const HEARTBEAT = encoder.encode(": \n\n");
/** Shared by all streams. */
const encodings = new RunMemos((run) => encoder.encode(run.map(EVENT_FORMS.stream).join("")));

export interface EventSourceResponseOptions {
  readonly chat: ChatContext;
  /** Who it is for. */
  readonly asker: Asker;
  readonly clock: Clock;
  readonly flusher: Flusher;
  readonly context: ConnectionContext;
}

export class EventSourceResponse implements EventSink {
  readonly label: string;
  readonly #options: EventSourceResponseOptions;
  readonly #feed: RoomFeed;
  readonly #outbox: Outbox;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #room: Room | undefined;
  #cancelTimer: (() => void) | undefined;
  #stopListening: (() => void) | undefined;
  #isEnded = false;
  readonly #onRevoked = () => this.fail(this.#options.asker.revoked!.reason);
  /** Resolves the pending write once the client has taken it. */
  #wake: (() => void) | undefined;
  /** The body of the response. */
  readonly body: ReadableStream<Uint8Array>;

  constructor(options: EventSourceResponseOptions) {
    this.#options = options;
    this.label = `stream for ${options.context.remote}`;
    this.#feed = new RoomFeed(options.chat.archive.for(options.asker), this);
    this.#outbox = new Outbox(
      { write: (bytes) => this.#write(bytes) },
      { capacityBytes: CAPACITY_BYTES, flusher: options.flusher },
    );
    this.body = new ReadableStream<Uint8Array>({
      start: (controller) => void (this.#controller = controller),
      pull: () => {
        this.#wake?.();
        this.#wake = undefined;
      },
      cancel: () => this.#end(),
    }, { highWaterMark: 0 });
  }

  /**
   * Starts after the event with `seq` `after`; without it, with the next event.
   *
   * @param lastSeq The room's last number; events up to it can be sent as they are in the log.
   */
  async start(name: string, lastSeq: number, after: number | undefined): Promise<void> {
    this.#options.asker.revoked?.addEventListener("abort", this.#onRevoked);
    this.#outbox.push(GREETING);
    if (after === undefined || lastSeq - after < LIVE_EVENTS) {
      return await this.#follow(name, after);
    }
    this.#replay(name, lastSeq, after)
      .then((end) => this.#follow(name, end))
      .catch((error) => this.fail(error));
  }

  /** Sends the distant past; resolves to the number of the last event sent. */
  async #replay(name: string, lastSeq: number, after: number): Promise<number> {
    let end = after;
    while (end < lastSeq && await this.#outbox.ready()) {
      const range = { after: end, before: lastSeq + 1 };
      const { bytes, before } = await this.#options.chat.archive.for(this.#options.asker).encode(
        name,
        range,
        "stream",
      );
      while (!this.#outbox.offer(bytes)) await this.#outbox.drained();
      end = before - 1;
    }
    return end;
  }

  async #follow(name: string, after: number | undefined): Promise<void> {
    const { chat: { registry, access }, asker } = this.#options;
    if (this.#isEnded) return;
    await registry.watch(asker, name, (room) => {
      if (this.#isEnded) return;
      this.#stopListening = access.onChange((key) => {
        const refusal = key === nameKey(name) && access.refusal(asker, name, "read");
        if (refusal) this.fail(refusal);
      });
      this.#room = room;
      this.#feed.enter(room, after === undefined ? undefined : Math.min(after, room.lastSeq));
      this.#beat();
    });
  }

  take(_room: RoomStream, events: EventRun): boolean {
    return this.#outbox.offer(encodings.of(events));
  }

  ready(): Promise<boolean> {
    return this.#outbox.ready();
  }

  drained(): Promise<boolean> {
    return this.#outbox.drained();
  }

  fail(error: Error): void {
    if (this.#isEnded) return;
    // If the log cannot be read, the reason has been logged already.
    if (!(error instanceof DomainError)) {
      log("web").error("Cannot continue a stream: {error}", { error });
    }
    this.#end();
    this.#controller.error(error);
  }

  #beat(): void {
    this.#cancelTimer = this.#options.clock.after(HEARTBEAT_MS, () => {
      this.#outbox.offer(HEARTBEAT);
      this.#beat();
    });
  }

  /** Hands bytes to the body; resolves once they have been taken. */
  #write(bytes: Uint8Array): Promise<number> {
    this.#controller.enqueue(bytes);
    return new Promise((resolve) => this.#wake = () => resolve(bytes.length));
  }

  #end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#cancelTimer?.();
    this.#stopListening?.();
    this.#options.asker.revoked?.removeEventListener("abort", this.#onRevoked);
    this.#outbox.abandon();
    if (this.#room) this.#feed.leave(this.#room);
  }
}
