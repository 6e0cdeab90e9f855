/**
 * Transcripts in the documentation: code blocks preceded by an HTML comment that says how to replay
 * them.
 *
 * ```text
 * <!-- transcript
 * before jack@ops: hello        jack joins the room ops (default: lobby) and says it beforehand
 * before ann:                   ann is there, and says nothing
 * run: logger hello             a shell command that is run beforehand
 * type: ann                     this line of the block is typed by the reader
 * live jack: /me waves          jack does this when the block comes to the line it causes
 * -->
 * ```
 *
 * `transcript as nc` begins with the client's start; `transcript as ann` with ann in the lobby.
 * Lines that begin with `$ ` are shell commands; the lines below are what they print.
 *
 * @module
 */

/** An action of another person. */
export interface Act {
  readonly name: string;
  readonly room: string;
  readonly text: string;
}

export interface Transcript {
  /** `README.md:31`, the line of the comment. */
  readonly place: string;
  /** The text after `transcript` in the comment. */
  readonly kind: string;
  readonly before: readonly Act[];
  readonly live: readonly Act[];
  /** Shell commands to run before these acts. */
  readonly commands: readonly string[];
  /** The lines of the block that the reader types. */
  readonly typed: readonly string[];
  readonly lines: readonly string[];
}

const BLOCK = /<!-- transcript *([^\n]*?)(?:\n([^]*?))?-->\n\n *```\w*\n([^]*?) *```/g;

/** Finds all transcripts of a page. @throws {SyntaxError} if a comment has an unknown instruction. */
export function parseTranscripts(name: string, page: string): Transcript[] {
  return [...page.matchAll(BLOCK)].map((match) => {
    const [, kind, notes = "", body] = match;
    const place = `${name}:${page.slice(0, match.index).split("\n").length}`;
    const before: Act[] = [], live: Act[] = [], typed: string[] = [], commands: string[] = [];
    for (const note of notes.split("\n").filter((line) => line.trim() !== "")) {
      const [, what, who, room = "lobby", text] =
        /^(before|live|type|run)(?: (\w+)(?:@(\w+))?)?: ?(.*)$/.exec(note.trim()) ?? [];
      if (what === "type") typed.push(text);
      else if (what === "run") commands.push(text);
      else if (what !== undefined) {
        (what === "live" ? live : before).push({ name: who, room, text });
      } else throw new SyntaxError(`Cannot parse ${JSON.stringify(note)} at ${place}`);
    }
    const lines = body.trimEnd().split("\n");
    return { place, kind: kind.trim(), before, live, commands, typed, lines };
  });
}

/** A shell command and what it prints. */
export interface ShellStep {
  readonly command: string;
  readonly output: string;
}

/** The commands of a block with their output; empty lines between commands are ignored. */
export function shellSteps(lines: readonly string[]): ShellStep[] {
  const steps: { command: string; output: string }[] = [];
  for (const line of lines) {
    if (line.startsWith("$ ")) steps.push({ command: line.slice(2), output: "" });
    else if (steps.length > 0) steps.at(-1)!.output += `${line}\n`;
  }
  return steps.map(({ command, output }) => ({ command, output: output.replace(/\n+$/, "\n") }));
}
