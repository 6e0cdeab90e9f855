/**
 * Key bindings, the same as in readline and the shells that use it.
 *
 * @module
 */

/** What a key can do. The actions that put text in the kill ring start with `kill-`. */
export type EditAction =
  | "enter"
  | "line-break"
  | "interrupt"
  | "delete-or-leave"
  | "clear-screen"
  | "left"
  | "right"
  | "home"
  | "end"
  | "word-left"
  | "word-right"
  | "backspace"
  | "delete"
  | "kill-to-start"
  | "kill-to-end"
  | "kill-spaced-word-left"
  | "kill-word-left"
  | "kill-word-right"
  | "yank"
  | "yank-earlier"
  | "transpose"
  | "history-back"
  | "history-forward"
  | "search"
  | "complete";

/** Actions by the key names of `codec/key.ts`. */
export const KEYMAP: Readonly<Record<string, EditAction | undefined>> = {
  "enter": "enter",
  "M-enter": "line-break",
  "C-c": "interrupt",
  "C-d": "delete-or-leave",
  "C-l": "clear-screen",
  "left": "left",
  "C-b": "left",
  "right": "right",
  "C-f": "right",
  "home": "home",
  "C-a": "home",
  "end": "end",
  "C-e": "end",
  "C-left": "word-left",
  "M-left": "word-left",
  "M-b": "word-left",
  "C-right": "word-right",
  "M-right": "word-right",
  "M-f": "word-right",
  "backspace": "backspace",
  "delete": "delete",
  "C-u": "kill-to-start",
  "C-k": "kill-to-end",
  "C-w": "kill-spaced-word-left",
  "M-backspace": "kill-word-left",
  "M-d": "kill-word-right",
  "C-delete": "kill-word-right",
  "C-y": "yank",
  "M-y": "yank-earlier",
  "C-t": "transpose",
  "up": "history-back",
  "C-p": "history-back",
  "down": "history-forward",
  "C-n": "history-forward",
  "C-r": "search",
  "tab": "complete",
};
