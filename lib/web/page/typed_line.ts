/**
 * Parses the text of the message field into a message or a command.
 *
 * @module
 */

import { isCommandLine, textOfLine } from "../../codec/command_line.ts";
import { isBlock, linesOf, toBody } from "../../domain/text/block.ts";

export type TypedLine =
  /** A message, perhaps of several lines. */
  | {
    readonly type: "say";
    readonly body: string;
    readonly kind: "message" | "action";
    /** Whether it may be a log-in, so that only the server is to see it. */
    readonly isSecret?: true;
  }
  /** The page handles these commands itself, because it shows their results in its own way. */
  | { readonly type: "search"; readonly query: string }
  | { readonly type: "log"; readonly query: string }
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
const COMMAND = /^\/([^\s/]\S*)(?:\s+(.*))?$/s;
/** Commands whose text may have several lines. */
const FOR_BLOCKS = /^\/(?:me|msg|query|w|reply)\s/i;

/** Parses a text. One of several lines is a message, unless it begins with a command that takes one. */
export function parseTypedLine(text: string): TypedLine {
  const line = withoutBlankEnds(text);
  if (line === "") return { type: "nothing" };
  const lines = linesOf(line);
  if (lines.some((line) => SECRET.test(line))) return { type: "account" };
  // Several lines may have been pasted, and begin with a path.
  if (isBlock(line) ? !FOR_BLOCKS.test(line) : !isCommandLine(line)) {
    return {
      type: "say",
      body: isBlock(line) ? line : textOfLine(line),
      kind: "message",
      ...(lines.some((line) => MAYBE_SECRET.test(line)) && { isSecret: true }),
    };
  }
  const [, name = "", argument = ""] = COMMAND.exec(line) ?? [];
  switch (name.toLowerCase()) {
    case "me":
      if (argument === "") break;
      return { type: "say", body: argument, kind: "action" };
    case "search":
      return { type: "search", query: argument };
    case "log":
      return { type: "log", query: argument };
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

/** A text without blanks at its end, and without blank lines before it. */
function withoutBlankEnds(text: string): string {
  const body = toBody(text.replace(/\r\n?/g, "\n")).trimEnd();
  const start = body.search(/\S/);
  return start === -1 ? "" : body.slice(body.lastIndexOf("\n", start) + 1);
}
