/**
 * The chat service: rooms for any client that can send lines.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { Program } from "../../server/session/program.ts";
import type { CommandInput, Programs, Service } from "../../server/session/service.ts";
import type { Session } from "../../server/session/session.ts";
import { ChatMember } from "./chat_member.ts";
import { type ChatContext, ChatSession } from "./chat_session.ts";
import { explainError } from "./explain_error.ts";
import { askServerPassword } from "./login/ask_server_password.ts";
import { recallPerson, rememberMarks } from "./person_memory.ts";
import { DigestReader } from "./rooms/digest_reader.ts";
import { tellInvitations } from "./rooms/invitation_notice.ts";
import { tellMissed } from "./rooms/missed_notice.ts";
import { LineHandler } from "./terminal/line_handler.ts";
import { LineScreen } from "./terminal/line_screen.ts";
import { NamePrompt } from "./terminal/name_prompt.ts";
import { TypedLines } from "./terminal/typed_lines.ts";
import { TypingHelp } from "./terminal/typing_help.ts";

/** Stands in for a line that was handled. */
const HEARD: IteratorResult<string> = { value: "", done: false };

/** The room that everybody joins first. */
const FIRST_ROOM = "lobby";

export interface ChatOptions {
  readonly chat: ChatContext;
  readonly clock: Clock;
  /** Milliseconds a new connection has to give a name; may change. */
  readonly nameDeadlineMs: () => number;
  /** Runs the commands of peers that have one. @default {there are none} */
  readonly programs?: Programs;
}

/** Serves everybody who chats by lines, on any port. */
export class Chat implements Service {
  readonly name = "chat";
  readonly maxLineBytes = 4096;
  readonly isFloodControlled = true;
  readonly editsLines = true;
  readonly #nameDeadlineMs: () => number;
  readonly #clock: Clock;
  readonly #chat: ChatContext;
  readonly #programs: Programs | undefined;

  constructor({ chat, clock, nameDeadlineMs, programs }: ChatOptions) {
    this.#programs = programs;
    this.#nameDeadlineMs = nameDeadlineMs;
    this.#clock = clock;
    this.#chat = chat;
  }

  get maxBlockLineBytes(): number {
    return this.#chat.blocks.bytes;
  }

  async serve(session: Session): Promise<void> {
    const chat = this.#chat;
    const member = new ChatMember(session.context, chat.firstOrigin);
    const lines = new TypedLines(session.lines);
    const screenOptions = { renderer: chat.renderer, clock: this.#clock, lines };
    const screen = new LineScreen(session, screenOptions, member);
    const reader = new DigestReader({ ...chat, member, screen });
    const person = new ChatSession({ chat, member, screen, reader });
    const handler = new LineHandler(session, person, screen);
    const { terminal } = session;
    const onLeave = () => this.#leave(person);
    let help: TypingHelp | undefined;
    terminal.assistWith(() => {
      return help = new TypingHelp(person, screen, { blocks: handler.blocks, terminal, onLeave });
    });
    try {
      const { identity } = session.context;
      if (!identity && !await askServerPassword(person)) return;
      const deadlineMs = this.#nameDeadlineMs;
      const options = { session, person, screen, lines, deadlineMs };
      if (!await new NamePrompt(options).ask()) return;
      if (member.account === undefined) await recallPerson(person);
      person.notice(`You are ${person.nickname}. /help lists the commands.`);
      await this.#enter(person, FIRST_ROOM);
      await tellMissed(person, screen.recalledMarks);
      await person.correspondence.begin();
      await tellInvitations(person);
      terminal.refresh();
      terminal.onInterrupt = () => handler.interrupt();
      for (let next = await lines.next(); !next.done; next = await lines.next()) {
        let line: string | undefined = next.value;
        // It is not kept until the next line comes.
        next = HEARD;
        for (; line !== undefined; line = lines.nextNow()) {
          const wait = handler.handle(line);
          if (wait) await wait;
        }
      }
    } finally {
      help?.close();
      await handler.end();
      await person.depart("");
      await rememberMarks(person);
    }
  }

  async runCommand(session: Session, program: Program): Promise<number> {
    if (this.#programs) return await this.#programs.run(session, program);
    program.writeError("! This server runs no commands. Connect without one to chat.\n");
    return 1;
  }

  commandInput(command: string): CommandInput {
    return this.#programs?.inputOf(command) ?? {};
  }

  /** Somebody who cannot enter one room may still enter another. */
  async #enter(person: ChatSession, room: string): Promise<void> {
    try {
      await person.visits.enter(room);
    } catch (error) {
      explainError(person, error);
    }
  }

  async #leave(person: ChatSession): Promise<void> {
    await person.depart("");
    person.notice("Goodbye.");
    person.screen.end();
  }
}
