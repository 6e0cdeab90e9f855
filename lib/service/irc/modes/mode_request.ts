/**
 * The parameters of `MODE #channel`: letters with signs, and what some of them take.
 *
 * @module
 */

import { FLAGS, LIST_LETTERS, type ListLetter } from "./channel_modes.ts";

/** What a client wants with the modes of a channel, in order. */
export type ModeRequest =
  | { readonly kind: "flag"; readonly letter: string; readonly isSet: boolean }
  | {
    readonly kind: "value" | "sign";
    readonly letter: string;
    readonly isSet: boolean;
    /** Absent if it was left out. */
    readonly param?: string;
  }
  | {
    readonly kind: "entry";
    readonly letter: ListLetter;
    readonly isSet: boolean;
    readonly param: string;
  }
  | { readonly kind: "list"; readonly letter: ListLetter }
  | { readonly kind: "unknown"; readonly letter: string };

/** Parses the parameters. Of several changes of a flag the last one counts. */
export function parseModes(letters: string, params: readonly string[]): ModeRequest[] {
  const requests = new Map<string, ModeRequest>();
  const left = [...params];
  let isSet = true;
  for (const letter of letters) {
    if (letter === "+" || letter === "-") {
      isSet = letter === "+";
      continue;
    }
    const request = requestFor(letter, isSet, left);
    const isOnce = request.kind === "flag" || request.kind === "list" || request.kind === "unknown";
    const key = isOnce || request.param === undefined ? letter : `${letter} ${requests.size}`;
    requests.delete(key);
    requests.set(key, request);
  }
  return [...requests.values()];
}

function requestFor(letter: string, isSet: boolean, left: string[]): ModeRequest {
  if (FLAGS.has(letter)) return { kind: "flag", letter, isSet };
  if (letter === "o" || letter === "v") {
    return { kind: "sign", letter, isSet, param: left.shift() };
  }
  // A limit is removed without a parameter; a key is, too, though clients send it.
  if (letter === "k") return { kind: "value", letter, isSet, param: left.shift() };
  if (letter === "l") {
    return { kind: "value", letter, isSet, param: isSet ? left.shift() : undefined };
  }
  if (!isListLetter(letter)) return { kind: "unknown", letter };
  const param = left.shift();
  return param === undefined || param === ""
    ? { kind: "list", letter }
    : { kind: "entry", letter, isSet, param };
}

function isListLetter(letter: string): letter is ListLetter {
  return (LIST_LETTERS as readonly string[]).includes(letter);
}
