/**
 * Redactions in rooms: who may replace the text of an event with a tombstone.
 *
 * @module
 */

import type { Clock } from "../../../clock.ts";
import type { DomainError } from "../../domain_error.ts";
import type { RoomHistory } from "../../history/room_history.ts";
import { nameKey } from "../../name.ts";
import { redactionDraft } from "../../redaction.ts";
import { isMessage, type RoomEvent } from "../../room_event.ts";
import type { RoomRegistry } from "../../rooms/room_registry.ts";
import type { Member } from "../../rooms/room_stream.ts";
import type { AccessControl } from "../access_control.ts";
import { notPermitted } from "../refusal.ts";
import { isOwned } from "../rules/room_rules.ts";
import type { ActSequence } from "./act_sequence.ts";
import type { DoneAct, Moderator } from "./moderation_act.ts";
import { checkReason } from "./plan_changes.ts";
import { type AccountDirectory, requireUnprotected } from "./protection.ts";
import { requireRedactable } from "./redactable.ts";

/** How long people may redact their own messages: after that, others may rely on them. */
const OWN_REDACTION_MS = 60 * 60 * 1000;

export interface RedactionsOptions {
  readonly access: AccessControl;
  readonly registry: RoomRegistry;
  readonly acts: ActSequence;
  readonly clock: Clock;
  /** Where the event to be redacted is read. */
  readonly log: Pick<RoomHistory, "read">;
  /** @default {there are no accounts} */
  readonly accounts?: AccountDirectory;
}

export class Redactions {
  readonly #options: RedactionsOptions;

  constructor(options: RedactionsOptions) {
    this.#options = options;
  }

  /** As `Moderation.redact()`. @throws {DomainError} as that does. */
  async redact(asker: Moderator, room: string, seq: number, reason: string): Promise<DoneAct> {
    const { access, accounts, acts, clock, log, registry } = this.#options;
    const isMember = registry.find(room)?.members.has(asker as Member) ?? false;
    const refusal = access.refusal(asker, room, "moderate", { isMember });
    if (refusal && access.refusal(asker, room, "read", { isMember })) throw refusal;
    const read = async () => {
      const [event] = await log.read(room, seq - 1, 1);
      const isOwn = event?.seq === seq && this.#isBy(asker, event);
      // Without the right to redact it, another's message looks like one that does not exist.
      if (refusal && !isOwn) throw refusal;
      requireRedactable(event, `#${room}`, seq);
      if (refusal && clock.now() - event.at > OWN_REDACTION_MS) throw tooLate(event, refusal);
      if (!isOwn) this.#requireSince(asker, room, event);
      return event;
    };
    const { from, kind } = await read();
    const whose = kind === "log" ? `#${seq}` : `#${seq} by ${from}`;
    const deed = `redacted ${whose} in #${room}${reason && ` (${reason})`}`;
    return await acts.carryOut({
      asker,
      room,
      act: "redact",
      needs: [refusal ? "read" : "moderate"],
      facts: { target: from, of: String(seq), reason },
      // Somebody else may have redacted it meanwhile.
      check: async () => void await read(),
      drafts: [redactionDraft({ room, from: asker.nickname, of: seq, why: reason })],
      plan: (rules) => {
        checkReason(reason);
        const isOwn = nameKey(from) === (asker.account ?? nameKey(asker.nickname));
        if (!refusal && !isOwn && kind !== "log") {
          requireUnprotected(asker, rules, { name: from }, accounts);
        }
        return { next: rules, changes: [], deed };
      },
    });
  }

  /**
   * Whether the moderator said something: in this session, or under the name of their account after
   * it was created.
   */
  #isBy({ account, origin }: Moderator, event: RoomEvent): boolean {
    if (!isMessage(event)) return false;
    if (origin !== undefined && event.origin === origin) return true;
    if (account === undefined || nameKey(event.from) !== account) return false;
    const { createdAt = Infinity } = this.#options.accounts?.find(account) ?? {};
    return event.at > createdAt;
  }

  /**
   * In a room that nobody owns, makes sure that the event is not older than the presence of the
   * people who are there now: redaction is for good.
   */
  #requireSince({ isOperator }: Moderator, room: string, { kind, at, seq }: RoomEvent): void {
    const { access } = this.#options;
    const rules = access.rules(room);
    if (isOperator || (rules && isOwned(rules))) return;
    const since = access.attendance.in(room)?.since ?? Infinity;
    if (kind !== "log" && at >= since) return;
    throw notPermitted(
      `#${room} has no owner, so only operators of the server can redact #${seq}: it is a log line, ` +
        "or was said before anyone who is here now arrived.",
    );
  }
}

function tooLate({ seq }: RoomEvent, { message }: DomainError): DomainError {
  return notPermitted(
    `You said #${seq} more than an hour ago, so you cannot redact it any more. ${message}`,
  );
}
