/** Part of a hit's text. Imports nothing, so that the page can import it. @module */

export interface SnippetPart {
  readonly text: string;
  /** Whether it matches the query. */
  readonly isMatch: boolean;
}
