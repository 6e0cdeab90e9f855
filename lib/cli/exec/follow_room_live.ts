/**
 * Writes the events of a room as they happen, no faster than they are read: a slow reader is fed
 * from the log.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import { type EventSink, RoomFeed } from "../../domain/room_feed.ts";
import type { Room } from "../../domain/room.ts";
import type { EventRun, RoomStream } from "../../domain/room_stream.ts";
import { EVENT_FORMATS, type Format } from "../../service/chat/event_format.ts";
import type { ExecCall } from "./exec_command.ts";

/**
 * Writes everything after event `after`, until the command is stopped or nobody reads.
 *
 * @throws {DomainError} once the asker may no longer read the room.
 */
export async function followRoomLive(
  call: ExecCall,
  name: string,
  after: number,
  format: Format,
): Promise<void> {
  const { chat: { registry, access }, asker, program: { signal } } = call;
  if (signal.aborted) return;
  const sink = new ProgramSink(call, format);
  const feed = new RoomFeed(call.sees, sink);
  const check = () => {
    const refusal = access.refusal(asker, name, "read");
    if (refusal) sink.fail(refusal);
  };
  const onAbort = () => sink.end();
  const stopListening = access.onChange((key) => key === nameKey(name) && check());
  signal.addEventListener("abort", onAbort);
  asker.revoked?.addEventListener("abort", check);
  let entered: Room | undefined;
  try {
    await registry.watch(asker, name, (room) => {
      entered = room;
      feed.enter(room, Math.min(after, room.lastSeq));
    });
    await sink.done;
  } finally {
    if (entered) feed.leave(entered);
    stopListening();
    signal.removeEventListener("abort", onAbort);
    asker.revoked?.removeEventListener("abort", check);
  }
}

/** Standard output as the end of a feed. */
class ProgramSink implements EventSink {
  readonly label: string;
  readonly #call: ExecCall;
  readonly #format: Format;
  readonly #done = Promise.withResolvers<void>();
  /** While much of what was taken is not read yet. */
  #writing: Promise<boolean> | undefined;

  constructor(call: ExecCall, format: Format) {
    this.label = `tail for ${call.session.context.remote}`;
    this.#call = call;
    this.#format = format;
  }

  /** Resolves once nothing more is wanted. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  take(_room: RoomStream, events: EventRun): boolean {
    if (this.#writing) return false;
    const { line } = EVENT_FORMATS[this.#format];
    const writing = this.#call.program.write(events.map(line).join(""));
    this.#writing = writing;
    void writing?.then((isRead) => {
      this.#writing = undefined;
      if (!isRead) this.end();
    });
    return true;
  }

  turn(): Promise<void> | undefined {
    return this.#call.session.turn();
  }

  async ready(): Promise<boolean> {
    return await (this.#writing ?? true);
  }

  drained(): Promise<boolean> {
    return this.ready();
  }

  end(): void {
    this.#done.resolve();
  }

  fail(reason: Error): void {
    this.#done.reject(reason);
  }
}
