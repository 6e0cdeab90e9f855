/**
 * The verbs of IRC. A new one is a file and a line here.
 *
 * @module
 */

import type { Verb } from "../verb.ts";
import { CAP } from "./cap.ts";
import { JOIN } from "./join.ts";
import { NICK } from "./nick.ts";
import { NOTICE } from "./notice.ts";
import { PART } from "./part.ts";
import { PASS } from "./pass.ts";
import { PING } from "./ping.ts";
import { PONG } from "./pong.ts";
import { PRIVMSG } from "./privmsg.ts";
import { QUIT } from "./quit.ts";
import { TAGMSG } from "./tagmsg.ts";
import { USER } from "./user.ts";

export const VERBS: readonly Verb[] = [
  CAP,
  JOIN,
  NICK,
  NOTICE,
  PART,
  PASS,
  PING,
  PONG,
  PRIVMSG,
  QUIT,
  TAGMSG,
  USER,
];

const BY_NAME = new Map(
  VERBS.flatMap((verb) => [verb.name, ...verb.aliases ?? []].map((name) => [name, verb])),
);

/** The verb of that name, in upper case. */
export function findVerb(name: string): Verb | undefined {
  return BY_NAME.get(name);
}
