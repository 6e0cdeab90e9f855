/**
 * The chat service: rooms for any client that can send lines.
 *
 * @module
 */

import { isCommandLine, textOfLine } from "../../codec/command_line.ts";
import type { Clock } from "../../clock.ts";
import { countLines, isBlock } from "../../domain/block.ts";
import type { PeerIdentity } from "../../context.ts";
import { DomainError } from "../../domain/domain_error.ts";
import { log as diagnostics } from "../../log.ts";
import type { Program } from "../../server/program.ts";
import type { CommandInput, Programs, Service } from "../../server/service.ts";
import type { Session } from "../../server/session.ts";
import type { Addressee } from "./addressee.ts";
import { askForName } from "./ask_for_name.ts";
import { BlockReader, type TypedBlock } from "./block_reader.ts";
import { askServerPassword } from "./ask_server_password.ts";
import { ChatMember } from "./chat_member.ts";
import { type ChatContext, ChatSession } from "./chat_session.ts";
import { splitWord } from "./command.ts";
import { addresseeOf, runCommand, takesBlock } from "./commands/mod.ts";
import { DigestReader } from "./digest_reader.ts";
import { enterAsIdentified } from "./enter_as_identified.ts";
import { tellInvitations } from "./invitation_notice.ts";
import { LineScreen } from "./line_screen.ts";
import { logIn, logInByAsking } from "./log_in.ts";
import { tellMissed } from "./missed_notice.ts";
import { recallPerson, rememberMarks } from "./person_memory.ts";
import { TypedLines } from "./typed_lines.ts";
import { TypingHelp } from "./typing_help.ts";

const encoder = new TextEncoder();

