/**
 * What a word that is being typed may become.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { CommandJson } from "../protocol.ts";

export interface CompletionItem {
  /** What takes the place of the word, and the space after it. */
  readonly insert: string;
  /** What the list shows: `/who [ROOM]`. */
  readonly label: string;
  /** What it is for. */
  readonly detail?: string;
}

export interface Completions {
  /** Where the word begins, and where it ends: at the caret. */
  readonly start: number;
  readonly end: number;
  readonly kind: "command" | "name" | "room";
  readonly items: readonly CompletionItem[];
}

export interface CompletionContext {
  readonly commands: readonly CommandJson[];
  /** The likeliest first. */
  readonly names: readonly string[];
  readonly rooms: readonly string[];
}

const MOST = 8;
const COMMAND = /^\/(\S*)$/;
const ARGUMENT = /^\/(\w+)\s+#?(\S*)$/;
const WORD = /(?:^|\s)(@?)([\p{L}\p{M}\p{Nd}_.-]*)$/u;
/** Commands whose first word is a room; those of all others that take one is a person. */
const ROOM_COMMANDS = new Set(["join", "leave", "who"]);
const NAME_COMMANDS = new Set(["msg", "ignore"]);

/**
 * What the word before `caret` may become, if it may become anything. Names are only thought of
 * after `@`, or if `isAsked`: the person has pressed Tab.
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
  const word = WORD.exec(before);
  if (!word || (word[1] === "" && !(isAsked && word[2] !== ""))) return undefined;
  return names(word[2], word[1], caret, context, true);
}

/** `text` with a completion in it, and where the caret is then. */
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
  // As everywhere: whom a line begins with, it is for.
  const end = isInText && start === 0 ? ": " : " ";
  const items = matching(context.names, word)
    .map((name) => ({ insert: `${name}${end}`, label: name }));
  return found("name", start, caret, items.slice(0, MOST));
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
