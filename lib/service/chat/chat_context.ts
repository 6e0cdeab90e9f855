/**
 * Opens what all people of a chat share.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { NicknameRegistry } from "../../domain/nickname_registry.ts";
import type { StateStore } from "../../domain/state_store.ts";
import type { ChatContext } from "./chat_session.ts";
import { CHAT_COMMANDS } from "./commands/mod.ts";
import { RoomDigests } from "./digest/room_digest.ts";
import { PersonStore } from "./person_store.ts";
import { Renderer } from "./renderer.ts";

export interface ChatContextOptions extends Pick<ChatContext, "registry" | "log" | "search"> {
  readonly clock: Clock;
  /** Where it is kept what is remembered of people. */
  readonly state: StateStore;
  /** Nicknames that nobody may take, besides those of commands and the server's own. */
  readonly reservedNames: readonly string[];
}

export function openChatContext(options: ChatContextOptions): ChatContext {
  const { registry, log, search, clock, state, reservedNames } = options;
  const commandNames = CHAT_COMMANDS.map(({ name }) => name);
  return {
    registry,
    digests: new RoomDigests(clock),
    log,
    search,
    people: new NicknameRegistry(["server", ...commandNames, ...reservedNames]),
    renderer: new Renderer(),
    memory: new PersonStore(state),
    // Room for a thousand connections in each millisecond that the server runs.
    firstOrigin: clock.now() * 1000,
  };
}
