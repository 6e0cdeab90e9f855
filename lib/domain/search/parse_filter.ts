/**
 * The filters of the query language and their values.
 *
 * @module
 */

import { type Level, levelOf, LEVELS } from "../../level.ts";
import { DomainError } from "../domain_error.ts";
import { nameKey } from "../name.ts";
import { ROOM_EVENT_KINDS, type RoomEventKind } from "../room_event.ts";
import type { NamePattern, SearchCondition, ValuePattern } from "./search_query.ts";
import { parseTime, TIME_FORMS } from "./search_time.ts";
import { fold } from "./words.ts";

/** The names of filters, as written before a colon. */
export const FILTERS = [
  "from",
  "source",
  "in",
  "kind",
  "level",
  "before",
  "after",
  "has",
  "host",
  "app",
] as const;
export type FilterName = typeof FILTERS[number];

/** What the name of a filter for any field begins with: `field.status:500`. */
const FIELD = /^field\.(?=.)/i;

/** What follows the colon. */
export interface FilterText {
  readonly text: string;
  readonly isQuoted: boolean;
  /** Whether a star ends it, outside the quotes if there are any. */
  readonly hasStar: boolean;
}

/** A condition without its negation. */
type Parsed<Condition = SearchCondition> = Condition extends SearchCondition
  ? Omit<Condition, "isNegated">
  : never;

/**
 * Parses a filter; `undefined` if no filter has that name.
 *
 * @param now The time that `2h` and the like are relative to, in milliseconds since 1970.
 * @throws {DomainError} `bad-query`.
 */
export function parseFilter(name: string, value: FilterText, now: number): Parsed | undefined {
  if (FIELD.test(name)) return parseField(name, value);
  const filter = FILTERS.find((filter) => filter === name.toLowerCase());
  return filter && parseNamed(filter, value, now);
}

function parseNamed(filter: FilterName, value: FilterText, now: number): Parsed {
  const values = listed(value.text);
  if (values.length === 0) {
    throw badQuery(`Write something after ${filter}:, ${exampleOf(filter)}.`);
  }
  switch (filter) {
    case "host":
    case "app":
      return parseField(filter, value);
    case "from":
    case "in":
      return { type: filter, names: values.map(parseName) };
    case "source":
      return { type: "from", names: values.map((name) => ({ ...parseName(name), isPart: true })) };
    case "kind":
      return { type: "kind", kinds: values.map(parseKind) };
    case "level":
      return { type: "level", levels: values.flatMap(parseLevels) };
    case "before":
    case "after":
      return { type: filter, at: parseMoment(filter, value.text, now) };
    case "has":
      if (value.text.toLowerCase() === "link") return { type: "link" };
      throw badQuery(`There is no has:${value.text}. Write has:link.`);
  }
}

/** A filter for a field: whole values or, with a star, beginnings; quotes make a comma part of one. */
function parseField(name: string, { text, isQuoted, hasStar }: FilterText): Parsed {
  const star = isQuoted && hasStar ? "*" : "";
  const values = isQuoted ? [text + star] : listed(text);
  if (values.length === 0) throw badQuery(`Write something after ${name}:, a value of the field.`);
  return { type: "field", path: fold(name.replace(FIELD, "")), values: values.map(parseValue) };
}

function parseValue(text: string): ValuePattern {
  const isPrefix = text.endsWith("*");
  return { text: fold(isPrefix ? text.slice(0, -1) : text), isPrefix };
}

function parseName(text: string): NamePattern {
  const isPrefix = text.endsWith("*");
  const name = isPrefix ? text.slice(0, -1) : text;
  return { key: nameKey(name.replace(/^#/, "").normalize("NFC")), isPrefix };
}

function parseKind(text: string): RoomEventKind {
  const kind = ROOM_EVENT_KINDS.find((kind) => kind === text.toLowerCase());
  if (kind) return kind;
  throw badQuery(`There is no kind:${text}. Kinds are ${listOf(ROOM_EVENT_KINDS)}.`);
}

/** One level; with `+`, that level and anything more severe. */
function parseLevels(text: string): readonly Level[] {
  const level = levelOf(text.replace(/\+$/, ""));
  if (!level) {
    const levels = listOf(LEVELS);
    throw badQuery(
      `There is no level:${
        text.replace(/\+$/, "")
      }. Levels are ${levels}; err+ is err and anything more severe.`,
    );
  }
  return text.endsWith("+") ? LEVELS.slice(0, LEVELS.indexOf(level) + 1) : [level];
}

function parseMoment(filter: string, value: string, now: number): number {
  const at = parseTime(value, now);
  if (at !== undefined) return at;
  throw badQuery(`${filter}:${value} is not a time. Write ${TIME_FORMS}.`);
}

function exampleOf(filter: FilterName): string {
  const examples = {
    from: "a name or a source",
    source: "a source, or the host or program in its name",
    in: "a room",
    kind: `one of ${listOf(ROOM_EVENT_KINDS)}`,
    level: `one of ${listOf(LEVELS)}`,
    before: TIME_FORMS,
    after: TIME_FORMS,
    has: "for example has:link",
    host: "the name of a machine",
    app: "the name of a program",
  };
  return examples[filter];
}

/** The values of a list with commas. */
function listed(text: string): string[] {
  return text.split(",").map((item) => item.trim()).filter((item) => item !== "");
}

function listOf(items: readonly string[]): string {
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** The error for an invalid query. @param message A sentence for the person who wrote it. */
export function badQuery(message: string): DomainError {
  return new DomainError("bad-query", message);
}
