/**
 * The services that a port may be given to. A new one is a file and a line here.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { MessageLog } from "../domain/message_log.ts";
import type { RoomRegistry } from "../domain/room_registry.ts";
import type { Service } from "../server/service.ts";
import { Chat } from "./chat/chat.ts";

/** What services are made from. */
export interface ServiceOptions {
  readonly registry: RoomRegistry;
  readonly log: MessageLog;
  readonly clock: Clock;
  /** Milliseconds within which a newcomer to the chat has to give a name. */
  readonly nameDeadlineMs: number;
}

/** A service as it can be named, before it is made. */
export interface ServiceDefinition {
  /** What `--listen NAME=ENDPOINT` calls it. */
  readonly name: string;
  /** The endpoint options it understands, besides `idle` and `max-line`. */
  readonly endpointOptions: readonly string[];
  create(options: ServiceOptions): Service;
}

export const SERVICES: readonly ServiceDefinition[] = [
  {
    name: "chat",
    endpointOptions: [],
    create: (options) => new Chat({ ...options, serviceNames: SERVICES.map(({ name }) => name) }),
  },
];
