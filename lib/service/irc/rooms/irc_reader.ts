/**
 * How an IRC client reads the rooms it is in: every event, from its own joining on.
 *
 * The client knows who is in a room by what it is told: the names when it joins, then each join,
 * part, kick and new name. So it gets all of these, in order, and nothing from before its own
 * joining.
 *
 * @module
 */

import { DomainError } from "../../../domain/domain_error.ts";
import type { EventSink } from "../../../domain/feeds/event_sink.ts";
import { RoomFeed } from "../../../domain/feeds/room_feed.ts";
import { isMessage, movedTo } from "../../../domain/room_event.ts";
import type { Room, RoomMove } from "../../../domain/rooms/room.ts";
import type { EventRun, RoomStream } from "../../../domain/rooms/room_stream.ts";
import { log } from "../../../log.ts";
import type { RoomDigest } from "../../chat/digest/room_digest.ts";
import type { Followed, RoomReader } from "../../chat/rooms/room_reader.ts";
import { isPast, pastLines } from "../history/past_lines.ts";
import type { IrcClient } from "../irc_door.ts";
import { toChannel } from "../irc_names.ts";
import { Form } from "../lines/event_tags.ts";
import { isMove, isMoveOfRoom } from "../lines/run_facts.ts";
import { shownOnIrc } from "../lines/shown_on_irc.ts";
import { showJoin, showRoom } from "./join_reply.ts";
import { lateLines } from "./late_lines.ts";
import { ShownEvents } from "./shown_events.ts";

/** A rename that the client is about to follow. */
interface Renamed {
  /** Whether the client has been told so by a RENAME. */
  readonly isTold: boolean;
  /** That name. */
  readonly to: string;
}

export class IrcReader implements RoomReader, EventSink<RoomDigest> {
  readonly #client: IrcClient;
  readonly #feed: RoomFeed<RoomDigest>;
  readonly #shown: ShownEvents;
  /** Rooms that the client has been told it is in. */
  readonly #joined = new Set<RoomStream>();
  /** Renames that the client is about to follow. */
  #renamed: Map<RoomStream, Renamed> | undefined;
  /** By room, the number of the event up to which a NAMES list has told the client who is there. */
  #listed: Map<RoomStream, number> | undefined;
  onMoved: RoomReader["onMoved"];

  constructor(client: IrcClient) {
    this.#client = client;
    this.#shown = new ShownEvents(client);
    const { irc: { chat }, member } = client;
    // It is only fed from rooms that the member has entered.
    this.#feed = new RoomFeed(chat.archive.for(member, () => true), this);
  }

  get label(): string {
    return this.#client.nick;
  }

  get rooms(): readonly RoomDigest[] {
    return this.#feed.streams;
  }

  /** A new name is told once for all rooms, so it must come after all that was said under the old. */
  readonly isInOrder = true;

  get isBehind(): boolean {
    return this.#feed.isBehind;
  }

  /** Whether the client has been told that it is in a room. */
  hasJoined(room: RoomStream): boolean {
    return this.#joined.has(room);
  }

  enter(room: Room, after?: number): RoomDigest {
    const digest = this.#client.irc.digests.open(room);
    this.#feed.enter(digest, after);
    return digest;
  }

  leave(digest: RoomDigest): void {
    this.#joined.delete(digest);
    this.#renamed?.delete(digest);
    this.#listed?.delete(digest);
    this.#feed.leave(digest);
  }

