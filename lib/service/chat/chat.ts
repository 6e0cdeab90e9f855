/**
 * The chat service: rooms for whoever can send lines.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { DomainError } from "../../domain/domain_error.ts";
import type { MessageLog } from "../../domain/message_log.ts";
import { NicknameRegistry } from "../../domain/nickname_registry.ts";
import type { RoomRegistry } from "../../domain/room_registry.ts";
import type { Service } from "../../server/service.ts";
import type { Session } from "../../server/session.ts";
import { type ChatHall, ChatSession } from "./chat_session.ts";
import { COMMANDS, runCommand } from "./commands/mod.ts";
import { LineScreen } from "./line_screen.ts";
import { Renderer } from "./renderer.ts";

/** The room that everybody enters first. */
const FIRST_ROOM = "lobby";

export interface ChatOptions {
  readonly registry: RoomRegistry;
  readonly log: MessageLog;
  readonly clock: Clock;
  /** Milliseconds within which a name has to be given. */
  readonly nameDeadlineMs: number;
  /** The names of all services, which nobody may take as a nickname. */
  readonly serviceNames: readonly string[];
}

/** Everybody who chats, on whatever port. */
export class Chat implements Service {
  readonly name = "chat";
  readonly maxLineBytes = 4096;
  readonly isFloodControlled = true;
  readonly #nameDeadlineMs: number;
  readonly #hall: ChatHall;

  constructor({ registry, log, clock, nameDeadlineMs, serviceNames }: ChatOptions) {
    const reserved = ["server", ...COMMANDS.map((command) => command.name), ...serviceNames];
    this.#nameDeadlineMs = nameDeadlineMs;
    this.#hall = {
      registry,
      log,
      people: new NicknameRegistry(reserved),
      renderer: new Renderer(),
      // Room for a thousand connections in each millisecond that the server runs.
      firstOrigin: clock.now() * 1000,
    };
  }

  async serve(session: Session): Promise<void> {
    const person = new ChatSession(
      this.#hall,
      session.context,
      (viewer) => new LineScreen(session, this.#hall.renderer, viewer),
    );
    const lines = session.lines[Symbol.asyncIterator]();
    try {
      if (!await this.#introduce(session, person, lines)) return;
      await person.enter(FIRST_ROOM);
      session.terminal.onInterrupt = () => person.notice("Type /quit to leave.");
      for (let line = await lines.next(); !line.done; line = await lines.next()) {
        const wait = this.#hear(session, person, line.value);
        if (wait) await wait;
      }
    } finally {
      await person.depart("");
    }
  }

  /** Asks for a name until there is one; returns `false` where the lines end first. */
  async #introduce(
    session: Session,
    person: ChatSession,
    lines: AsyncIterator<string>,
  ): Promise<boolean> {
    session.setDeadline(
      this.#nameDeadlineMs,
      `! No name came within ${this.#nameDeadlineMs / 1000} seconds. Connect again to give one.`,
    );
    person.notice("Welcome to Partyline. What is your name?");
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      if (line.value.trim() === "/quit") return false;
      try {
        person.takeName(line.value);
        session.clearDeadline();
        person.notice(`You are ${person.nickname}. /help lists the commands.`);
        return true;
      } catch (error) {
        explain(person, error);
        person.notice("What is your name?");
      }
    }
    return false;
  }

  /** Returns something to await only where there is something to wait for. */
  #hear(session: Session, person: ChatSession, line: string): Promise<unknown> | undefined {
    const { damage } = session;
    if (damage && damage.cutBytes > 0) {
      person.error(
        `That line has more than ${session.maxLineBytes} bytes and was not said. ` +
          "Split it into shorter ones.",
      );
      return undefined;
    }
    if (line === "") return undefined;
    if (line.startsWith("/") && !line.startsWith("//")) return this.#obey(person, line);
    try {
      person.say("message", line.startsWith("//") ? line.slice(1) : line);
    } catch (error) {
      explain(person, error);
    }
    return this.#hall.registry.backpressure();
  }

  async #obey(person: ChatSession, line: string): Promise<void> {
    // Commands have answers: whoever does not read them is not asked for the next one.
    if (!await person.ready()) return;
    // What was said before is there to be seen by now, in history for example.
    await this.#hall.registry.settled();
    try {
      await runCommand(person, line);
    } catch (error) {
      explain(person, error);
    }
  }
}

/** Tells a person why something cannot be done. @throws {unknown} what is not for people to know. */
function explain(person: ChatSession, error: unknown): void {
  if (!(error instanceof DomainError)) throw error;
  person.error(error.message, error.code);
}
