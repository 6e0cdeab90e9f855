/**
 * The chat commands, in the order in which `/help` lists them.
 *
 * @module
 */

import { closestString } from "@std/text/closest-string";
import { levenshteinDistance } from "@std/text/levenshtein-distance";
import { type Addressee, roomOf } from "../addressee.ts";
import type { ChatContext, ChatSession } from "../chat_session.ts";
import { type ChatCommand, splitWord } from "../command.ts";
import { account } from "./account.ts";
import { away } from "./away.ts";
import { ban } from "./ban.ts";
import { bans } from "./bans.ts";
import { go } from "./go.ts";
import { grant } from "./grant.ts";
import { createHelp } from "./help.ts";
import { history } from "./history.ts";
import { ignore } from "./ignore.ts";
import { invite } from "./invite.ts";
import { join } from "./join.ts";
import { key } from "./key.ts";
import { kick } from "./kick.ts";
import { last } from "./last.ts";
import { leave } from "./leave.ts";
import { followLog } from "./log.ts";
import { login } from "./login.ts";
import { logout } from "./logout.ts";
import { me } from "./me.ts";
import { msg } from "./msg.ts";
import { mute } from "./mute.ts";
import { nick } from "./nick.ts";
import { password } from "./password.ts";
import { pin } from "./pin.ts";
import { pins } from "./pins.ts";
import { quit } from "./quit.ts";
import { quote } from "./quote.ts";
import { react } from "./react.ts";
import { reactions } from "./reactions.ts";
import { redact } from "./redact.ts";
import { register } from "./register.ts";
import { rename } from "./rename.ts";
import { reply } from "./reply.ts";
import { room } from "./room.ts";
import { rooms } from "./rooms.ts";
import { search } from "./search.ts";
import { set } from "./set.ts";
import { token } from "./token.ts";
import { topic } from "./topic.ts";
import { unban } from "./unban.ts";
import { undo } from "./undo.ts";
import { uninvite } from "./uninvite.ts";
import { unmute } from "./unmute.ts";
import { unpin } from "./unpin.ts";
import { who } from "./who.ts";

export const CHAT_COMMANDS: readonly ChatCommand[] = [
  createHelp(commandsOf),
  nick,
  join,
  leave,
  go,
  rooms,
  who,
  msg,
  reply,
  me,
  topic,
  history,
  last,
  search,
  followLog,
  quote,
  react,
  reactions,
  pin,
  unpin,
  pins,
  ignore,
  away,
  room,
  rename,
  invite,
  uninvite,
  kick,
  ban,
  unban,
  mute,
  unmute,
  bans,
  redact,
  grant,
  undo,
  set,
  register,
  login,
  logout,
  password,
  account,
  key,
  token,
  quit,
];

/** The commands that are of use in a chat. */
export function commandsOf(chat: ChatContext): ChatCommand[] {
  return CHAT_COMMANDS.filter((command) => command.isOffered?.(chat) ?? true);
}

/** Whether a command, as typed up to its text, may have a text of several lines. */
export function takesBlock(line: string): boolean {
  const [word] = splitWord(line.slice(1));
  return findCommand(word)?.addressee !== undefined;
}

/** Whom a text is for that is said by a command, as typed up to the text, or by none (`""`). */
export function addresseeOf(person: ChatSession, line: string): Addressee {
  const [word, argument] = splitWord(line.slice(1));
  return findCommand(word)?.addressee?.(person, argument) ?? roomOf(person);
}

function findCommand(word: string): ChatCommand | undefined {
  return CHAT_COMMANDS.find((command) => isNamed(command, word.toLowerCase()));
}

/** The edit distance up to which a mistyped command is corrected. */
const MAX_DISTANCE = 2;

/** Runs the command in a line that begins with `/`. @throws {DomainError} As the command does. */
export async function runCommand(person: ChatSession, line: string): Promise<void> {
  person.visits.follow();
  const [word, argument] = splitWord(line.slice(1));
  const command = findCommand(word);
  if (command) await command.run(person, argument.trim());
  else person.error(`There is no command /${word}. ${hint(word.toLowerCase())}`);
}

function isNamed(command: ChatCommand, name: string): boolean {
  return command.name === name || command.aliases?.includes(name) === true;
}

function hint(name: string): string {
  const guess = name === "" ? undefined : nearest(name);
  return guess
    ? `Did you mean /${guess}? /help lists all commands.`
    : "/help lists them. Start with // to say a line beginning with /.";
}

/** The command probably meant by `name`. */
function nearest(name: string): string | undefined {
  const names = CHAT_COMMANDS.map((command) => command.name);
  const begun = names.find((other) => other.startsWith(name));
  if (begun) return begun;
  const closest = closestString(name, names);
  return levenshteinDistance(name, closest) <= MAX_DISTANCE ? closest : undefined;
}
