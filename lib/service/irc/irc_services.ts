/**
 * The services that are written to as if they were people. A new one is a file in `services/` and a
 * line here.
 *
 * @module
 */

import { CHANSERV } from "./services/chanserv.ts";
import type { IrcServiceHandler } from "./services/irc_service.ts";
import { NICKSERV } from "./services/nickserv.ts";

/** By name in lower case. */
export const IRC_SERVICES: ReadonlyMap<string, IrcServiceHandler> = new Map([
  ["nickserv", NICKSERV],
  ["chanserv", CHANSERV],
]);
