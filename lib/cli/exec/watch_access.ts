/**
 * Notices when somebody may no longer read a room that a command follows for them.
 *
 * @module
 */

import type { DomainError } from "../../domain/domain_error.ts";
import { nameKey } from "../../domain/name.ts";
import type { ExecCall } from "./exec_command.ts";

/** Calls `onRefused` whenever a change means that the asker may not read a room, until disposed. */
export function watchAccess(
  { chat: { access }, asker }: ExecCall,
  room: string,
  onRefused: (refusal: DomainError) => void,
): Disposable {
  const check = () => {
    const refusal = access.refusal(asker, room, "read");
    if (refusal) onRefused(refusal);
  };
  const stopListening = access.onChange((key) => key === nameKey(room) && check());
  asker.revoked?.addEventListener("abort", check);
  return {
    [Symbol.dispose]() {
      stopListening();
      asker.revoked?.removeEventListener("abort", check);
    },
  };
}
