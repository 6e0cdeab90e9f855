/** Runs a program in a tmux window: reads its screen and presses keys. */

import { assertEquals } from "@std/assert";
import { textWidth } from "../../lib/codec/text_width.ts";
import { endOf } from "./process_end.ts";
import { TemporaryDirectory } from "./temporary_directory.ts";
import { PATIENCE_MS } from "./patience.ts";
import { requireProgram } from "./terminal_program.ts";

/** No status line, and the window stays open when the program exits. */
const CONFIGURATION = `
set -g default-terminal xterm-256color
set -g status off
set -g escape-time 0
set -g remain-on-exit on
`;

export interface TmuxOptions {
  readonly columns: number;
  readonly rows: number;
}

export class Tmux implements AsyncDisposable {
  readonly #socket: string;
  readonly #directory: TemporaryDirectory;
  /** Reports all output, so that tests need not poll. */
  readonly #watcher: Deno.ChildProcess;
  readonly #watching: Promise<void>;
  #wake: (() => void) | undefined;

  private constructor(socket: string, directory: TemporaryDirectory, watcher: Deno.ChildProcess) {
    this.#socket = socket;
    this.#directory = directory;
    this.#watcher = watcher;
    this.#watching = this.#watch();
  }

  /** Runs a program. @throws {Error} if tmux or the program is not installed. */
  static async run(command: readonly string[], { columns, rows }: TmuxOptions): Promise<Tmux> {
    await requireProgram("tmux");
    await requireProgram(command[0]);
    await using starting = new AsyncDisposableStack();
    const directory = starting.use(new TemporaryDirectory());
    const { path } = directory;
    const socket = `${path}/socket`;
    await Deno.writeTextFile(`${path}/tmux.conf`, CONFIGURATION);
    const size = ["-x", `${columns}`, "-y", `${rows}`];
    const quoted = command.map((word) => `'${word}'`).join(" ");
    const start = ["-f", `${path}/tmux.conf`, "new-session", "-d", ...size, `exec ${quoted}`];
    await tmux(socket, start);
    starting.defer(async () => void await tmux(socket, ["kill-server"]));
    // In the configuration file this would crash tmux 3.3.
    await tmux(socket, ["set", "-g", "window-size", "manual"]);
    const watcher = new Deno.Command("tmux", {
      args: ["-S", socket, "-C", "attach"],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    starting.move();
    return new Tmux(socket, directory, watcher);
  }

  /** Types text literally. */
  async type(text: string): Promise<void> {
    await tmux(this.#socket, ["send-keys", "-l", text]);
  }

  /** Pastes text, bracketed if the program has asked for that. */
  async paste(text: string): Promise<void> {
    // A command of tmux holds no more than 16 KiB.
    const file = `${this.#directory.path}/paste`;
    await Deno.writeTextFile(file, text);
    await tmux(this.#socket, ["load-buffer", file, ";", "paste-buffer", "-p", "-d"]);
  }

  /** Presses keys by their tmux names: `Enter`, `C-c`, `BSpace`. */
  async press(...keys: readonly string[]): Promise<void> {
    await tmux(this.#socket, ["send-keys", ...keys]);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await tmux(this.#socket, ["resize-window", "-x", `${columns}`, "-y", `${rows}`]);
  }

  /** The rows of the screen without empty ones at the end; `|` is the cursor. */
  async screen(): Promise<string[]> {
    const cursor = "#{cursor_y} #{cursor_x}";
    const args = ["capture-pane", "-p", ";", "display-message", "-p", cursor];
    const rows = (await tmux(this.#socket, args)).trimEnd().split("\n");
    const [y, x] = rows.pop()!.split(" ").map(Number);
    while (rows.length <= y) rows.push("");
    const row = rows[y].padEnd(x);
    let at = 0;
    while (at < row.length && textWidth(row.slice(0, at)) < x) at++;
    rows[y] = `${row.slice(0, at)}|${row.slice(at)}`.trimEnd();
    while (rows.at(-1) === "") rows.pop();
    return rows;
  }

  /**
   * Waits until the screen, from the row that starts with `first`, is as expected.
   *
   * @param expected The rows; their common indentation is removed.
   */
  async expect(first: string, expected: string): Promise<void> {
    const rows = trimIndentation(expected);
    await this.#until(async () => {
      const screen = await this.screen();
      const start = screen.findIndex((row) => row.startsWith(first));
      return { actual: screen.slice(Math.max(0, start)), expected: rows };
    });
  }

  /** Waits until a text is anywhere on the screen. */
  async expectText(text: string): Promise<void> {
    await this.#until(async () => {
      const screen = await this.screen();
      const isThere = screen.join("\n").includes(text);
      return { actual: screen, expected: isThere ? screen : [...screen, `(${text})`] };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _directory = this.#directory;
    const query = ["display-message", "-p", "#{?pane_dead,,#{pane_pid}}"];
    const pid = Number(await tmux(this.#socket, query));
    await tmux(this.#socket, ["kill-server"]);
    await this.#watcher.stdin.close().catch(() => {});
    await this.#watcher.status;
    await this.#watching;
    // irssi and others write files after their terminal has closed.
    if (pid !== 0) await endOf(pid);
  }

  async #until(
    look: () => Promise<{ readonly actual: string[]; readonly expected: string[] }>,
  ): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const change = new Promise<void>((resolve) => this.#wake = resolve);
      const { actual, expected } = await look();
      if (JSON.stringify(actual) === JSON.stringify(expected)) return;
      if (performance.now() > deadline) assertEquals(actual, expected);
      const timer = setTimeout(() => this.#wake?.(), deadline - performance.now());
      await change;
      clearTimeout(timer);
    }
  }

  async #watch(): Promise<void> {
    for await (const _ of this.#watcher.stdout) this.#wake?.();
  }
}

function trimIndentation(text: string): string[] {
  const rows = text.replace(/^\n/, "").trimEnd().split("\n");
  const indentation = Math.min(
    ...rows.filter((row) => row.trim() !== "").map((row) => row.search(/\S/)),
  );
  return rows.map((row) => row.slice(indentation).trimEnd());
}

async function tmux(socket: string, args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("tmux", {
    args: ["-S", socket, ...args],
    env: { LC_ALL: "C.UTF-8", TERM: "xterm-256color" },
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`tmux ${args[0]}: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}
