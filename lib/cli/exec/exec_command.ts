/**
 * A command that people run over SSH: one record in one file of this folder, listed in
 * `exec_commands.ts`. It is a {@linkcode Command} that works for whoever asks, with what they may
 * see.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { PermittedRooms } from "../../domain/archive/permitted_rooms.ts";
import type { Asker } from "../../domain/asker.ts";
import { isDirectRoom } from "../../domain/direct_room.ts";
import { DomainError } from "../../domain/domain_error.ts";
import type { Program } from "../../server/session/program.ts";
import type { Session } from "../../server/session/session.ts";
import type { ChatContext } from "../../service/chat/chat_session.ts";
import { nowCalled } from "../../service/chat/rooms/room_lists.ts";
import type { SenderProgress } from "../../service/logger/sender_progress.ts";
import type { Senders } from "../../service/logger/senders.ts";
import type { Command, CommandEnvironment } from "../command.ts";
import type { ParsedArguments } from "../options/flags.ts";

/** What all such commands share. */
export interface ExecParts {
  readonly chat: ChatContext;
  readonly clock: Clock;
  readonly progress: SenderProgress;
  /** Those who send log lines and may come back. */
  readonly senders: Senders;
}

/** On whose behalf a command runs, and where. */
export interface ExecCall extends ExecParts {
  readonly asker: Asker;
  /** The rooms as the asker may see them. */
  readonly sees: PermittedRooms;
  readonly session: Session;
  readonly program: Program;
  readonly environment: CommandEnvironment;
}

export interface ExecCommand extends Omit<Command, "run"> {
  /**
   * Runs the command and resolves to the exit status.
   *
   * @throws {UsageError | DomainError} with a sentence for the person.
   */
  run(args: ParsedArguments, call: ExecCall): Promise<number>;
}

/**
 * A room that the asker may read. Under a former name it has the earlier messages.
 *
 * @throws {DomainError} `bad-name`, `no-such-room`.
 */
export async function readableRoom({ sees, environment }: ExecCall, text: string) {
  const name = sees.parseName(text);
  const room = await sees.room(name);
  const current = room && sees.currentName(room.name);
  if (room && current !== room.name) {
    environment.stderr(`${nowCalled(room.name, current!)} Earlier messages are in #${room.name}.`);
  }
  if (room) return room;
  const label = sees.label(name);
  throw new DomainError(
    "no-such-room",
    isDirectRoom(name)
      ? `There is no conversation ${label}. Nothing has been said in it, or you are not logged in.`
      : `There is no room ${label}. The command rooms lists them.`,
  );
}

/**
 * Writes a page to standard output, once it is the peer's turn.
 *
 * @throws {Deno.errors.BrokenPipe} if nobody reads it any more.
 */
export async function write(
  { program, session }: ExecCall,
  text: string | Uint8Array,
): Promise<void> {
  await session.turn();
  if (await program.write(text) === false) throw new Deno.errors.BrokenPipe("nobody reads this");
}
