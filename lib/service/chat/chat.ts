/**
 * The chat service: rooms for any client that can send lines.
 *
 * @module
 */

import { isCommandLine, textOfLine } from "../../codec/command_line.ts";
import type { Clock } from "../../clock.ts";
import { DomainError } from "../../domain/domain_error.ts";
import { log as diagnostics } from "../../log.ts";
import type { Service } from "../../server/service.ts";
import type { Session } from "../../server/session.ts";
import { askForName } from "./ask_for_name.ts";
import { ChatMember } from "./chat_member.ts";
import { type ChatContext, ChatSession } from "./chat_session.ts";
import { runCommand } from "./commands/mod.ts";
import { DigestReader } from "./digest_reader.ts";
import { LineScreen } from "./line_screen.ts";
import { TypingHelp } from "./typing_help.ts";

const encoder = new TextEncoder();

/** The room that everybody joins first. */
const FIRST_ROOM = "lobby";

export interface ChatOptions {
  readonly chat: ChatContext;
  readonly clock: Clock;
  /** Milliseconds a new connection has to give a name. */
  readonly nameDeadlineMs: number;
}

/** Serves everybody who chats by lines, on any port. */
export class Chat implements Service {
  readonly name = "chat";
  readonly maxLineBytes = 4096;
  readonly isFloodControlled = true;
  readonly editsLines = true;
  readonly #nameDeadlineMs: number;
  readonly #clock: Clock;
  readonly #chat: ChatContext;

  constructor({ chat, clock, nameDeadlineMs }: ChatOptions) {
    this.#nameDeadlineMs = nameDeadlineMs;
    this.#clock = clock;
    this.#chat = chat;
  }

  async serve(session: Session): Promise<void> {
    const chat = this.#chat;
    const member = new ChatMember(session.context, chat.firstOrigin);
    const options = { renderer: chat.renderer, clock: this.#clock };
    const screen = new LineScreen(session, options, member);
    const reader = new DigestReader({ ...chat, member, screen });
    const person = new ChatSession({ chat, member, screen, reader });
    const { terminal } = session;
    terminal.assistant = new TypingHelp(person, screen.pager, () => this.#leave(person));
    const lines = session.lines[Symbol.asyncIterator]();
    try {
      if (!await this.#introduce(session, person, lines)) return;
      await this.#recall(person, screen);
      person.notice(`You are ${person.nickname}. /help lists the commands.`);
      await this.#enter(person, FIRST_ROOM);
      await person.correspondence.begin();
      terminal.refresh();
      terminal.onInterrupt = () => person.notice("Press Ctrl-C again to leave, or type /quit.");
      for (let line = await lines.next(); !line.done; line = await lines.next()) {
        const wait = this.#hear(session, person, line.value);
        if (wait) await wait;
      }
    } finally {
      this.#noteUnsaid(session, person);
      await person.depart("");
      if (screen.marks.size > 0) await this.#remember(person, screen);
    }
  }

  /** Records how much of what somebody sent was not said, in the room it was meant for. */
  #noteUnsaid(session: Session, { nickname, currentRoom }: ChatSession): void {
    const { length: lines } = session.unservedLines;
    if (lines === 0 || !currentRoom) return;
    const bytes = encoder.encode(session.unservedLines.join("")).length;
    const { transport: via } = session.context;
    const loss = { room: currentRoom.name, source: nickname, via, lines, bytes } as const;
    this.#chat.registry.recordLoss({ ...loss, reason: "unsaid" });
  }

  /** Somebody who cannot enter one room may still enter another. */
  async #enter(person: ChatSession, room: string): Promise<void> {
    try {
      await person.enter(room);
    } catch (error) {
      explain(person, error);
    }
  }

  async #leave(person: ChatSession): Promise<void> {
    await person.depart("");
    person.notice("Goodbye.");
    person.screen.end();
  }

  /** Restores the settings and read marks of somebody who comes back. */
  async #recall({ nickname }: ChatSession, screen: LineScreen): Promise<void> {
    try {
      const { settings, marks } = await this.#chat.memory.recall(nickname);
      screen.settings.restore(settings);
      screen.marks = marks;
    } catch (error) {
      diagnostics("chat").warning("Cannot read settings and marks: {error}", { error });
    }
  }

  async #remember({ nickname }: ChatSession, { marks }: LineScreen): Promise<void> {
    try {
      await this.#chat.memory.remember(nickname, { marks });
    } catch (error) {
      diagnostics("chat").warning("Cannot save marks: {error}", { error });
    }
  }

  /** Asks for a name until there is one; returns `false` if the lines end first. */
  async #introduce(
    session: Session,
    person: ChatSession,
    lines: AsyncIterator<string>,
  ): Promise<boolean> {
    session.setDeadline(
      this.#nameDeadlineMs,
      `! You gave no name within ${
        this.#nameDeadlineMs / 1000
      } seconds. Connect again to try again.`,
    );
    person.notice("Welcome to Partyline. What is your name?");
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      if (line.value.trim() === "/quit") return false;
      try {
        await askForName(person, line.value);
        session.clearDeadline();
        return true;
      } catch (error) {
        explain(person, error);
        person.notice("What is your name?");
      }
    }
    return false;
  }

  /** Handles one line; returns what to await before the next one, if anything. */
  #hear(session: Session, person: ChatSession, line: string): Promise<unknown> | undefined {
    const { damage } = session;
    if (damage && damage.cutBytes > 0) {
      person.error(
        `That line is longer than ${session.maxLineBytes} bytes and was not sent. ` +
          "Split it into shorter lines.",
      );
      return undefined;
    }
    if (line === "") return undefined;
    if (isCommandLine(line)) return this.#obey(session, person, line);
    try {
      person.say("message", textOfLine(line));
    } catch (error) {
      explain(person, error);
    }
    return this.#chat.registry.backpressure();
  }

  async #obey(session: Session, person: ChatSession, line: string): Promise<void> {
    // A command has an answer, so wait until the previous ones have been read.
    if (!await person.screen.ready()) return;
    // So that the command sees everything said before, in history for example.
    await this.#chat.registry.settled();
    await session.turn();
    person.screen.beginAnswer?.();
    try {
      await runCommand(person, line);
    } catch (error) {
      explain(person, error);
    } finally {
      person.screen.endAnswer?.();
    }
  }
}

/** Tells a person why something cannot be done; logs errors that are not meant for people. */
function explain(person: ChatSession, error: unknown): void {
  if (error instanceof DomainError) return person.error(error.message, error.code);
  diagnostics("chat").error("Cannot carry out a request: {error}", { error });
  person.error("Internal error. It was logged; try again later.", "internal");
}
