/**
 * Runs the commands that people give over SSH, `ssh host who`, with the command line's own parser,
 * help and errors.
 *
 * Exit statuses are those of a shell: 0 done, 1 refused or failed, 2 wrong usage, 127 no such
 * command, 130 stopped by Ctrl-C, or by the end of the connection or the server.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { shellWords } from "../../codec/shell_words.ts";
import { terminalText } from "../../codec/terminal_text.ts";
import { DomainError } from "../../domain/domain_error.ts";
import type { StateStore } from "../../domain/state_store.ts";
import { log } from "../../log.ts";
import type { Program } from "../../server/session/program.ts";
import type { CommandInput, Programs } from "../../server/session/service.ts";
import type { Session } from "../../server/session/session.ts";
import type { ChatContext } from "../../service/chat/chat_session.ts";
import { SenderProgress } from "../../service/logger/sender_progress.ts";
import { Senders } from "../../service/logger/senders.ts";
import type { CommandEnvironment, ListedCommand } from "../command.ts";
import { runCommandLine } from "../command_line.ts";
import type { ParsedArguments } from "../options/flags.ts";
import { didYouMean, UsageError } from "../options/usage_error.ts";
import type { UsageStyle } from "../usage.ts";
import { identifyExec } from "./exec_asker.ts";
import type { ExecCall, ExecCommand, ExecParts } from "./exec_command.ts";
import { EXEC_COMMANDS } from "./exec_commands.ts";
import { inputOfLog } from "./log_options.ts";
import { wordsOfSay } from "./say.ts";
import { wordsOfSearch } from "./search.ts";

const NO_SUCH_COMMAND = 127;
const STOPPED = 130;

const EXEC_USAGE: UsageStyle = {
  prefix: "",
  title: "Commands over SSH: ssh HOST COMMAND. Without a command you are in the chat.",
  hasDefault: false,
};

export interface ExecProgramsOptions {
  readonly chat: ChatContext;
  readonly clock: Clock;
  /** Where the progress of log senders is kept. */
  readonly state: StateStore;
}

export class ExecPrograms implements Programs {
  readonly #parts: ExecParts;

  constructor({ chat, clock, state }: ExecProgramsOptions) {
    this.#parts = { chat, clock, progress: new SenderProgress(state), senders: new Senders() };
  }

  async run(session: Session, program: Program): Promise<number> {
    const words = wordsIn(program.command);
    const environment = environmentOf(program, this.#parts);
    const unknown = complaintAbout(words[0] ?? "");
    if (unknown !== undefined) {
      environment.stderr(unknown);
      return NO_SUCH_COMMAND;
    }
    const status = await this.#run(words, session, program, environment);
    return program.signal.aborted ? STOPPED : status;
  }

  inputOf(command: string): CommandInput {
    const [word, ...words] = wordsIn(command);
    return word === "log" ? inputOfLog(words) : {};
  }

  async #run(
    words: readonly string[],
    session: Session,
    program: Program,
    environment: CommandEnvironment,
  ): Promise<number> {
    const { chat } = this.#parts;
    try {
      using identified = identifyExec(chat, session.context);
      const { asker } = identified;
      const sees = chat.archive.for(asker);
      const call = { ...this.#parts, asker, sees, session, program, environment };
      const [first, ...others] = EXEC_COMMANDS.map((command) => bind(command, call));
      return await runCommandLine(words, environment, [first, ...others], EXEC_USAGE);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      environment.stderr(terminalText(error.message));
      return 1;
    }
  }
}

/** The command as one of the command line. What is not meant for people is logged. */
function bind(command: ExecCommand, call: ExecCall): ListedCommand {
  const run = async (args: ParsedArguments) => {
    try {
      return await command.run(args, call);
    } catch (error) {
      if (isForPeople(error)) throw error;
      log("ssh").error("Cannot run a command: {error}", { error });
      throw new Error("Internal error. It was logged; try again later.");
    }
  };
  return { ...command, load: () => Promise.resolve({ ...command, run }) };
}

function isForPeople(error: unknown): boolean {
  return error instanceof DomainError || error instanceof UsageError ||
    error instanceof Deno.errors.BrokenPipe;
}

/** The words of a command, as it takes them. */
function wordsIn(command: string): string[] {
  const words = shellWords(command);
  switch (words[0]?.text) {
    case "say":
      return wordsOfSay(command, words);
    case "search":
      return wordsOfSearch(command, words);
    default:
      return words.map(({ text }) => text);
  }
}

/** What is wrong with the name of a command, if anything. */
function complaintAbout(word: string): string | undefined {
  const names = [...EXEC_COMMANDS.map(({ name }) => name), "help"];
  if (word.startsWith("-") || names.includes(word)) return undefined;
  const hint = didYouMean(word, names, (guess) => guess);
  const shown = JSON.stringify(terminalText(word.slice(0, 40)));
  return `There is no command ${shown}${hint || ". The command help lists them."}`;
}

function environmentOf(program: Program, { clock }: ExecParts): CommandEnvironment {
  return {
    stdout: (line) => void program.write(`${line}\n`),
    stderr: (line) => void program.writeError(`${line}\n`),
    async write(bytes) {
      if (await program.write(bytes) === false) throw new Deno.errors.BrokenPipe();
    },
    hasColour: program.hasColour,
    // Commands read their input from the session.
    stdin: { isTerminal: false, read: () => Promise.resolve(null), setRaw() {}, prompt() {} },
    env: () => undefined,
    readTextFile: () => Promise.reject(new Deno.errors.NotFound("there are no files here")),
    clock,
    onHangup() {},
    signal: program.signal,
  };
}
