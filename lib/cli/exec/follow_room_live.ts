/**
 * Writes the events of a room as they happen, no faster than they are read: a slow reader is fed
 * from the log.
 *
 * @module
 */

import type { EventSink } from "../../domain/feeds/event_sink.ts";
import { RoomFeed } from "../../domain/feeds/room_feed.ts";
import type { Room } from "../../domain/rooms/room.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import type { EventRun, RoomStream } from "../../domain/rooms/room_stream.ts";
import type { ExecCall } from "./exec_command.ts";
import { watchAccess } from "./watch_access.ts";

/**
 * Writes everything after event `after`, until the command is stopped or nobody reads.
 *
 * @param line Writes an event with its line end.
 * @throws {DomainError} once the asker may no longer read the room.
 */
export async function followRoomLive(
  call: ExecCall,
  name: string,
  after: number,
  line: (event: RoomEvent) => string,
): Promise<void> {
  const { chat: { registry }, asker, program: { signal } } = call;
  if (signal.aborted) return;
  const sink = new ProgramSink(call, line);
  const feed = new RoomFeed(call.sees, sink);
  using _access = watchAccess(call, name, (refusal) => sink.fail(refusal));
  const onAbort = () => sink.end();
  signal.addEventListener("abort", onAbort);
  let entered: Room | undefined;
  try {
    await registry.watch(asker, name, (room) => {
      entered = room;
      feed.enter(room, Math.min(after, room.lastSeq));
    });
    await sink.done;
  } finally {
    if (entered) feed.leave(entered);
    signal.removeEventListener("abort", onAbort);
  }
}

/** Standard output as the end of a feed. */
class ProgramSink implements EventSink {
  readonly label: string;
  readonly #call: ExecCall;
  readonly #line: (event: RoomEvent) => string;
  readonly #done = Promise.withResolvers<void>();
  /** While much of what was taken is not read yet. */
  #writing: Promise<boolean> | undefined;

  constructor(call: ExecCall, line: (event: RoomEvent) => string) {
    this.label = `tail for ${call.session.context.remote}`;
    this.#call = call;
    this.#line = line;
  }

  /** Resolves once nothing more is wanted. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  take(_room: RoomStream, events: EventRun): boolean {
    if (this.#writing) return false;
    const writing = this.#call.program.write(events.map(this.#line).join(""));
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
