/**
 * A sender that may come back after its connection was lost, and send again what was not
 * acknowledged.
 *
 * @module
 */

import { DomainError } from "../../domain/domain_error.ts";
import type { RoomHistory } from "../../domain/history/room_history.ts";
import { nameKey } from "../../domain/name.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import type { RoomRegistry } from "../../domain/rooms/room_registry.ts";
import type { Session } from "../../server/session/session.ts";
import type { LogLineParser } from "./log_line_parser.ts";
import type { Sender, Senders } from "./senders.ts";
import { StoredLines } from "./stored_lines.ts";

export interface ReturningSenderOptions {
  readonly session: Pick<Session, "address" | "context">;
  readonly senders: Senders;
  readonly registry: Pick<RoomRegistry, "caughtUp" | "check">;
  readonly log: RoomHistory;
  /** As returned by `parseRoomName`. */
  readonly room: string;
  readonly parser: LogLineParser;
  /** Closes the connection at once, because a later one has taken its place. */
  readonly abort: () => void;
}

export class ReturningSender implements Sender {
  readonly number: number;
  hasResumed = false;
  readonly #options: ReturningSenderOptions;
  readonly #done = Promise.withResolvers<void>();
  /** Its key among the senders, once it is one of them. */
  #key: string | undefined;
  /** The stored lines, while the sender sends lines again. */
  #stored: StoredLines | undefined;

  constructor(options: ReturningSenderOptions) {
    this.#options = options;
    this.number = options.session.context.connection;
  }

  get done(): Promise<void> {
    return this.#done.promise;
  }

  abort(): void {
    this.#options.abort();
  }

  /** Registers the sender under its name; returns `false` if a later connection has its place. */
  register(): boolean {
    if (this.#key) return true;
    const { room, senders, parser, session: { address, context } } = this.#options;
    // Its stored lines are found by its name.
    parser.isSourceFixed = true;
    // On a Unix socket every connection has an address of its own, but all are from this machine.
    const machine = context.transport === "unix" ? "" : address;
    this.#key = JSON.stringify([machine, nameKey(room), parser.source]);
    if (senders.add(this.#key, this)) return true;
    this.abort();
    return false;
  }

  /**
   * Continues after event `seq`, or after the last event of the room, once earlier connections of
   * the sender have ended. Returns the number, or `undefined` if a later connection has its place.
   *
   * @throws {DomainError} `no-such-event`.
   */
  async resume(seq: number | undefined): Promise<number | undefined> {
    const { registry, senders, log, room, parser } = this.#options;
    this.hasResumed = true;
    if (!this.register()) return undefined;
    await senders.endOthers(this.#key!, this);
    // An earlier connection may have been to another node.
    await registry.caughtUp();
    const last = (await log.room(room))?.lastSeq ?? 0;
    const after = seq ?? last;
    if (after > last) {
      throw new DomainError(
        "no-such-event",
        `#${room} has no #${after}, so nothing can be resumed after it.`,
      );
    }
    this.#stored = new StoredLines({ log, room, source: parser.source, after, last });
    return after;
  }

  /**
   * The events of lines that are stored already, up to the first that is not.
   *
   * @throws {LogLostError}
   */
  async findStored(lines: readonly string[]): Promise<readonly RoomEvent[]> {
    if (!this.#stored) return [];
    const { parser, registry } = this.#options;
    // What is read may be a file that is no longer where it was.
    await registry.check();
    const matched = await this.#stored.match(lines.map((line) => parser.toDraft(line).body));
    if (matched.length < lines.length) this.#stored = undefined;
    return matched;
  }

  /** Called once all lines have been stored or refused. */
  end(): void {
    if (this.#key) this.#options.senders.remove(this.#key, this);
    this.#done.resolve();
  }
}
