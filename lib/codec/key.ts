/**
 * What somebody at a terminal does: text, keys, pastes.
 *
 * @module
 */

/** Something typed. */
export type Key =
  /** Characters; escaped bytes of `raw_text.ts` for what was no UTF-8. */
  | { readonly kind: "text"; readonly text: string }
  /**
   * A key by its name: `enter`, `tab`, `backspace`, `delete`, `escape`, `up`, `down`, `left`,
   * `right`, `home`, `end`; `C-a` for Ctrl-A, `M-b` for Alt-B, `C-left`, `M-left`, `C-M-left`.
   */
  | { readonly kind: "key"; readonly name: string }
  /** A bracketed paste, its lines apart by LF, and how many of its bytes were too many. */
  | { readonly kind: "paste"; readonly text: string; readonly droppedBytes: number }
  /** What the terminal says of itself when asked, without the CSI: `>84;0;0c`. */
  | { readonly kind: "report"; readonly text: string };
