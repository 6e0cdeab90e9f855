/**
 * Creates what all people of a chat share.
 *
 * @module
 */

import type { Accounts } from "../../domain/access/accounts.ts";
import { Archive, type ArchiveOptions } from "../../domain/access/permitted_rooms.ts";
import type { Clock } from "../../clock.ts";
import { NicknameRegistry } from "../../domain/nickname_registry.ts";
import type { StateStore } from "../../domain/state_store.ts";
import type { ChatContext } from "./chat_session.ts";
import { CHAT_COMMANDS } from "./commands/mod.ts";
import { ReadMarks } from "./direct/read_marks.ts";
import { RoomDigests } from "./digest/room_digest.ts";
import { PersonStore } from "./person_store.ts";
import { Renderer } from "./renderer.ts";

export interface ChatContextOptions extends ArchiveOptions {
  readonly clock: Clock;
  /** @default {there are none} */
  readonly accounts?: Pick<Accounts, "find">;
  /** Where settings and read marks are stored. */
  readonly state: StateStore;
  /** Nicknames that nobody may take, from {@linkcode reservedNicknames}. */
  readonly reservedNames: readonly string[];
}

/** The names that nobody may take: those of services and commands, and `server`. */
export function reservedNicknames(services: readonly string[]): string[] {
  return ["server", ...CHAT_COMMANDS.map(({ name }) => name), ...services];
}

const NOBODY = { find: () => undefined };

export function openChatContext(options: ChatContextOptions): ChatContext {
  const { registry, access, clock, state, reservedNames, accounts = NOBODY } = options;
  return {
    accounts,
    readMarks: new ReadMarks(options),
    registry,
    digests: new RoomDigests(clock),
    archive: new Archive(options),
    access,
    people: new NicknameRegistry(reservedNames),
    renderer: new Renderer(),
    memory: new PersonStore(state),
    // Unique as long as a run opens at most a thousand connections per millisecond.
    firstOrigin: clock.now() * 1000,
  };
}
