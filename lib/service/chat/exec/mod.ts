/**
 * Commands that people run over SSH instead of chatting: `ssh host who`.
 *
 * @module
 */

import type { Program } from "../../../server/program.ts";
import type { CommandInput } from "../../../server/service.ts";
import type { Session } from "../../../server/session.ts";
import type { ChatContext } from "../chat_session.ts";

/** Runs a command; resolves to its exit status. */
// deno-lint-ignore require-await -- a command reads and writes
export async function runProgram(
  _chat: ChatContext,
  _session: Session,
  program: Program,
): Promise<number> {
  const [word = ""] = program.command.trim().split(/\s+/, 1);
  if (word === "help") {
    program.write("Connect without a command to chat: ssh NAME@HOST\n");
    return 0;
  }
  program.writeError(`! There is no command ${word.slice(0, 32)}. Try help.\n`);
  return 2;
}

/** How the input of a command is read. */
export function inputOf(_command: string): CommandInput {
  return {};
}