const TOO_LATE =
  "That was dropped, because it may be the password that you were asked for. If it is " +
  "something else, send it again.";

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
    const options = { renderer: chat.renderer, clock: this.#clock, lines };
    const screen = new LineScreen(session, options, member);
    const reader = new DigestReader({ ...chat, member, screen });
    const person = new ChatSession({ chat, member, screen, reader });
    const { terminal } = session;
    const blocks = new BlockReader(chat.blocks, takesBlock);
    const onLeave = () => this.#leave(person);
    let help: TypingHelp | undefined;
    terminal.assistWith(() => help = new TypingHelp(person, screen, { blocks, terminal, onLeave }));
    const talk: LineTalk = { session, person, screen, blocks };
    try {
      const { identity } = session.context;
      if (!identity && !await askServerPassword(person)) return;
      if (!await this.#introduce(session, person, screen, lines)) return;
      if (member.account === undefined) await recallPerson(person);
      person.notice(`You are ${person.nickname}. /help lists the commands.`);
      await this.#enter(person, FIRST_ROOM);
      await tellMissed(person, screen.recalledMarks);
      await person.correspondence.begin();
      await tellInvitations(person);
      terminal.refresh();
      terminal.onInterrupt = () => {
        session.isInBlock = false;
        const isInBlock = blocks.isOpen && !blocks.isCancelled;
        const text = "Press Ctrl-C again to leave, or type /quit.";
        person.notice(isInBlock ? blocks.cancel() : text);
      };
      for (let next = await lines.next(); !next.done; next = await lines.next()) {
        let line: string | undefined = next.value;
        // It is not kept until the next line comes.
        next = HEARD;
        for (; line !== undefined; line = lines.nextNow()) {
          const wait = this.#hear(talk, line);
          if (wait) await wait;
        }
      }
    } finally {
      help?.close();
      const unfinished = blocks.end();
      if (unfinished && !person.hasDeparted) await this.#sayBlock(talk, unfinished);
      this.#noteUnsaid(session, person);
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

  /** Asks for a name until there is one; returns `false` if the lines end first. */
  async #introduce(
    session: Session,
    person: ChatSession,
    screen: LineScreen,
    lines: TypedLines,
  ): Promise<boolean> {
    this.#limitTime(session);
    const { identity } = session.context;
    screen.welcome(`Welcome to Partyline.${identity ? "" : " What is your name?"}`);
    if (identity) {
      if (await this.#enterAsKnown(person, identity)) {
        session.clearDeadline();
        return true;
      }
      person.notice("What is your name?");
    }
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      if (line.value.trim() === "/quit") return false;
      const { questions } = screen;
      try {
        // A password that comes too late must not become somebody's name.
        if (screen.takeLateness()) person.error(TOO_LATE);
        else if (await enterAs(person, line.value)) {
          session.clearDeadline();
          return true;
        }
      } catch (error) {
        explain(person, error);
      } finally {
        screen.revealTyping();
      }
      // The time stood still while a password was asked for.
      if (screen.questions > questions) this.#limitTime(session);
      person.notice("What is your name?");
    }
    return false;
  }

  async #enterAsKnown(person: ChatSession, identity: PeerIdentity): Promise<boolean> {
    try {
      return await enterAsIdentified(person, identity);
    } catch (error) {
      explain(person, error);
      return false;
    }
  }

  #limitTime(session: Session): void {
    const ms = this.#nameDeadlineMs();
    session.setDeadline(
      ms,
      `! You gave no name within ${ms / 1000} seconds. Connect again to try again.`,
    );
  }

  /** Handles one line; returns what to await before the next one, if anything. */
  #hear(talk: LineTalk, line: string): Promise<unknown> | undefined {
    const { session, person, blocks, screen } = talk;
    if (blocks.isOpen) return this.#gather(talk, line);
    if (session.isTooLong(line)) {
      person.error(
        `That line is longer than ${session.maxLineBytes} bytes and was not sent. ` +
          "Split it into shorter lines.",
      );
      return undefined;
    }
    if (line === "") return undefined;
    if (blocks.open(line)) return this.#beginBlock(talk);
    if (isCommandLine(line)) return this.#obey(session, person, line);
    if (screen.takeLateness()) {
      person.error(TOO_LATE);
      return undefined;
    }
    const text = textOfLine(line);
    // A line may have line separators of Unicode.
    const pause = isBlock(text) ? session.paceBlock(countLines(text) - 1) : undefined;
    return pause ? pause.then(() => this.#say(person, text)) : this.#say(person, text);
  }

  #say(person: ChatSession, text: string): Promise<void> | undefined {
    try {
      person.say("message", text);
    } catch (error) {
      explain(person, error);
    }
    return this.#chat.registry.backpressure();
  }

  #beginBlock(talk: LineTalk): undefined {
    const { session, person, blocks } = talk;
    session.isInBlock = true;
    talk.addressee = addresseeOf(person, blocks.command);
    // At a terminal the prompt shows it.
    if (session.terminal.isEditing) session.terminal.refresh();
    else person.notice('Lines up to the next """ are one message.');
  }

  /** Takes a line of a block. */
  #gather(talk: LineTalk, line: string): Promise<unknown> | undefined {
    const { session, person, blocks } = talk;
    const { block, notice, problem } = blocks.take(line, session.damage);
    if (problem !== undefined) person.error(problem);
    if (notice !== undefined) person.notice(notice);
    if (!blocks.isOpen) {
      session.isInBlock = false;
      session.terminal.refresh();
    }
    return block && this.#sayBlock(talk, block, blocks.isOpen);
  }

  /** @param isPart Whether more of it follows, unless its author cancels it. */
  async #sayBlock(
    { session, person, screen, blocks, addressee }: LineTalk,
    { command, text, lines, repairs }: TypedBlock,
    isPart = false,
  ): Promise<void> {
    await session.paceBlock(lines);
    if (text === "" || isPart && blocks.isCancelled) return;
    const objection = addressee?.();
    if (objection !== undefined) {
      session.isInBlock = false;
      if (isPart) blocks.cancel();
      return person.error(`${objection} The rest of the block is not sent.`);
    }
    if (command !== "") return await this.#obey(session, person, command + text);
    screen.blockRepairs = repairs;
    await this.#say(person, text);
    screen.blockRepairs = 0;
  }

  async #obey(session: Session, person: ChatSession, line: string): Promise<void> {
    // A command has an answer, so wait until the previous ones have been read.
    if (!await person.screen.ready()) return;
    // So that the command sees everything said before, in history for example.
    await this.#chat.registry.current();
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

/** Somebody who talks by lines. */
interface LineTalk {
  readonly session: Session;
  readonly person: ChatSession;
  readonly screen: LineScreen;
  readonly blocks: BlockReader;
  /** Whom the open block is for. */
  addressee?: Addressee;
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

/** Tells a person why something cannot be done; logs errors that are not meant for people. */
function explain(person: ChatSession, error: unknown): void {
  if (error instanceof DomainError) return person.error(error.message, error.code);
  diagnostics("chat").error("Cannot carry out a request: {error}", { error });
  person.error("Internal error. It was logged; try again later.", "internal");
}
