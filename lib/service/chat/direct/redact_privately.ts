/**
 * Redacting what one has written to somebody privately.
 *
 * @module
 */

import { checkReason } from "../../../domain/access/moderation/plan_changes.ts";
import { requireRedactable } from "../../../domain/access/moderation/redactable.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { nameKey } from "../../../domain/name.ts";
import { redactionDraft } from "../../../domain/redaction.ts";
import type { ChatSession } from "../chat_session.ts";
import type { EventReference } from "../event_reference.ts";

/**
 * Removes the text of a message that somebody has written, for both. Nobody else can, not even an
 * operator, and it is in no record of moderation: it is between the two. Resolves once it is stored.
 *
 * @throws {DomainError} If there is no such message, or somebody else wrote it.
 */
export async function redactPrivately(
  person: ChatSession,
  { room, label, seq }: EventReference,
  reason: string,
): Promise<void> {
  checkReason(reason);
  const { chat: { accounts, registry }, member, sees } = person;
  const [event] = await sees.read(room, seq - 1, 1);
  requireRedactable(event, label, seq);
  if (nameKey(event.from) !== member.account) {
    throw new DomainError(
      "not-permitted",
      `Only ${event.from} can redact what ${event.from} wrote.`,
    );
  }
  const { name } = accounts.find(event.from) ?? { name: event.from };
  registry.sayPrivately(member, redactionDraft({ room, from: name, of: seq, why: reason }));
  await registry.settled();
}
