/**
 * Transcripts in the documentation: code blocks preceded by an HTML comment that says how to replay
 * them.
 *
 * ```text
 * <!-- transcript
 * before jack@ops: hello        jack joins the room ops (default: lobby) and says it beforehand
 * before ann:                   ann is there, and says nothing
 * run: logger hello             a shell command that is run beforehand
 * config: [alerts.disk]         a line of the server's configuration file
 * type: ann                     this line of the block is typed by the reader
 * live jack: /me waves          jack does this when the block comes to the line it causes
 * at 3: logger hello            a shell command that is run before the third line of the block
 * numbers differ                the block has the right lines, with other numbers
 * -->
 * ```
 *
 * `transcript as nc` begins with the client's start; `transcript as ann` with ann in the lobby;
 * `transcript as ann in ops` with ann in that room instead; `transcript at telnet` is what ann sees
 * and types there. Lines that begin with `$ ` are shell commands; the lines below are what they
 * print, where `…` stands for any text, and a line with `<-` is the last one that the reader gets of
 * that command: it may have printed more.
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
  /** Shell commands to run before lines of the block, by the number of the line, from 1. */
  readonly timely: ReadonlyMap<number, string>;
  readonly config: readonly string[];
  readonly numbersDiffer: boolean;
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
    const before: Act[] = [], live: Act[] = [];
    const texts = { type: [] as string[], run: [] as string[], config: [] as string[] };
    const timely = new Map<number, string>();
    let numbersDiffer = false;
    for (const note of notes.split("\n").filter((line) => line.trim() !== "")) {
      const [, what, who, room = "lobby", text] =
        /^(before|live|type|run|config|at|numbers)(?: (\w+)(?:@(\w+))?)?(?:: ?(.*))?$/
          .exec(note.trim()) ?? [];
      if (what === "type" || what === "run" || what === "config") texts[what].push(text);
      else if (what === "at") timely.set(Number(who), text);
      else if (what === "numbers") numbersDiffer = true;
      else if (what !== undefined) {
        (what === "live" ? live : before).push({ name: who, room, text });
      } else throw new SyntaxError(`Cannot parse ${JSON.stringify(note)} at ${place}`);
    }
    return {
      place,
      kind: kind.trim(),
      before,
      live,
      commands: texts.run,
      typed: texts.type,
      config: texts.config,
      timely,
      numbersDiffer,
      lines: body.trimEnd().split("\n"),
    };
  });
}

/** A shell command and what it prints. */
export interface ShellStep {
  /** Which line of the block it is, from 1. */
  readonly line: number;
  readonly command: string;
  readonly output: string;
  /** Whether it may print more than that. */
  readonly isCutOff: boolean;
}

/** The commands of a block with their output; empty lines between commands are ignored. */
export function shellSteps(lines: readonly string[]): ShellStep[] {
  const steps: { -readonly [key in keyof ShellStep]: ShellStep[key] }[] = [];
  for (const [index, line] of lines.entries()) {
    const [text, note] = line.split(/ +<- /);
    const step = steps.at(-1);
    if (text.startsWith("$ ")) {
      steps.push({ line: index + 1, command: text.slice(2), output: "", isCutOff: false });
    } else if (step) {
      step.output += `${text}\n`;
      step.isCutOff ||= note !== undefined;
    }
  }
  return steps.map((step) => ({ ...step, output: step.output.replace(/\n+$/, "\n") }));
}
