/**
 * The rules for the names of people and rooms, and when two of them are the same.
 *
 * @module
 */

import { DomainError } from "./domain_error.ts";

// Not a mark first: it would be drawn over what stands before the name.
const ALLOWED = /^[\p{L}\p{Nd}_.-][\p{L}\p{M}\p{Nd}_.-]*$/u;
// Some letters (the Hangul fillers) are invisible; a name of them would look like no name at all.
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;

/** What is asked of a kind of name. */
export interface NameRules {
  /** What the names are for, as the subject of a sentence, e.g. `Room names`. */
  readonly subject: string;
  /** Most characters (code points) it may have. */
  readonly maxLength: number;
}

/** The rules for what people are called. */
export const NICKNAME_RULES: NameRules = { subject: "Names", maxLength: 32 };
/** The rules for rooms. */
export const ROOM_NAME_RULES: NameRules = { subject: "Room names", maxLength: 64 };

/**
 * The name in `text`, in Unicode's NFC form.
 *
 * @throws {DomainError} `bad-name`, naming the rule that `text` breaks.
 */
export function parseName(text: string, rules: NameRules): string {
  const name = text.trim().normalize("NFC");
  const { subject, maxLength } = rules;
  if (name === "") throw new DomainError("bad-name", `${subject} cannot be empty.`);
  if (!ALLOWED.test(name) || INVISIBLE.test(name)) {
    throw new DomainError("bad-name", `${subject} may contain only letters, digits, _ - and .`);
  }
  const length = [...name].length;
  if (length > maxLength) {
    throw new DomainError(
      "bad-name",
      `${subject} may have at most ${maxLength} characters; this one has ${length}.`,
    );
  }
  return name;
}

/** The rules for what a pipe may call itself. */
export const SOURCE_NAME_RULES: NameRules = { subject: "Source names", maxLength: 64 };

const PLAIN_SOURCE = /^[\w./:-]{1,64}$/;
const NOT_IN_SOURCE = /[^\p{L}\p{M}\p{Nd}_./:-]|\p{Default_Ignorable_Code_Point}/gu;

/**
 * A name for what log lines come from, made of what a machine said about itself: the characters of
 * other names, `/` between a host and a program and `:` in an address; any other becomes `_`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { toSourceName } from "./name.ts";
 *
 * assertEquals(toSourceName("web1/nginx"), "web1/nginx");
 * assertEquals(toSourceName("a\0b <c>"), "a_b__c_");
 * ```
 */
export function toSourceName(text: string): string {
  if (PLAIN_SOURCE.test(text)) return text;
  const name = text.normalize("NFC").replace(NOT_IN_SOURCE, "_").replace(/^\p{M}/u, "_");
  const { maxLength } = SOURCE_NAME_RULES;
  return name === ""
    ? "_"
    : name.length > maxLength
    ? [...name].slice(0, maxLength).join("")
    : name;
}

/**
 * The name in `text` of somebody whose words are shown, a person or a source of log lines.
 *
 * @throws {DomainError} as {@linkcode parseName}.
 */
export function parseSpeakerName(text: string): string {
  const isSource = /[/:]/.test(text) && toSourceName(text) === text;
  return isSource ? text : parseName(text, { ...SOURCE_NAME_RULES, subject: "Names" });
}

/** The room's name in `text`, which may begin with `#`. @throws {DomainError} as {@linkcode parseName}. */
export function parseRoomName(text: string): string {
  return parseName(text.trim().replace(/^#/, ""), ROOM_NAME_RULES);
}

/** Whether a room may be called that. */
export function isRoomName(text: string): boolean {
  try {
    parseRoomName(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * What names are compared by: equal for names that differ only in case or width.
 *
 * By way of upper case, because lower-casing alone keeps some look-alikes apart (the two small
 * sigmas, the dotless i), and of lower case before that, for the capital sharp s; NFKC folds
 * full-width and other compatibility forms.
 */
export function nameKey(name: string): string {
  // deno-lint-ignore no-control-regex -- all of ASCII
  if (/^[\x00-\x7f]*$/.test(name)) return name.toLowerCase();
  return name.normalize("NFKC").toLowerCase().toUpperCase().toLowerCase().normalize("NFKC");
}
