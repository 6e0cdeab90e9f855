/** Part of a hit's text. It imports nothing, so that the page can, too. @module */

export interface SnippetPart {
  readonly text: string;
  /** Whether it matches the query. */
  readonly isMatch: boolean;
}
