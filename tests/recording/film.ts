/**
 * Turns frames of several terminals into one animated SVG, which needs no player. Readers who prefer
 * reduced motion see its last frame.
 *
 * @module
 */

import type { StyledText } from "../support/screen_terminal.ts";

/** A terminal in the picture. */
export interface Window {
  readonly title: string;
  readonly columns: number;
  readonly rows: number;
  /** Its position from the upper left corner of the picture, in columns and rows of text. */
  readonly x: number;
  readonly y: number;
}

/** The screen of a terminal at one moment. */
export interface View {
  readonly rows: readonly (readonly StyledText[])[];
  readonly cursor: { readonly row: number; readonly column: number };
}

/** The screens of all terminals from one moment on. */
export interface Frame {
  /** Milliseconds from the start. */
  readonly at: number;
  readonly views: readonly View[];
}

const CELL = { width: 8.4, height: 18, font: 14 };
const TITLE_ROWS = 1.7;
const BOTTOM_ROWS = 0.4;
const MARGIN = 16;
const COLOURS: Readonly<Record<number, string>> = {
  1: "#ff7b72",
  2: "#7ee787",
  3: "#e3b341",
  4: "#79c0ff",
  5: "#d2a8ff",
  6: "#56d4dd",
};
const STYLE = `
  .w { fill: #0d1117; stroke: #30363d; }
  .t { fill: #8b949e; font: 12px system-ui, sans-serif; }
  text { fill: #e6edf3; font: ${CELL.font}px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; white-space: pre; }
  .b { font-weight: bold; } .d { fill: #7d8590; } .c { fill: #e6edf3; }
`;

/** @param holdMs How long the last frame is shown before the animation repeats. */
export function film(windows: readonly Window[], frames: readonly Frame[], holdMs: number): string {
  const width = Math.max(...windows.map(({ x, columns }) => x + columns)) * CELL.width + 2 * MARGIN;
  const height =
    Math.max(...windows.map(({ y, rows }) => y + rows + TITLE_ROWS + BOTTOM_ROWS)) * CELL.height +
    2 * MARGIN;
  const lines = new Map<string, string>();
  const pictures = frames.map(({ views }, index) => {
    const content = views.map((view, number) => drawView(windows[number], view, lines)).join("");
    return `<g transform="translate(${round(index * width)})">${content}</g>`;
  });
  const totalMs = frames.at(-1)!.at + holdMs;
  const steps = frames.map(({ at }, index) =>
    `${round(at / totalMs * 100, 3)}%{transform:translateX(${round(-index * width)}px)}`
  );
  const rest = `transform:translateX(${round(-(frames.length - 1) * width)}px)`;
  const move = `
  .f { ${rest}; animation: f ${round(totalMs / 1000)}s step-end infinite; }
  @keyframes f { ${steps.join("")} }
  @media (prefers-reduced-motion: reduce) { .f { animation: none; } }
`;
  const size = `width="${round(width)}" height="${round(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${
      round(height)
    }" ${size}>`,
    `<style>${STYLE}${move}</style>`,
    `<defs>${[...lines].map(([content, id]) => `<g id="${id}">${content}</g>`).join("\n")}</defs>`,
    ...windows.map(drawWindow),
    `<g class="f">${pictures.join("\n")}</g>`,
    "</svg>\n",
  ].join("\n");
}

function drawWindow({ title, columns, rows, x, y }: Window): string {
  const [left, top] = [MARGIN + x * CELL.width - 8, MARGIN + y * CELL.height];
  const box = `x="${round(left)}" y="${round(top)}" width="${round(columns * CELL.width + 16)}" ` +
    `height="${round((rows + TITLE_ROWS + BOTTOM_ROWS) * CELL.height)}" rx="8"`;
  const dots = ["#ff5f57", "#febc2e", "#28c840"].map((colour, index) =>
    `<circle cx="${round(left + 16 + index * 16)}" cy="${round(top + 15)}" r="5" fill="${colour}"/>`
  );
  return `<rect class="w" ${box}/>${dots.join("")}` +
    `<text class="t" x="${round(left + 68)}" y="${round(top + 19)}">${escape(title)}</text>`;
}

/** Draws equal rows once, and reuses them in later frames. */
function drawView({ x, y }: Window, { rows, cursor }: View, lines: Map<string, string>): string {
  const left = MARGIN + x * CELL.width;
  const top = MARGIN + (y + TITLE_ROWS) * CELL.height;
  const drawn = rows.map((row, index) => {
    const content = row.map(drawText).join("");
    if (content === "") return "";
    if (!lines.has(content)) lines.set(content, `l${lines.size.toString(36)}`);
    const place = `x="${round(left)}" y="${round(top + index * CELL.height)}"`;
    return `<use href="#${lines.get(content)}" ${place}/>`;
  });
  const caret = `<rect class="c" x="${round(left + cursor.column * CELL.width)}" ` +
    `y="${round(top + cursor.row * CELL.height)}" width="2" height="${CELL.height - 2}"/>`;
  return drawn.join("") + caret;
}

function drawText({ text, column, colour, isBold, isDim }: StyledText): string {
  const classes = `${isBold ? "b" : ""}${isDim ? " d" : ""}`.trim();
  const attributes = [
    `x="${round(column * CELL.width)}" y="14"`,
    classes === "" ? "" : `class="${classes}"`,
    colour === undefined ? "" : `style="fill:${COLOURS[colour] ?? "#e6edf3"}"`,
    // Fits the text to its columns in any font.
    text.length > 1 ? `textLength="${round(text.length * CELL.width)}"` : "",
  ];
  return `<text ${attributes.filter((one) => one !== "").join(" ")}>${escape(text)}</text>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
