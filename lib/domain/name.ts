/**
 * The rules for the names of people, rooms and log sources, and when two names are the same.
 *
 * @module
 */

import { characterCount } from "./character_count.ts";
import { DomainError } from "./domain_error.ts";

// A combining mark at the start would be drawn over the character before the name.
const ALLOWED = /^[\p{L}\p{Nd}_.-][\p{L}\p{M}\p{Nd}_.-]*$/u;
// Some letters (the Hangul fillers) are invisible, so a name of only these would be too.
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;

/** The rules for one kind of name. */
export interface NameRules {
  /** What the names are for, as the subject of a sentence, e.g. `Room names`. */
  readonly subject: string;
  /** In characters (code points). */
  readonly maxLength: number;
}

/** The rules for nicknames. */
export const NICKNAME_RULES: NameRules = { subject: "Names", maxLength: 32 };
/** The rules for names of rooms. */
export const ROOM_NAME_RULES: NameRules = { subject: "Room names", maxLength: 64 };

/**
 * Parses a name; returns it in Unicode's NFC form.
 *
 * @throws {DomainError} `bad-name`, with the rule that `text` breaks.
 */
export function parseName(text: string, rules: NameRules): string {
  const name = text.trim().normalize("NFC");
  const { subject, maxLength } = rules;
  if (name === "") throw new DomainError("bad-name", `${subject} cannot be empty.`);
  if (!ALLOWED.test(name) || INVISIBLE.test(name)) {
    throw new DomainError("bad-name", `${subject} may contain only letters, digits, _ - and .`);
  }
  const length = characterCount(name);
  if (length > maxLength) {
    throw new DomainError(
      "bad-name",
      `${subject} may have at most ${maxLength} characters; this one has ${length}.`,
    );
  }
  return name;
}

/** The rules for names of log sources. */
export const SOURCE_NAME_RULES: NameRules = { subject: "Source names", maxLength: 64 };

const PLAIN_SOURCE = /^[\w./:-]{1,64}$/;
const NOT_IN_SOURCE = /[^\p{L}\p{M}\p{Nd}_./:-]|\p{Default_Ignorable_Code_Point}/gu;

/**
 * Makes a valid source name from what a machine calls itself. Besides the characters of other names
 * it may have `/`, between host and program, and `:`, in an address. Any other character becomes
 * `_`.
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
 * Parses the name of a person or a log source.
 *
 * @throws {DomainError} As {@linkcode parseName}.
 */
export function parseSpeakerName(text: string): string {
  const isSource = /[/:]/.test(text) && toSourceName(text) === text;
  return isSource ? text : parseName(text, { ...SOURCE_NAME_RULES, subject: "Names" });
}

/** Parses a room's name, which may begin with `#`. @throws {DomainError} As {@linkcode parseName}. */
export function parseRoomName(text: string): string {
  return parseName(text.trim().replace(/^#/, ""), ROOM_NAME_RULES);
}

/**
 * Checks the name of a room that is about to be created. URLs resolve `.` and `..` (RFC 3986 section
 * 5.2.4), so the HTTP API and permalinks could not reach such a room.
 *
 * @throws {DomainError} `bad-name`.
 */
export function checkNewRoomName(name: string): void {
  if (name === "." || name === "..") {
    throw new DomainError("bad-name", `${ROOM_NAME_RULES.subject} cannot be . or ..`);
  }
}

/** Whether a room may be created with the name `text`. */
export function isRoomName(text: string): boolean {
  try {
    checkNewRoomName(parseRoomName(text));
    return true;
  } catch {
    return false;
  }
}

/**
 * The key by which names are compared, equal for names that differ only in case or width.
 *
 * It maps to upper case and back, because lower-casing alone keeps some look-alikes apart (the two
 * small sigmas, the dotless i), and to lower case before that, for the capital sharp s. NFKC maps
 * full-width and other compatibility forms.
 */
export function nameKey(name: string): string {
  // deno-lint-ignore no-control-regex -- all of ASCII
  if (/^[\x00-\x7f]*$/.test(name)) return name.toLowerCase();
  return name.normalize("NFKC").toLowerCase().toUpperCase().toLowerCase().normalize("NFKC");
}
