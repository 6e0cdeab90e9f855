/**
 * The verbs of IRC. A new one is a file and a line here.
 *
 * @module
 */

import type { Verb } from "../verb.ts";
import { ADMIN } from "./admin.ts";
import { AWAY } from "./away.ts";
import { AUTHENTICATE } from "./authenticate.ts";
import { BATCH } from "./batch.ts";
import { CAP } from "./cap.ts";
import { CHATHISTORY } from "./chathistory.ts";
import { createHelpVerb } from "./help.ts";
import { INFO } from "./info.ts";
import { INVITE } from "./invite.ts";
import { ISON } from "./ison.ts";
import { JOIN } from "./join.ts";
import { KICK } from "./kick.ts";
import { KILL } from "./kill.ts";
import { LINKS } from "./links.ts";
import { LIST } from "./list.ts";
import { LUSERS } from "./lusers.ts";
import { MARKREAD } from "./markread.ts";
import { MODE } from "./mode.ts";
import { MONITOR } from "./monitor.ts";
import { MOTD } from "./motd.ts";
import { NAMES } from "./names.ts";
import { NICK } from "./nick.ts";
import { NOTICE } from "./notice.ts";
import { OPER } from "./oper.ts";
import { PART } from "./part.ts";
import { PASS } from "./pass.ts";
import { PING } from "./ping.ts";
import { PONG } from "./pong.ts";
import { PRIVMSG } from "./privmsg.ts";
import { QUIT } from "./quit.ts";
import { REDACT } from "./redact.ts";
import { REGISTER, VERIFY } from "./register.ts";
import { CS, NS } from "./services.ts";
import { SEARCH } from "./search.ts";
import { REHASH } from "./rehash.ts";
import { RENAME } from "./rename.ts";
import { SETNAME } from "./setname.ts";
import { STATS } from "./stats.ts";
import { TAGMSG } from "./tagmsg.ts";
import { TIME } from "./time.ts";
import { TOPIC } from "./topic.ts";
import { USER } from "./user.ts";
import { USERHOST } from "./userhost.ts";
import { VERSION_VERB } from "./version.ts";
import { WALLOPS } from "./wallops.ts";
import { WHO } from "./who.ts";
import { WHOIS } from "./whois.ts";
import { WHOWAS } from "./whowas.ts";

export const VERBS: readonly Verb[] = [
  ADMIN,
  AWAY,
  AUTHENTICATE,
  BATCH,
  CAP,
  CHATHISTORY,
  CS,
  createHelpVerb(() => VERBS),
  INFO,
  INVITE,
  ISON,
  JOIN,
  KICK,
  KILL,
  LINKS,
  LIST,
  LUSERS,
  MARKREAD,
  MODE,
  MONITOR,
  MOTD,
  NAMES,
  NICK,
  NOTICE,
  NS,
  OPER,
  PART,
  PASS,
  PING,
  PONG,
  PRIVMSG,
  QUIT,
  REDACT,
  REGISTER,
  SEARCH,
  REHASH,
  RENAME,
  SETNAME,
  STATS,
  TAGMSG,
  TIME,
  TOPIC,
  USER,
  USERHOST,
  VERIFY,
  VERSION_VERB,
  WALLOPS,
  WHO,
  WHOIS,
  WHOWAS,
];

const BY_NAME = new Map(
  VERBS.flatMap((verb) => [verb.name, ...verb.aliases ?? []].map((name) => [name, verb])),
);

/** The verb of that name, in upper case. */
export function findVerb(name: string): Verb | undefined {
  return BY_NAME.get(name);
}
