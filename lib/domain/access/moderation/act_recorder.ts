/**
 * Records acts of moderation: each is one event in #moderation, stored together with the rules that
 * it leads to and what it says in rooms, all or none.
 *
 * @module
 */

import type { Asker } from "../../asker.ts";
import { DomainError } from "../../domain_error.ts";
import { whyRefused } from "../../log_error.ts";
import { nameKey } from "../../name.ts";
import type { Draft } from "../../room_event.ts";
import type { RoomRegistry } from "../../rooms/room_registry.ts";
import { MODERATION_ROOM } from "../../server_rooms.ts";
import { StateConflictError, type StateSetting } from "../../state_store.ts";
import type { Moderator } from "./moderation_act.ts";
import type { ModerationFacts } from "./moderation_record.ts";

/** What is stored of an act. */
export interface ActToRecord {
  readonly asker: Moderator;
  readonly facts: ModerationFacts;
  /** What was done, to go after the name of who did it. */
  readonly deed: string;
  readonly state: readonly StateSetting[];
  /** Events that are stored together with the record. */
  readonly drafts?: readonly Draft[];
  /** Tells the people in a room in its stream. */
  readonly notice?: Pick<Draft, "room" | "fields" | "cause">;
}

export class ActRecorder {
  readonly #registry: Pick<RoomRegistry, "postUnasked">;
  /** Below all origins of sessions, which are positive. */
  #lastOrigin: number;

  /** @param firstOrigin Acts have the numbers below its negative. */
  constructor(registry: Pick<RoomRegistry, "postUnasked">, firstOrigin: number) {
    this.#registry = registry;
    this.#lastOrigin = -firstOrigin;
  }

  /**
   * Stores an act; returns its number in #moderation.
   *
   * @throws {StateConflictError} if another node has changed the rules meanwhile.
   * @throws {DomainError} if it cannot be stored.
   */
  async record({ asker, facts, deed, state, drafts = [], notice }: ActToRecord): Promise<number> {
    const common = { from: asker.nickname, via: asker.via, origin: --this.#lastOrigin };
    const record: Draft = {
      ...common,
      room: MODERATION_ROOM,
      kind: "moderation",
      body: `${whoIs(asker)} ${deed}.`,
      fields: compact({ ...facts, isTold: notice && true }),
      state,
    };
    const told: Draft[] = notice
      ? [{ ...common, ...notice, kind: "notice", body: `${asker.nickname} ${deed}.` }]
      : [];
    return await this.#store([
      ...drafts.map((draft) => ({ ...draft, ...common, from: draft.from })),
      record,
      ...told,
    ]);
  }

  async #store(drafts: readonly Draft[]): Promise<number> {
    try {
      const events = await this.#registry.postUnasked(drafts);
      return events.find(({ kind }) => kind === "moderation")!.seq;
    } catch (error) {
      if (error instanceof StateConflictError) throw error;
      throw new DomainError(
        "unavailable",
        `Nothing was changed, because it could not be stored. The server's ${whyRefused(error)}; ` +
          "try again later.",
      );
    }
  }
}

function whoIs({ nickname, account }: Asker): string {
  return account === undefined || account === nameKey(nickname)
    ? nickname
    : `${nickname} (account ${account})`;
}

/** Without properties that are undefined, as JSON has it. */
function compact(facts: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}
