/** A member of rooms that writes down all that it is delivered. */

import type { Member } from "../../lib/domain/member.ts";
import type { Draft, RoomEvent } from "../../lib/domain/room_event.ts";

let lastOrigin = 0;

export class FakeMember implements Member {
  readonly origin = ++lastOrigin;
  readonly via = "test";
  readonly nickname: string;
  /** The arrays as they were delivered, and their events. */
  readonly runs: (readonly RoomEvent[])[] = [];
  readonly crowds: string[] = [];
  readonly refused: Draft[] = [];

  constructor(nickname: string) {
    this.nickname = nickname;
  }

  get events(): RoomEvent[] {
    return this.runs.flat();
  }

  /** What was said, without comings and goings. */
  get talk(): string[] {
    return this.events.filter(({ kind }) => kind === "message").map(({ body }) => body);
  }

  deliver(events: readonly RoomEvent[]): void {
    this.runs.push(events);
  }

  deliverCrowd(room: string, joined: number, left: number): void {
    this.crowds.push(`${room} +${joined} -${left}`);
  }

  deliverRefusal(drafts: readonly Draft[]): void {
    this.refused.push(...drafts);
  }
}
