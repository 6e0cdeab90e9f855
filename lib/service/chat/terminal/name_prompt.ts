/**
 * Welcomes a newcomer at a line door, and asks for a name until there is one.
 *
 * @module
 */

import type { Session } from "../../../server/session/session.ts";
import type { ChatSession } from "../chat_session.ts";
import { splitWord } from "../command.ts";
import { explainError } from "../explain_error.ts";
import { askForName } from "../login/ask_for_name.ts";
import { enterAsIdentified } from "../login/enter_as_identified.ts";
import { logIn, logInByAsking } from "../login/log_in.ts";
import type { LineScreen } from "./line_screen.ts";
import type { TypedLines } from "./typed_lines.ts";

const QUESTION = "What is your name?";

export interface NamePromptOptions {
  readonly session: Session;
  readonly person: ChatSession;
  readonly screen: LineScreen;
  readonly lines: TypedLines;
  /** Milliseconds that the newcomer has to give a name; may change. */
  readonly deadlineMs: () => number;
}

export class NamePrompt {
  readonly #options: NamePromptOptions;

  constructor(options: NamePromptOptions) {
    this.#options = options;
  }

  /** Resolves to whether the newcomer has a name; if not, they are leaving. */
  async ask(): Promise<boolean> {
    const { session, person, screen, lines } = this.#options;
    const { identity } = session.context;
    this.#limitTime();
    screen.welcome(`Welcome to Partyline.${identity ? "" : ` ${QUESTION}`}`);
    if (identity) {
      if (await this.#isDone(() => enterAsIdentified(person, identity))) return true;
      person.notice(QUESTION);
    }
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      if (line.value.trim() === "/quit") return false;
      const questions = screen.secrets?.count;
      // A password that comes too late must not become somebody's name.
      const isLate = screen.secrets?.dropLateAnswer();
      try {
        if (!isLate && await this.#isDone(() => enterAs(person, line.value))) return true;
      } finally {
        screen.secrets?.reveal();
      }
      // The time stood still while a password was asked for.
      if (screen.secrets?.count !== questions) this.#limitTime();
      person.notice(QUESTION);
    }
    return false;
  }

  /** Whether the newcomer has got a name by that; if not, they are told why. */
  async #isDone(enter: () => Promise<boolean>): Promise<boolean> {
    const { session, person } = this.#options;
    try {
      const hasName = await enter();
      if (hasName) session.clearDeadline();
      return hasName;
    } catch (error) {
      explainError(person, error);
      return false;
    }
  }

  #limitTime(): void {
    const { session, deadlineMs } = this.#options;
    const ms = deadlineMs();
    session.setDeadline(
      ms,
      `! You gave no name within ${ms / 1000} seconds. Reconnect to try again.`,
    );
  }
}

/** Takes a name, or logs in, by what somebody typed when asked for a name. */
async function enterAs(person: ChatSession, line: string): Promise<boolean> {
  const [, argument] = /^\s*\/(?:login|identify)\s+(.*)$/i.exec(line) ?? [];
  if (argument === undefined) return await askForName(person, line);
  const [name, password] = splitWord(argument.trim());
  if (password === "") return await logInByAsking(person, name);
  await logIn(person, name, password);
  return true;
}
