/**
 * What events change in the file besides being stored: the topics of rooms and when somebody was
 * there, the state of services, reactions and pins, and the texts of what is redacted.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { changedActs, changesActs } from "../../domain/acts/act_state.ts";
import { topicOriginOf } from "../../domain/message_log.ts";
import { removedThrough } from "../../domain/retention/retention_gap.ts";
import { isArrivalOrDeparture, type RoomEvent } from "../../domain/room_event.ts";
import type { StateSetting } from "../../domain/state_store.ts";
import { RunRedactor } from "./run_redactor.ts";
import { SET_STATE } from "./state_store.ts";

export class EventEffects {
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #redactor: RunRedactor;
  /** When somebody last came into a room or left it, by its row id. */
  readonly #visits = new Map<number, number>();
  #redactions: [RoomEvent, number][] = [];
  #acts: RoomEvent[] = [];

  /** @param database The writer's connection. */
  constructor(database: DatabaseSync) {
    this.#statements = prepareStatements(database);
    this.#redactor = new RunRedactor(database);
  }

  /** Forgets what was noted and has not been made. Called before each batch. */
  reset(): void {
    this.#visits.clear();
    this.#redactions = [];
    this.#acts = [];
  }

  /**
   * Notes a run of a batch.
   *
   * @param room The row id of its room.
   * @param start Where it begins among the events, up to but not including `end`.
   */
  add(room: number, events: readonly RoomEvent[], start: number, end: number): void {
    const first = events[start];
    if (isArrivalOrDeparture(first)) this.#visits.set(room, first.at);
    else if (first.kind === "topic") this.#setTopic(room, events[end - 1]);
    else if (first.kind === "gap") this.#noteRemoval(room, events.slice(start, end));
    else if (first.kind === "moderation") this.#setState(events.slice(start, end));
    else if (first.kind === "redaction") {
      for (let index = start; index < end; index++) this.#redactions.push([events[index], room]);
    }
    if (changesActs(first)) this.#acts.push(...events.slice(start, end));
  }

  /** Makes the changes that must come last. @returns Whether there were redactions in the batch. */
  finish(): boolean {
    for (const [room, at] of this.#visits) this.#statements.setVisited.run(at, room);
    // What they redact may be in the same batch.
    if (this.#redactions.length > 0) this.#redactor.apply(this.#redactions);
    if (this.#acts.length > 0) this.#noteActs(this.#acts);
    const hasRedactions = this.#redactions.length > 0;
    this.reset();
    return hasRedactions;
  }

  /** Sets a value of a service. @param at When it was decided. */
  set({ service, key, value }: StateSetting, at: number): void {
    if (value === null) this.#statements.removeState.run(service, key);
    else this.#statements.setState.run(service, key, value, at);
  }

  /** Notes up to which number gaps cover the events that retention removed. */
  #noteRemoval(room: number, gaps: readonly RoomEvent[]): void {
    const told = gaps.reduce((last, gap) => removedThrough(gap) ?? last, 0);
    if (told > 0) this.#statements.setTold.run(told, room);
  }

  /** Keeps the reactions and pins that follow from events. */
  #noteActs(acts: readonly RoomEvent[]): void {
    const { at } = acts[acts.length - 1];
    const read = (service: string, key: string) =>
      this.#statements.state.get(service, key)?.value as string | undefined;
    for (const setting of changedActs(acts, read)) this.set(setting, at);
  }

  #setTopic(room: number, event: RoomEvent): void {
    const { by, at } = topicOriginOf(event);
    if (event.body === "") this.#statements.setTopic.run("", "", 0, room);
    else this.#statements.setTopic.run(event.body, by, at, room);
  }

  #setState(events: readonly RoomEvent[]): void {
    for (const { at, state = [] } of events) {
      for (const setting of state) this.set(setting, at);
    }
  }
}

function prepareStatements(database: DatabaseSync) {
  return {
    setTopic: database.prepare(
      "UPDATE room SET topic = ?, topic_by = ?, topic_at = ? WHERE id = ?",
    ),
    setTold: database.prepare(
      `UPDATE room SET told_seq = ?1, swept_for = CASE WHEN swept_seq > ?1 THEN swept_for ELSE 0 END
        WHERE id = ?2 AND told_seq < ?1`,
    ),
    setVisited: database.prepare("UPDATE room SET visited = ? WHERE id = ?"),
    state: database.prepare("SELECT value FROM state WHERE service = ? AND key = ?"),
    setState: database.prepare(SET_STATE),
    removeState: database.prepare("DELETE FROM state WHERE service = ? AND key = ?"),
  };
}
