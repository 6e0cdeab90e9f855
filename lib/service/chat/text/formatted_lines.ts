/**
 * What people format by signs, as a terminal shows it: without the signs, in styles.
 *
 * @module
 */

import { type FormattedPiece, parseFormatting } from "../../../domain/text/formatting.ts";

/** A stretch of a line in a style: indices in its text, and a parameter of SGR (ECMA-48, 8.3.117). */
export interface StyleRange {
  readonly start: number;
  readonly end: number;
  readonly code: string;
}

export interface StyledLine {
  readonly text: string;
  /** In order. */
  readonly styles: readonly StyleRange[];
}

export const BOLD_CODE = "1";
/** Underlined: not all terminals have italics, and manual pages show them so, too. */
const ITALIC_CODE = "4";
/** Cyan. */
const CODE_CODE = "36";

/** The lines without signs. Those that only fence code are left out. */
export function formattedLines(lines: readonly string[]): readonly StyledLine[] {
  return parseFormatting(lines.join("\n")).flatMap((part): readonly StyledLine[] => {
    if (part.type === "code") {
      return part.lines.map((text) => ({
        text,
        styles: [{ start: 0, end: text.length, code: CODE_CODE }],
      }));
    }
    return part.lines.map((pieces) => {
      let text = "";
      const styles: StyleRange[] = [];
      for (const piece of pieces) {
        const start = text.length;
        text += piece.text;
        for (const code of codesOf(piece)) styles.push({ start, end: text.length, code });
      }
      return { text, styles };
    });
  });
}

/** The SGR parameters for a piece. */
export function codesOf(
  { isBold, isItalic, isCode }: Pick<FormattedPiece, "isBold" | "isItalic" | "isCode">,
): string[] {
  return [
    ...isBold ? [BOLD_CODE] : [],
    ...isItalic ? [ITALIC_CODE] : [],
    ...isCode ? [CODE_CODE] : [],
  ];
}

/** A text with its styles, which may overlap. */
export function paint(text: string, styles: readonly StyleRange[]): string {
  if (styles.length === 0) return text;
  const edges = styles.flatMap(({ start, end, code }) => [
    { at: start, code, step: 1 },
    { at: end, code, step: -1 },
  ]).sort((one, other) => one.at - other.at);
  const counts = new Map<string, number>();
  let painted = "";
  let shown = 0;
  for (const { at, code, step } of edges) {
    if (at > shown) {
      const codes = [...counts].filter(([, count]) => count > 0).map(([code]) => code);
      const piece = text.slice(shown, at);
      painted += codes.length === 0 ? piece : `\x1b[${codes.join(";")}m${piece}\x1b[0m`;
      shown = at;
    }
    counts.set(code, (counts.get(code) ?? 0) + step);
  }
  return painted + text.slice(shown);
}
