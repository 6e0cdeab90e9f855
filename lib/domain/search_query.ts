/**
 * What a query asks for. All that is typed is data: nothing of it is ever syntax of a database.
 *
 * @module
 */

import type { Level } from "../level.ts";
import type { RoomEventKind } from "./room_event.ts";
import type { Phrase } from "./words.ts";

/** A name, or what it begins with; as `nameKey` has it. */
export interface NamePattern {
  readonly key: string;
  readonly isPrefix: boolean;
}

/** Something that an event has, or, where `isNegated`, has not. */
export type SearchCondition =
  & { readonly isNegated: boolean }
  & (
    | { readonly type: "text"; readonly phrase: Phrase }
    /** From one of these. */
    | { readonly type: "from"; readonly names: readonly NamePattern[] }
    /** In one of these rooms. */
    | { readonly type: "in"; readonly names: readonly NamePattern[] }
    | { readonly type: "kind"; readonly kinds: readonly RoomEventKind[] }
    | { readonly type: "level"; readonly levels: readonly Level[] }
    /** Accepted at this time, milliseconds since 1970, or later. */
    | { readonly type: "after"; readonly at: number }
    /** Accepted earlier. */
    | { readonly type: "before"; readonly at: number }
    /** With a link to the web. */
    | { readonly type: "link" }
  );

/** A query: the events that meet all conditions. */
export interface SearchQuery {
  readonly conditions: readonly SearchCondition[];
}
