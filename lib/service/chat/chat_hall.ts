/**
 * Opens what all people of a chat share.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { NicknameRegistry } from "../../domain/nickname_registry.ts";
import type { StateStore } from "../../domain/state_store.ts";
import type { ChatHall } from "./chat_session.ts";
import { COMMANDS } from "./commands/mod.ts";
import { PersonStore } from "./person_store.ts";
import { Renderer } from "./renderer.ts";

export interface ChatHallOptions extends Pick<ChatHall, "registry" | "log" | "search"> {
  readonly clock: Clock;
  /** Where it is kept what is remembered of people. */
  readonly state: StateStore;
  /** Nicknames that nobody may take, besides those of commands and the server's own. */
  readonly reservedNames: readonly string[];
}

export function openChatHall(options: ChatHallOptions): ChatHall {
  const { registry, log, search, clock, state, reservedNames } = options;
  const commandNames = COMMANDS.map(({ name }) => name);
  return {
    registry,
    log,
    search,
    people: new NicknameRegistry(["server", ...commandNames, ...reservedNames]),
    renderer: new Renderer(),
    memory: new PersonStore(state),
    // Room for a thousand connections in each millisecond that the server runs.
    firstOrigin: clock.now() * 1000,
  };
}
