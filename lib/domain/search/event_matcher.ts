/**
 * Decides whether an event matches a query. The index only tells where to look.
 *
 * @module
 */

import { type Level, levelOf } from "../../level.ts";
import { nameKey } from "../name.ts";
import type { RoomEvent } from "../room_event.ts";
import { printedText } from "../text/printed_text.ts";
import { valuesOf } from "./field_values.ts";
import type { NamePattern, SearchCondition, SearchQuery } from "./search_query.ts";
import { searchableTexts } from "./searchable_text.ts";
import { findPhrase, fold, type Phrase, wordsOf } from "./words.ts";

/** The common properties of the events of a run. */
export type RunHead = Pick<RoomEvent, "room" | "from" | "kind" | "at">;
/** The properties that differ between the events of a run. */
export type EventText = Pick<RoomEvent, "body" | "fields">;

/** The words that links begin with. */
const LINK_WORDS = ["http", "https"] as const;

export class EventMatcher {
  readonly #ofRuns: readonly SearchCondition[];
  readonly #ofEvents: readonly SearchCondition[];

  constructor({ conditions }: SearchQuery) {
    this.#ofRuns = conditions.filter(isAboutRuns);
    this.#ofEvents = conditions.filter((condition) => !isAboutRuns(condition));
  }

  /** Whether events of such a run may match. */
  admits(head: RunHead): boolean {
    return this.#ofRuns.every((condition) => isOfRun(condition, head) !== condition.isNegated);
  }

  /**
   * Whether a run may contain a match, judged by its whole text without knowing where each event
   * begins.
   *
   * @param folded As `foldedRun` returns it.
   */
  mayMatch(folded: string | undefined): boolean {
    return folded === undefined ||
      this.#ofEvents.every((condition) => condition.isNegated || mayMeet(condition, folded));
  }

  /** Whether an event of a run that {@linkcode admits} accepts matches. */
  matches(event: EventText): boolean {
    if (this.#ofEvents.length === 0) return true;
    const texts = textsOf(event);
    return this.#ofEvents.every((condition) =>
      isOfEvent(condition, event, texts) !== condition.isNegated
    );
  }
}

/** The phrases that a query requires. */
export function phrasesOf({ conditions }: SearchQuery): readonly Phrase[] {
  return conditions.flatMap((condition) =>
    condition.type === "text" && !condition.isNegated ? [condition.phrase] : []
  );
}

/** Whether a name matches one of the patterns. */
export function isNamed(name: string, patterns: readonly NamePattern[]): boolean {
  const key = nameKey(name);
  return patterns.some((pattern) =>
    isLike(key, pattern) ||
    (pattern.isPart && key.split("/").some((part) => isLike(part, pattern)))
  );
}

function isLike(key: string, pattern: NamePattern): boolean {
  return pattern.isPrefix ? key.startsWith(pattern.key) : key === pattern.key;
}

/** The level of a log line, if it has one. */
export function levelOfEvent({ fields }: EventText): Level | undefined {
  return fields && levelOf(fields.level);
}

function isAboutRuns({ type }: SearchCondition): boolean {
  return type !== "text" && type !== "level" && type !== "link" && type !== "field";
}

function isOfRun(condition: SearchCondition, head: RunHead): boolean {
  switch (condition.type) {
    case "from":
      return isNamed(head.from, condition.names);
    case "in":
      return isNamed(head.room, condition.names);
    case "kind":
      return condition.kinds.includes(head.kind);
    case "after":
      return head.at >= condition.at;
    case "before":
      return head.at < condition.at;
    default:
      throw new TypeError(`Cannot tell ${condition.type} of a run`);
  }
}

function isOfEvent(condition: SearchCondition, event: EventText, texts: string[]): boolean {
  switch (condition.type) {
    case "text":
      return texts.some((text) => findPhrase(text, condition.phrase) !== undefined);
    case "level": {
      const level = levelOfEvent(event);
      return level !== undefined && condition.levels.includes(level);
    }
    case "field":
      return hasField(event, condition);
    case "link":
      return texts.some(hasLink);
    default:
      throw new TypeError(`Cannot tell ${condition.type} of an event`);
  }
}

/** Whether a condition may hold for some event of a run with this folded text. */
function mayMeet(condition: SearchCondition, folded: string): boolean {
  const hasAll = (words: readonly string[]) => words.every((word) => folded.includes(word));
  if (condition.type === "text") return hasAll(condition.phrase.words);
  return condition.type !== "field" || condition.values.some(({ text }) => hasAll(wordsOf(text)));
}

/** Whether a field has one of the values. All elements of an array have the path of the array. */
function hasField(
  { fields }: EventText,
  { path, values }: Extract<SearchCondition, { type: "field" }>,
): boolean {
  return valuesOf(fields).some((field) => {
    const own = fold(field.path);
    if (own !== path && own.replace(/\.\d+(?=\.|$)/g, "") !== path) return false;
    const value = fold(printedText(field.value));
    return values.some(({ text, isPrefix }) => isPrefix ? value.startsWith(text) : value === text);
  });
}

function hasLink(folded: string): boolean {
  return LINK_WORDS.some((word) => {
    const phrase = { words: [word], isPrefix: false };
    for (let at = findPhrase(folded, phrase); at; at = findPhrase(folded, phrase, at.end)) {
      if (/^:\/\/[^\s/]/.test(folded.slice(at.end, at.end + 5))) return true;
    }
    return false;
  });
}

/** The folded body and field values of an event. */
function textsOf({ body, fields }: EventText): string[] {
  const texts = searchableTexts(body).map(fold);
  if (fields) {
    for (const { value } of valuesOf(fields)) texts.push(...searchableTexts(value).map(fold));
  }
  return texts;
}
