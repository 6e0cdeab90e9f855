/**
 * Services that are written to as if they were people, as IRC users know them. A new one is a file
 * and a line here.
 *
 * @module
 */

import type { IrcClient } from "./irc_client.ts";

/** Answers a line that was written to a service. */
export type IrcServiceHandler = (client: IrcClient, text: string) => Promise<void> | void;

/** By name in lower case. */
export const IRC_SERVICES: ReadonlyMap<string, IrcServiceHandler> = new Map();
