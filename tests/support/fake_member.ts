/** A room member that records everything delivered to it. */

import type { Author } from "../../lib/domain/author.ts";
import type { Draft, RoomEvent } from "../../lib/domain/room_event.ts";
import type { Member, RoomStream, Subscriber } from "../../lib/domain/rooms/room_stream.ts";

let lastOrigin = 0;

export class FakeMember implements Member, Subscriber, Author {
  readonly origin = ++lastOrigin;
  readonly via = "test";
  readonly nickname: string;
  hasLeft = false;
  /** The delivered batches, and all their events. */
  readonly runs: (readonly RoomEvent[])[] = [];
  readonly crowds: string[] = [];
  readonly refusedDrafts: Draft[] = [];

  constructor(nickname: string) {
    this.nickname = nickname;
  }

  get label(): string {
    return this.nickname;
  }

  get events(): RoomEvent[] {
    return this.runs.flat();
  }

  /** The bodies of the messages. */
  get talk(): string[] {
    return this.events.filter(({ kind }) => kind === "message").map(({ body }) => body);
  }

  deliver(_stream: RoomStream, events: readonly RoomEvent[], _after?: number): void {
    this.runs.push(events);
  }

  takeCrowd({ name }: RoomStream, joined: number, left: number): void {
    this.crowds.push(`${name} +${joined} -${left}`);
  }

  committed(): void {}

  refused(drafts: readonly Draft[]): void {
    this.refusedDrafts.push(...drafts);
  }
}
