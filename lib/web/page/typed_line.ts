/**
 * What is meant by what somebody has typed.
 *
 * @module
 */

export type TypedLine =
  /** Each of them is said, one after the other. */
  | { readonly type: "say"; readonly lines: readonly string[]; readonly kind: "message" | "action" }
  /** The page does these itself, because it has a place for what comes of them. */
  | { readonly type: "search"; readonly query: string }
  | { readonly type: "join"; readonly room: string }
  | { readonly type: "help" }
  /** All others are the server's. */
  | { readonly type: "command"; readonly line: string }
  | { readonly type: "nothing" };

const COMMAND = /^\/([^\s/]\S*)(?:\s+(.*))?$/;

/** What `text` means; line ends in it part what is said one after the other. */
export function parseTypedLine(text: string): TypedLine {
  const lines = text.split(/\r\n|[\r\n\u2028\u2029]/).map((line) => line.trimEnd())
    .filter((line) => line !== "");
  if (lines.length === 0) return { type: "nothing" };
  // What was pasted is said as it is: a path in it is not a command.
  if (lines.length > 1 || !lines[0].startsWith("/")) {
    return { type: "say", lines, kind: "message" };
  }
  const [line] = lines;
  if (line.startsWith("//")) return { type: "say", lines: [line.slice(1)], kind: "message" };
  const [, name = "", argument = ""] = COMMAND.exec(line) ?? [];
  switch (name.toLowerCase()) {
    case "me":
      if (argument === "") break;
      return { type: "say", lines: [argument], kind: "action" };
    case "search":
      return { type: "search", query: argument };
    case "help":
      if (argument !== "") break;
      return { type: "help" };
    case "join":
      if (argument === "") break;
      return { type: "join", room: argument.replace(/^#/, "") };
  }
  return { type: "command", line };
}

/** How many bytes of UTF-8 the longest line has. */
export function longestBytes(lines: readonly string[]): number {
  const encoder = new TextEncoder();
  return Math.max(0, ...lines.map((line) => encoder.encode(line).length));
}
