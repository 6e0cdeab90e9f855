/**
 * Completes commands, rooms, names, line numbers and settings.
 *
 * @module
 */

import { isDirectRoom } from "../../../domain/direct_room.ts";
import { nameKey } from "../../../domain/name.ts";
import type { Candidate, Completion } from "../../../server/terminal/terminal.ts";
import type { ChatSession } from "../chat_session.ts";
import { GRANTS } from "../commands/grant.ts";
import { commandsOf } from "../commands/mod.ts";
import { ROOM_WORDS } from "../commands/room.ts";
import { SETTING_NAMES, settingValues } from "../settings.ts";
import { sentence } from "../text/sentence.ts";

/** The kinds of the words after a command. */
const ARGUMENTS: Readonly<Record<string, readonly Kind[]>> = {
  help: ["command"],
  join: ["room"],
  leave: ["own-room"],
  go: ["own-room"],
  who: ["room"],
  msg: ["name"],
  ignore: ["name"],
  login: ["name"],
  quote: ["seq"],
  redact: ["seq"],
  room: ["room-word", "on-off"],
  invite: ["name"],
  uninvite: ["invited"],
  kick: ["name"],
  ban: ["name"],
  unban: ["banned"],
  mute: ["name"],
  unmute: ["muted"],
  grant: ["name", "role"],
  set: ["setting", "value"],
};

type Kind =
  | "command"
  | "room"
  | "own-room"
  | "name"
  | "seq"
  | "setting"
  | "value"
  | "room-word"
  | "on-off"
  | "invited"
  | "banned"
  | "muted"
  | "role";

/** Completions of the last word of `before`. */
export function completeLine(person: ChatSession, before: string): Completion | undefined {
  const word = before.split(/\s/).at(-1)!;
  const start = before.length - word.length;
  if (start === 0 && word.startsWith("/") && !word.startsWith("//")) {
    return completion(0, word, commandsOf(person.chat).map(({ name }) => ({ text: `/${name}` })));
  }
  const [begin = "", command = ""] = /^\/(\w+)\s+/.exec(before) ?? [];
  const others = before.slice(begin.length, start);
  const place = others.split(/\s+/).length - 1;
  const kind = ARGUMENTS[command.toLowerCase()]?.[place];
  if (kind) return completion(start, word, candidatesOf(kind, person, word, others));
  // What follows is a password.
  if (command.toLowerCase() === "login") return undefined;
  const filter = command === "search" ? /^-?(in|from):/i.exec(word) : null;
  if (filter) {
    const kind = filter[1].toLowerCase() === "in" ? "room" : "name";
    const rest = word.slice(filter[0].length);
    return completion(before.length - rest.length, rest, candidatesOf(kind, person, rest, ""));
  }
  if (/^#\d/.test(word)) return completion(start, word, candidatesOf("seq", person, word, ""));
  if (word.startsWith("#")) return completion(start, word, candidatesOf("room", person, word, ""));
  if (word === "" && command === "") return undefined;
  // A line that begins with a name addresses that person.
  return completion(start, word, candidatesOf("name", person, word, ""), start === 0 ? ": " : " ");
}

function completion(
  start: number,
  word: string,
  candidates: readonly Candidate[],
  suffix = " ",
): Completion {
  const key = nameKey(word);
  const fitting = candidates.filter(({ text }) => nameKey(text).startsWith(key));
  return { start, candidates: fitting, suffix };
}

function candidatesOf(
  kind: Kind,
  person: ChatSession,
  word: string,
  others: string,
): readonly Candidate[] {
  switch (kind) {
    case "command":
      return commandsOf(person.chat).map(({ name }) => ({ text: name }));
    case "room":
      return named(person.sees.open.filter(({ name }) => !isDirectRoom(name)), word);
    case "own-room":
      return named(person.rooms, word);
    case "name":
      return names(person);
    case "seq":
      return numbers(person);
    case "setting":
      return SETTING_NAMES.map((name) => ({ text: name }));
    case "value":
      return settingValues(others.trim().toLowerCase()).map((text) => ({ text }));
    case "room-word":
      return [...ROOM_WORDS.map((text) => ({ text })), ...named(person.sees.open, word)];
    case "on-off":
      return ["on", "off"].map((text) => ({ text }));
    case "role":
      return GRANTS.map((text) => ({ text }));
    case "invited":
    case "banned":
    case "muted":
      return restricted(kind, person);
  }
}

/** Those whom somebody who may moderate the room can let in, out or speak again. */
function restricted(kind: "invited" | "banned" | "muted", person: ChatSession): Candidate[] {
  const { access } = person.chat;
  const { name } = person.currentRoom ?? {};
  const rules = name === undefined ? undefined : access.rules(name);
  if (!rules || access.refusal(person.member, rules.name, "moderate")) return [];
  if (kind === "invited") return sorted([...rules.invited]);
  return sorted((kind === "banned" ? rules.bans : rules.mutes).map(({ target }) => target));
}

/** Rooms, with a `#` if the word has one. */
function named(rooms: Iterable<{ readonly name: string }>, word: string): Candidate[] {
  const sign = word.startsWith("#") ? "#" : "";
  return sorted(Array.from(rooms, ({ name }) => sign + name));
}

/** People in all rooms, in alphabetical order. */
function names(person: ChatSession): Candidate[] {
  const members = person.currentRoom?.members ?? [];
  const here = Array.from(members, ({ nickname }) => nickname);
  const others = Array.from(person.sees.open)
    .flatMap((room) => Array.from(room.members, ({ nickname }) => nickname));
  return sorted([...new Set([...here, ...others])].filter((name) => name !== person.nickname));
}

/** The latest lines of the room, last one first, labelled with their text. */
function numbers(person: ChatSession): Candidate[] {
  const recent = person.currentRoom?.recent ?? [];
  return recent.toReversed()
    .map((event) => ({ text: `#${event.seq}`, label: `#${event.seq} ${sentence(event)}` }));
}

function sorted(texts: readonly string[]): Candidate[] {
  return texts.toSorted((a, b) => a.localeCompare(b)).map((text) => ({ text }));
}
