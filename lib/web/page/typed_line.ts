/**
 * Parses the text of the message field into messages or a command.
 *
 * @module
 */

import { isCommandLine, textOfLine } from "../../codec/command_line.ts";

export type TypedLine =
  /** Each line is a message. */
  | {
    readonly type: "say";
    readonly lines: readonly string[];
    readonly kind: "message" | "action";
    /** Whether it may be a log-in, so that only the server is to see it. */
    readonly isSecret?: true;
  }
  /** The page handles these commands itself, because it shows their results in its own way. */
  | { readonly type: "search"; readonly query: string }
  | { readonly type: "join"; readonly room: string; readonly key?: string }
  | { readonly type: "help" }
  | { readonly type: "logout" }
  /** May hold a password: nothing of it may be kept, sent or shown. */
  | { readonly type: "account" }
  /** The server runs all other commands. */
  | { readonly type: "command"; readonly line: string }
  | { readonly type: "nothing" };

/** Commands that take a password on other ways in, also if a space slipped in before the slash. */
const SECRET =
  /^\s*[/\\]+\s*(?:account|auth|identify|log-?[io]n|oper|passw(?:or)?d|register|sign-?in|(?:m|msg|query)\s+nickserv)(?:[\s:=,]|$)/i;
/** `login NAME PASSWORD`, which may also be three words of a conversation: the server knows. */
const MAYBE_SECRET =
  /^\s*(?:auth|identify|log-?[io]n|nickserv|oper|passw(?:or)?d|register|sign-?in)[\s:=,]+\S/i;
const COMMAND = /^\/([^\s/]\S*)(?:\s+(.*))?$/;

/** Parses a text; several lines become several messages. */
export function parseTypedLine(text: string): TypedLine {
  const lines = text.split(/\r\n|[\r\n\u2028\u2029]/).map((line) => line.trimEnd())
    .filter((line) => line !== "");
  if (lines.length === 0) return { type: "nothing" };
  if (lines.some((line) => SECRET.test(line))) return { type: "account" };
  // Several lines were pasted, so a line that begins with a path is not a command.
  if (lines.length > 1 || !isCommandLine(lines[0])) {
    return {
      type: "say",
      lines: lines.length > 1 ? lines : lines.map(textOfLine),
      kind: "message",
      ...(lines.some((line) => MAYBE_SECRET.test(line)) && { isSecret: true }),
    };
  }
  const [line] = lines;
  const [, name = "", argument = ""] = COMMAND.exec(line) ?? [];
  switch (name.toLowerCase()) {
    case "me":
      if (argument === "") break;
      return { type: "say", lines: [argument], kind: "action" };
    case "search":
      return { type: "search", query: argument };
    case "logout":
      return { type: "logout" };
    case "help":
      if (argument !== "") break;
      return { type: "help" };
    case "join":
      if (argument === "") break;
      return joinOf(argument);
  }
  return { type: "command", line };
}

function joinOf(argument: string): TypedLine {
  const [room, ...rest] = argument.trim().replace(/^#/, "").split(/\s+/);
  const key = rest.join(" ");
  return key === "" ? { type: "join", room } : { type: "join", room, key };
}

/** Length of the longest line, in bytes of UTF-8. */
export function longestBytes(lines: readonly string[]): number {
  const encoder = new TextEncoder();
  return Math.max(0, ...lines.map((line) => encoder.encode(line).length));
}
