/**
 * Creates what all people of a chat share.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { AccountCertificates } from "../../domain/access/accounts/account_certificates.ts";
import { AccountKeys } from "../../domain/access/accounts/account_keys.ts";
import type { Accounts } from "../../domain/access/accounts/accounts.ts";
import type { Tokens } from "../../domain/access/accounts/tokens.ts";
import type { ServerPassword } from "../../domain/access/login/server_password.ts";
import { Moderation } from "../../domain/access/moderation/moderation.ts";
import { Archive, type ArchiveOptions } from "../../domain/archive/permitted_rooms.ts";
import { NicknameRegistry } from "../../domain/nickname_registry.ts";
import type { StateStore } from "../../domain/state_store.ts";
import { type BlockLimits, DEFAULT_BLOCK_LIMITS } from "../../domain/text/block.ts";
import type { ChatContext, ChatSession } from "./chat_session.ts";
import { CHAT_COMMANDS } from "./commands/mod.ts";
import { RoomDigests } from "./digest/room_digest.ts";
import { ReadMarks } from "./direct/read_marks.ts";
import { followAccounts } from "./login/account_changes.ts";
import { nameRefusal } from "./login/registered_names.ts";
import { followMarks } from "./person_memory.ts";
import { PersonStore } from "./person_store.ts";
import { Evictions } from "./rooms/evictions.ts";
import { FollowerQueue } from "./rooms/follower_queue.ts";
import { Presence } from "./rooms/presence.ts";
import { Renderer } from "./text/renderer.ts";

export interface ChatContextOptions extends ArchiveOptions {
  readonly clock: Clock;
  readonly tokens: Tokens;
  /** Where settings and read marks are stored. */
  readonly state: StateStore;
  readonly accounts: Accounts;
  /** The server's password, if it has one. */
  readonly serverPassword?: ServerPassword;
  /** Nicknames that nobody may take, from {@linkcode reservedNicknames}. */
  readonly reservedNames: readonly string[];
  /** The largest message. @default {16 KiB and 200 lines} */
  readonly blocks?: BlockLimits;
  /** As in `ChatContext`. @default {the time in microseconds} */
  readonly firstOrigin?: number;
}

/** A command that people are called, too. */
const FIRST_NAME = "nick";

/** The names that nobody may take: those of services and commands, and `server`. */
export function reservedNicknames(services: readonly string[]): string[] {
  const commands = CHAT_COMMANDS.map(({ name }) => name).filter((name) => name !== FIRST_NAME);
  return ["server", "nickserv", "chanserv", ...commands, ...services];
}

export function openChatContext(options: ChatContextOptions): ChatContext {
  const { registry, access, accounts, tokens, serverPassword, clock, reservedNames } = options;
  const people = new NicknameRegistry<ChatSession>(
    reservedNames,
    (name, person) => nameRefusal(options, name, person?.member),
  );
  const moderation = new Moderation({ ...options, accounts });
  const chat: ChatContext = {
    clock,
    readMarks: new ReadMarks(options),
    registry,
    digests: new RoomDigests(clock),
    archive: new Archive(options),
    access,
    accounts,
    keys: new AccountKeys({ accounts, clock }),
    tokens,
    certificates: new AccountCertificates({ accounts, clock }),
    moderation,
    blocks: options.blocks ?? DEFAULT_BLOCK_LIMITS,
    evictions: new Evictions({ registry, access, people, moderation, clock }),
    serverPassword,
    people,
    presence: new Presence(),
    followers: new FollowerQueue(),
    renderer: new Renderer(),
    memory: new PersonStore(options.state),
    // Unique as long as a run opens at most a thousand connections per millisecond.
    firstOrigin: options.firstOrigin ?? clock.now() * 1000,
  };
  followAccounts(chat);
  followMarks(chat);
  return chat;
}
