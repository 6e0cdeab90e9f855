/**
 * Asks a person at a line door for a password: hidden where that is possible, with a warning where
 * it is not.
 *
 * @module
 */

import type { Clock } from "../../../clock.ts";
import type { Session } from "../../../server/session/session.ts";
import { canBeReadOnTheWay } from "./eavesdropping.ts";
import type { TypedLines } from "./typed_lines.ts";

/** How long an answer may take. */
const LIMIT_MS = 60_000;
/** Answers that are too long after which nothing is asked any longer. */
const MOST_TRIES = 3;
const TOO_LATE =
  "That was dropped, because it may be the password that you were asked for. If it is " +
  "something else, send it again.";

export interface SecretPromptOptions {
  readonly session: Session;
  readonly lines: TypedLines;
  readonly clock: Clock;
  readonly tell: (text: string) => void;
  readonly complain: (text: string) => void;
}

export class SecretPrompt {
  readonly #options: SecretPromptOptions;
  /** How often something was asked. */
  count = 0;
  #isAsking = false;
  #hasWarned = false;
  #isAnswerDue = false;

  constructor(options: SecretPromptOptions) {
    this.#options = options;
  }

  /** Whether an answer is awaited. */
  get isAsking(): boolean {
    return this.#isAsking;
  }

  /**
   * Asks; resolves to the answer, `undefined` if the person gave none in time. From then on typing
   * stays hidden until {@linkcode reveal} is called.
   */
  async ask(question: string): Promise<string | undefined> {
    const { session, complain } = this.#options;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const answer = await this.#askOnce(question);
      if (answer === undefined || !session.isTooLong(answer)) return answer;
      complain("That is too long for a password.");
    }
    this.expectAnswer();
    return undefined;
  }

  async #askOnce(question: string): Promise<string | undefined> {
    const { session, lines, clock, tell, complain } = this.#options;
    const { terminal } = session;
    this.count++;
    this.#isAnswerDue = false;
    // The answer may take longer than whatever it is for.
    session.clearDeadline();
    this.#warn(await terminal.conceal());
    tell(question);
    const { promise: end, resolve } = Promise.withResolvers<"cancelled" | "late">();
    terminal.onCancel = () => resolve("cancelled");
    const stopTimer = clock.after(LIMIT_MS, () => resolve("late"));
    this.#setAsking(true);
    try {
      const answer = await lines.nextBefore(end);
      if (answer === "late") {
        this.expectAnswer();
        complain(`Nothing came within ${LIMIT_MS / 1000} seconds.`);
      } else if (answer === "cancelled" || answer.value === "") {
        tell("Cancelled.");
      } else if (!answer.done) {
        return answer.value;
      }
      return undefined;
    } finally {
      stopTimer();
      terminal.onCancel = undefined;
      this.#setAsking(false);
    }
  }

  /** Shows typing again, except for what has been typed by now. */
  reveal(): void {
    this.#options.session.terminal.isConcealed = false;
  }

  /** Takes the next line for an answer, because the person may not know that none is awaited. */
  expectAnswer(): void {
    this.#isAnswerDue = true;
  }

  /**
   * Whether the line that has come may be an answer that is too late, and so must not be said. That
   * is so of one line, whose author is told.
   */
  dropLateAnswer(): boolean {
    if (!this.#isAnswerDue) return false;
    this.#isAnswerDue = false;
    this.#options.complain(TOO_LATE);
    return true;
  }

  #setAsking(isAsking: boolean): void {
    this.#isAsking = isAsking;
    this.#options.session.terminal.refresh();
  }

  #warn(isHidden: boolean): void {
    const isReadable = canBeReadOnTheWay(this.#options.session.context);
    if (this.#hasWarned || (isHidden && !isReadable)) return;
    this.#hasWarned = true;
    const where = isHidden
      ? "This connection is not encrypted: anyone who listens in can read the password."
      : isReadable
      ? "What you type cannot be hidden here, and the connection is not encrypted: the password " +
        "is visible on your screen, and anyone who listens in can read it."
      : "What you type cannot be hidden here: the password is visible on your screen.";
    this.#options.tell(`${where} Press Enter alone to cancel.`);
  }
}
