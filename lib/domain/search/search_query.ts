/**
 * A parsed query. Everything a person typed in it is data, and never becomes database syntax.
 *
 * @module
 */

import type { Level } from "../../level.ts";
import type { RoomEventKind } from "../room_event.ts";
import type { Phrase } from "./words.ts";

/** A name or the beginning of one, as a key of `nameKey`. */
export interface NamePattern {
  readonly key: string;
  readonly isPrefix: boolean;
  /** Whether it may also be one of the parts between slashes: `nginx` of `web1/nginx`. */
  readonly isPart?: true;
}

/** The value of a field or the beginning of one, folded. */
export interface ValuePattern {
  readonly text: string;
  readonly isPrefix: boolean;
}

/** Something that an event must have or, if `isNegated`, must not have. */
export type SearchCondition =
  & { readonly isNegated: boolean }
  & (
    | { readonly type: "text"; readonly phrase: Phrase }
    /** From one of these people or sources. */
    | { readonly type: "from"; readonly names: readonly NamePattern[] }
    /** In one of these rooms. */
    | { readonly type: "in"; readonly names: readonly NamePattern[] }
    | { readonly type: "kind"; readonly kinds: readonly RoomEventKind[] }
    | { readonly type: "level"; readonly levels: readonly Level[] }
    /** With one of these values in the field of this path, folded, such as `http.status`. */
    | { readonly type: "field"; readonly path: string; readonly values: readonly ValuePattern[] }
    /** Accepted at this time, milliseconds since 1970, or later. */
    | { readonly type: "after"; readonly at: number }
    /** Accepted earlier. */
    | { readonly type: "before"; readonly at: number }
    /** Contains a web link. */
    | { readonly type: "link" }
  );

/** Selects the events that meet all conditions. */
export interface SearchQuery {
  readonly conditions: readonly SearchCondition[];
}
