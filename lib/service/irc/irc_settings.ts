/**
 * How the server presents itself to IRC clients: the table `[irc]` of the configuration file.
 *
 * @module
 */

import { RECENT_LIMIT } from "../../domain/rooms/recent_talk.ts";

/** IRCv3 `sts`: clients come back over TLS, and never again without. */
export interface StrictTransport {
  /** The port to come back on. */
  readonly port: number;
  /** How long clients remember that, in seconds. */
  readonly seconds: number;
}

/** The settings in the table `[irc]` of the configuration file. */
export interface IrcSettings {
  /** The name of this server, which has a dot. */
  readonly serverName: string;
  readonly network: string;
  /** What the server is, in one line. */
  readonly description: string;
  /** The message of the day, line by line; empty for none. */
  readonly motd: readonly string[];
  /**
   * Lines of a channel shown on joining it to clients that show their times and cannot ask for
   * history; at most {@linkcode RECENT_LIMIT}.
   */
  readonly replay: number;
  /** That clients must use TLS from now on. @default {they need not} */
  readonly sts?: StrictTransport;
}

/** Used where nothing is set. */
export const DEFAULT_IRC_SETTINGS: IrcSettings = {
  serverName: "partyline.localhost",
  network: "Partyline",
  description: "Chat rooms and a line logger in one small server",
  motd: [],
  replay: RECENT_LIMIT,
};