  moved(digest: RoomDigest, seq: number): void {
    const move = moveAt(digest, seq)!;
    const { to } = move;
    if (!this.#renamed?.has(digest) && to.name !== digest.name) {
      const isTold = this.#joined.has(digest) && this.#isToldRename(move);
      (this.#renamed ??= new Map()).set(digest, { isTold, to: to.name });
    }
    this.onMoved?.(digest, seq);
  }

  /**
   * Shows a client that is not told a RENAME its own PART from the old channel and JOIN to the new.
   */
  follow(digest: RoomDigest, seq: number): Followed {
    const client = this.#client;
    const { to, after, reason = "" } = moveAt(digest, seq)!;
    const hasJoined = this.#joined.has(digest);
    const isTold = this.#renamed?.get(digest)?.isTold ?? false;
    this.leave(digest);
    const next = client.irc.digests.open(to);
    if (hasJoined) {
      this.#joined.add(next);
      if (!isTold) {
        client.sendUnasked({
          source: client.mask,
          verb: "PART",
          params: [
            toChannel(digest.name),
            shownOnIrc(reason) || `This channel is ${toChannel(to.name)} now`,
          ],
          trailing: true,
        });
        client.aside(() => showRoom(client, next));
        // Another room may have told of a name that the list does not have yet.
        if (to.lateNames.size > 0) this.#shown.forget();
        (this.#listed ??= new Map()).set(next, next.lastSeq);
      }
    }
    this.#feed.enter(next, after);
    return { room: next, after };
  }

  /** Tells the client that it is in a room, although that could not be stored. */
  joinUnrecorded(room: RoomStream): void {
    const digest = this.rooms.find((digest) => digest === room);
    if (!digest || this.#joined.has(digest)) return;
    this.#joined.add(digest);
    showJoin(this.#client, digest);
  }

  take(digest: RoomDigest, run: EventRun, isLive: boolean): boolean {
    const renamed = this.#renamed?.get(digest);
    if (renamed) return this.#takeLate(digest, run, renamed);
    if (!this.#joined.has(digest)) return this.#begin(digest, run);
    const client = this.#client;
    if (digest.moves.length > 0 && run.some(isMoveOfRoom)) return this.#takeMove(digest, run);
    if (!isLive && isPast(client, run)) {
      return this.#shown.offer(
        pastLines(client, run.filter((event) => this.#shown.includes(event))),
      );
    }
    const { irc: { lines }, form, member, answer } = client;
    const facts = lines.factsOf(run);
    const hasOwn = facts.origins.has(member.origin);
    const mayDiffer = hasOwn && (!client.caps.has("echo-message") || run.some(isMove));
    if (this.#listed?.has(digest)) return this.#takeListed(digest, run);
    if (answer && run.some((event) => this.#shown.isOwnAct(event))) {
      this.#shown.answer(run);
      return true;
    }
    const isShared = !mayDiffer && member.ignored.size === 0 && !facts.isPersonal;
    if (isShared) return client.outbox.offer(lines.bytesOf(run, form), facts.isComingAndGoing);
    return this.#shown.offer(this.#shown.textOf(run));
  }

  turn(): Promise<void> | undefined {
    return this.#client.session.turn();
  }

  ready(): Promise<boolean> {
    return this.#client.session.outbox.ready();
  }

  drained(): Promise<boolean> {
    return this.#client.session.outbox.drained();
  }

  fail(error: Error): void {
    // If the log cannot be read, the reason has been logged already.
    if (!(error instanceof DomainError)) {
      log("irc").error("Cannot feed a slow reader from the log: {error}", { error });
    }
    this.#client.close("What you have not read yet cannot be read from the log. Connect again.");
  }

  /** Waits for the client's own joining; the names it gets then are as after the whole run. */
  #begin(digest: RoomDigest, run: EventRun): boolean {
    const { member, irc: { lines } } = this.#client;
    const { joins, isOnlyMoves } = lines.factsOf(run);
    const index = joins.get(member.origin);
    if (index === undefined) return true;
    this.#joined.add(digest);
    showJoin(this.#client, digest, run[index]);
    if (isOnlyMoves) return true;
    this.#shown.send(this.#shown.textOf(run.slice(index + 1).filter((event) => !isMove(event))));
    return true;
  }

  /** Takes a run with a move event. */
  #takeMove(digest: RoomDigest, run: EventRun): boolean {
    const { irc: { lines }, form, answer, person, outbox } = this.#client;
    const at = run.findIndex(isMoveOfRoom);
    const isTold = this.#isToldRename(moveAt(digest, run[at].seq));
    // Nearly always, and for thousands at once.
    if (run.length === 1 && !answer) return !isTold || outbox.offer(lines.bytesOf(run, form));
    const renamed = { isTold, to: movedTo(run[at])! };
    let text = this.#shown.textOf(run.slice(0, at));
    if (isTold) {
      // An act of moderation is in no session.
      if (answer && run[at].from === person.nickname) answer.give(lines.messagesOf(run[at], form));
      else text += lines.textAt(run, at, form);
    }
    return this.#shown.offer(text + this.#lateText(digest, run.slice(at + 1), renamed));
  }

  /** Takes events of the old room that were committed after the move. */
  #takeLate(digest: RoomDigest, run: EventRun, renamed: Renamed): boolean {
    // A client that has rejoined will read it then.
    if (!this.#joined.has(digest) || digest.members.has(this.#client.member)) return true;
    return this.#shown.offer(this.#lateText(digest, run, renamed));
  }

  #lateText(digest: RoomDigest, run: EventRun, { isTold, to }: Renamed): string {
    const said = run.filter((event) => isMessage(event) && this.#shown.includes(event));
    return lateLines(this.#client, said, isTold ? to : digest.name);
  }

  /** A RENAME lists nobody, so it is no use where people are whom the client does not know. */
  #isToldRename(move?: RoomMove): boolean {
    return (this.#client.form & Form.RENAMES) !== 0 && !move?.isOccupied;
  }

  /** Leaves out joins and leaves that the NAMES list already covers. */
  #takeListed(digest: RoomDigest, run: EventRun): boolean {
    const seq = this.#listed!.get(digest)!;
    const isTaken = this.#shown.offer(
      this.#shown.textOf(run.filter((event) => event.seq > seq || !isMove(event))),
    );
    if (isTaken && run[run.length - 1].seq >= seq) this.#listed!.delete(digest);
    return isTaken;
  }
}

function moveAt({ moves }: RoomDigest, seq: number): RoomMove | undefined {
  return moves.find((move) => move.seq === seq);
}
