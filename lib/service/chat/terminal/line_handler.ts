/**
 * Handles the lines of a person at a line door, once they have a name: says them, gathers those of a
 * block, and carries out commands.
 *
 * @module
 */

import { isCommandLine, textOfLine } from "../../../codec/command_line.ts";
import { tooLongNotice } from "../../../codec/line_limit.ts";
import { countLines, isBlock } from "../../../domain/text/block.ts";
import type { Session } from "../../../server/session/session.ts";
import type { Addressee } from "../addressee.ts";
import type { ChatSession } from "../chat_session.ts";
import { addresseeOf, runCommand, takesBlock } from "../commands/mod.ts";
import { explainError } from "../explain_error.ts";
import { BlockReader, type TypedBlock } from "./block_reader.ts";
import type { LineScreen } from "./line_screen.ts";

const encoder = new TextEncoder();

export class LineHandler {
  readonly blocks: BlockReader;
  readonly #session: Session;
  readonly #person: ChatSession;
  readonly #screen: LineScreen;
  /** Whom the open block is for. */
  #addressee: Addressee | undefined;

  constructor(session: Session, person: ChatSession, screen: LineScreen) {
    this.#session = session;
    this.#person = person;
    this.#screen = screen;
    this.blocks = new BlockReader(person.chat.blocks, takesBlock);
  }

  /** Handles one line; returns what to await before the next one, if anything. */
  handle(line: string): Promise<unknown> | undefined {
    const session = this.#session;
    if (this.blocks.isOpen) return this.#gather(line);
    if (session.isTooLong(line)) {
      this.#person.error(tooLongNotice(session.maxLineBytes));
      return undefined;
    }
    if (line === "") return undefined;
    if (this.blocks.open(line)) return this.#beginBlock();
    if (isCommandLine(line)) return this.#obey(line);
    if (this.#screen.secrets?.dropLateAnswer()) return undefined;
    const text = textOfLine(line);
    // A line may have line separators of Unicode.
    const pause = isBlock(text) ? session.paceBlock(countLines(text) - 1) : undefined;
    return pause ? pause.then(() => this.#say(text)) : this.#say(text);
  }

  /** Cancels the open block, if there is one; otherwise says how to leave. */
  interrupt(): void {
    const { blocks } = this;
    this.#session.isInBlock = false;
    const isInBlock = blocks.isOpen && !blocks.isCancelled;
    const text = "Press Ctrl-C again to leave, or type /quit.";
    this.#person.notice(isInBlock ? blocks.cancel() : text);
  }

  /** Says an unfinished block, and records how much of what was sent was not said. */
  async end(): Promise<void> {
    const unfinished = this.blocks.end();
    if (unfinished && !this.#person.hasDeparted) await this.#sayBlock(unfinished);
    this.#recordUnsaid();
  }

  /** Records the loss in the room that the lines were meant for. */
  #recordUnsaid(): void {
    const { unservedLines, context } = this.#session;
    const { chat, nickname, currentRoom } = this.#person;
    const { length: lines } = unservedLines;
    if (lines === 0 || !currentRoom) return;
    const bytes = encoder.encode(unservedLines.join("")).length;
    const loss = { source: nickname, via: context.transport, lines, bytes } as const;
    chat.registry.recordLoss({ room: currentRoom.name, ...loss, reason: "unsaid" });
  }

  #say(text: string): Promise<void> | undefined {
    const person = this.#person;
    try {
      person.speech.say("message", text);
    } catch (error) {
      explainError(person, error);
    }
    return person.chat.registry.backpressure();
  }

  #beginBlock(): undefined {
    const session = this.#session;
    session.isInBlock = true;
    this.#addressee = addresseeOf(this.#person, this.blocks.command);
    // At a terminal the prompt shows it.
    if (session.terminal.isEditing) session.terminal.refresh();
    else this.#person.notice('Lines up to the next """ are one message.');
  }

  /** Takes a line of a block. */
  #gather(line: string): Promise<unknown> | undefined {
    const session = this.#session;
    const { block, notice, problem } = this.blocks.take(line, session.damage);
    if (problem !== undefined) this.#person.error(problem);
    if (notice !== undefined) this.#person.notice(notice);
    if (!this.blocks.isOpen) {
      session.isInBlock = false;
      session.terminal.refresh();
    }
    return block && this.#sayBlock(block, this.blocks.isOpen);
  }

  /** @param isPart Whether more of it follows, unless its author cancels it. */
  async #sayBlock(
    { command, text, lines, repairs }: TypedBlock,
    isPart = false,
  ): Promise<void> {
    const session = this.#session;
    await session.paceBlock(lines);
    if (text === "" || isPart && this.blocks.isCancelled) return;
    const objection = this.#addressee?.();
    if (objection !== undefined) {
      session.isInBlock = false;
      if (isPart) this.blocks.cancel();
      return this.#person.error(`${objection} The rest of the block is not sent.`);
    }
    if (command !== "") return await this.#obey(command + text);
    this.#screen.blockRepairs = repairs;
    await this.#say(text);
    this.#screen.blockRepairs = 0;
  }

  async #obey(line: string): Promise<void> {
    const person = this.#person;
    // A command has an answer, so wait until the previous ones have been read.
    if (!await person.screen.ready()) return;
    // So that the command sees everything said before, in history for example.
    await person.chat.registry.current();
    await this.#session.turn();
    const screen = this.#screen;
    const questions = screen.secrets?.count;
    person.screen.beginAnswer?.();
    try {
      await runCommand(person, line);
    } catch (error) {
      explainError(person, error);
      // After a refusal, the next line may be the password once more.
      if (screen.secrets?.count !== questions) screen.secrets?.expectAnswer();
    } finally {
      person.screen.endAnswer?.();
    }
  }
}
