/**
 * The input of a person at a terminal: text, keys, pastes.
 *
 * @module
 */

/** One piece of input. */
export type Key =
  /** Characters; invalid UTF-8 as the escaped bytes of `raw_text.ts`. */
  | { readonly kind: "text"; readonly text: string }
  /**
   * A key by its name: `enter`, `tab`, `backspace`, `delete`, `escape`, `up`, `down`, `left`,
   * `right`, `home`, `end`, `page-up`, `page-down`; `C-a` for Ctrl-A, `M-b` for Alt-B, `C-left`, `M-left`, `C-M-left`.
   */
  | { readonly kind: "key"; readonly name: string }
  /** A bracketed paste, with LF between its lines, and the number of bytes dropped at its end. */
  | { readonly kind: "paste"; readonly text: string; readonly droppedBytes: number }
  /** The terminal's reply to a query, without the CSI: `>84;0;0c`. */
  | { readonly kind: "report"; readonly text: string };
