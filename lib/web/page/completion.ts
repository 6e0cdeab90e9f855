/**
 * Completion of commands, rooms, names and emoji in the message field.
 *
 * @module
 */

import { EMOJI_BY_NAME } from "../../domain/acts/emoji_names.ts";
import { nameKey } from "../../domain/name.ts";
import type { CommandJson } from "../protocol.ts";
import type { Places } from "./places.ts";
import { isMessage } from "../../domain/room_event.ts";

export interface CompletionItem {
  /** Replaces the word and the space after it. */
  readonly insert: string;
  /** Shown in the list: `/who [ROOM]`. */
  readonly label: string;
  /** A short description. */
  readonly detail?: string;
}

export interface Completions {
  /** The word to replace; it ends at the caret. */
  readonly start: number;
  readonly end: number;
  readonly kind: "command" | "name" | "room" | "emoji";
  readonly items: readonly CompletionItem[];
}

export interface CompletionContext {
  readonly commands: readonly CommandJson[];
  /** The likeliest first. */
  readonly names: readonly string[];
  readonly rooms: readonly string[];
}

const MAX_NAMES = 8;
/** Latest events searched for people who spoke. */
const RECENT_EVENTS = 200;
const COMMAND = /^\/(\S*)$/;
const ARGUMENT = /^\/(\w+)\s+#?(\S*)$/;
const WORD = /(?:^|\s)(@?)([\p{L}\p{M}\p{Nd}_.-]*)$/u;
/** The beginning of an emoji's name; at least two characters, so that `:D` stays a smiley. */
const EMOJI = /(?:^|\s):([\w+-]{2,}):?$/;
/** Commands whose first argument is a room. */
const ROOM_COMMANDS = new Set(["join", "leave", "who"]);
/** Commands whose first argument is a person. */
const NAME_COMMANDS = new Set(["msg", "ignore"]);

/**
 * Completions for the word before `caret`; `undefined` if there are none. Names are completed only
 * after `@`, or if `isAsked`: the user has pressed Tab.
 */
export function completionsAt(
  text: string,
  caret: number,
  context: CompletionContext,
  isAsked = false,
): Completions | undefined {
  const before = text.slice(0, caret);
  const command = COMMAND.exec(before);
  if (command) return commands(command[1], caret, context);
  const argument = ARGUMENT.exec(before);
  if (argument) {
    const [, name, word] = argument;
    if (ROOM_COMMANDS.has(name)) return rooms(word, caret, context);
    if (NAME_COMMANDS.has(name)) return names(word, "", caret, context, false);
  }
  const emoji = EMOJI.exec(before);
  if (emoji) return namedEmoji(emoji[1], before.lastIndexOf(`:${emoji[1]}`), caret);
  const word = WORD.exec(before);
  if (!word || (word[1] === "" && !(isAsked && word[2] !== ""))) return undefined;
  return names(word[2], word[1], caret, context, true);
}

/**
 * People to suggest, without `own`: first the last speakers in the current place, then the other
 * members and conversations.
 */
export function suggestedNames(
  { current, room, conversations }: Places,
  own: string,
): readonly string[] {
  const names = new Map<string, string>();
  const add = (name: string) => {
    if (!names.has(nameKey(name))) names.set(nameKey(name), name);
  };
  if (current.type === "person") add(current.person.name);
  for (const event of room?.timeline.events.slice(-RECENT_EVENTS).reverse() ?? []) {
    if (isMessage(event)) add(event.from);
  }
  for (const { name } of room?.members.sorted ?? []) add(name);
  for (const { name } of conversations) add(name);
  names.delete(nameKey(own));
  return [...names.values()];
}

/** Inserts a completion; returns the new text and caret. */
export function complete(
  text: string,
  { start, end }: Completions,
  { insert }: CompletionItem,
): { readonly text: string; readonly caret: number } {
  const rest = text.slice(end).replace(/^ /, "");
  return { text: text.slice(0, start) + insert + rest, caret: start + insert.length };
}

function commands(
  word: string,
  caret: number,
  context: CompletionContext,
): Completions | undefined {
  const items = context.commands.filter(({ name }) => name.startsWith(word.toLowerCase()))
    .map(({ name, usage, summary }) => ({ insert: `/${name} `, label: usage, detail: summary }));
  return found("command", caret - word.length - 1, caret, items);
}

function rooms(word: string, caret: number, context: CompletionContext): Completions | undefined {
  const items = matching(context.rooms, word)
    .map((room) => ({ insert: `${room} `, label: `#${room}` }));
  return found("room", caret - word.length, caret, items);
}

function names(
  word: string,
  at: string,
  caret: number,
  context: CompletionContext,
  isInText: boolean,
): Completions | undefined {
  const start = caret - word.length - at.length;
  // A name at the start of a line addresses that person.
  const end = isInText && start === 0 ? ": " : " ";
  const items = matching(context.names, word)
    .map((name) => ({ insert: `${name}${end}`, label: name }));
  return found("name", start, caret, items.slice(0, MAX_NAMES));
}

function namedEmoji(word: string, start: number, caret: number): Completions | undefined {
  const items = Object.entries(EMOJI_BY_NAME)
    .filter(([name]) => name.startsWith(word.toLowerCase()))
    .map(([name, emoji]) => ({ insert: `${emoji} `, label: `${emoji} ${name}` }));
  return found("emoji", start, caret, items);
}

function matching(names: readonly string[], word: string): readonly string[] {
  const key = nameKey(word);
  return names.filter((name) => nameKey(name).startsWith(key));
}

function found(
  kind: Completions["kind"],
  start: number,
  end: number,
  items: readonly CompletionItem[],
): Completions | undefined {
  return items.length === 0 ? undefined : { kind, start, end, items };
}
