/**
 * Shows one person the digests of the rooms they are in, as fast as their screen takes them.
 *
 * @module
 */

import type { Archive } from "../../../domain/archive/permitted_rooms.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import type { EventSink } from "../../../domain/feeds/event_sink.ts";
import { RoomFeed } from "../../../domain/feeds/room_feed.ts";
import type { Room } from "../../../domain/rooms/room.ts";
import type { EventRun } from "../../../domain/rooms/room_stream.ts";
import { log } from "../../../log.ts";
import type { ChatMember } from "../chat_member.ts";
import type { CrowdListener, RoomDigest, RoomDigests } from "../digest/room_digest.ts";
import type { Screen } from "../screen.ts";
import type { Followed, RoomReader } from "./room_reader.ts";

export interface DigestReaderOptions {
  readonly archive: Archive;
  readonly digests: RoomDigests;
  readonly member: ChatMember;
  readonly screen: Screen;
}

/** Only fed from rooms that the member has entered. */
const isInside = () => true;

export class DigestReader implements RoomReader, EventSink<RoomDigest>, CrowdListener {
  readonly #digests: RoomDigests;
  readonly #member: ChatMember;
  readonly #screen: Screen;
  readonly #feed: RoomFeed<RoomDigest>;
  onMoved: RoomReader["onMoved"];

  constructor({ archive, digests, member, screen }: DigestReaderOptions) {
    this.#digests = digests;
    this.#member = member;
    this.#screen = screen;
    this.#feed = new RoomFeed(archive.for(member, isInside), this);
  }

  get label(): string {
    return this.#member.nickname;
  }

  get rooms(): readonly RoomDigest[] {
    return this.#feed.streams;
  }

  get isBehind(): boolean {
    return this.#feed.isBehind;
  }

  enter(room: Room, after?: number): RoomDigest {
    const digest = this.#digests.open(room);
    digest.crowdListeners.add(this);
    this.#feed.enter(digest, after);
    return digest;
  }

  leave(digest: RoomDigest): void {
    digest.crowdListeners.delete(this);
    this.#feed.leave(digest);
  }

  moved(digest: RoomDigest, seq: number): void {
    this.onMoved?.(digest, seq);
  }

  follow(digest: RoomDigest, seq: number): Followed {
    const { to, after } = digest.moves.find((move) => move.seq === seq)!;
    this.leave(digest);
    return { room: this.enter(to, after), after };
  }

  take(digest: RoomDigest, run: EventRun, isLive: boolean): boolean {
    if (isLive) return this.#screen.showEvents(digest, run);
    const { events, joined, left } = digest.tell(run);
    if (events.length > 0 && !this.#screen.showEvents(digest, events)) return false;
    if (joined + left > 0) this.#screen.showCrowd(digest.name, joined, left);
    return true;
  }

  takeCrowd({ name }: RoomDigest, joined: number, left: number): void {
    // A reader that is behind finds these joins and parts in the log, and counts them there.
    if (!this.isBehind) this.#screen.showCrowd(name, joined, left);
  }

  turn(): Promise<void> | undefined {
    return this.#screen.turn();
  }

  ready(): Promise<boolean> {
    return this.#screen.hasRoom();
  }

  drained(): Promise<boolean> {
    return this.#screen.drained();
  }

  caughtUp(): void {
    this.#screen.showLive?.();
  }

  fail(error: Error): void {
    // If the log cannot be read, the reason has been logged already.
    if (!(error instanceof DomainError)) {
      log("chat").error("Cannot feed a slow reader from the log: {error}", { error });
    }
    this.#screen.error(
      "The messages you have not read yet cannot be read from the log. Connect again for the rest.",
    );
    this.#screen.end();
  }
}
