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
    const person = new ChatSession(session, this.#hall);
    const lines = session.lines[Symbol.asyncIterator]();
    try {
      if (!await this.#introduce(person, lines)) return;
      await person.enter(FIRST_ROOM);
      session.terminal.onInterrupt = () => person.notice("Type /quit to leave.");
      for (let line = await lines.next(); !line.done; line = await lines.next()) {
        await this.#hear(person, line.value);
      }
    } finally {
      await person.depart("");
    }
  }

  /** Asks for a name until there is one; returns `false` where the lines end first. */
  async #introduce(person: ChatSession, lines: AsyncIterator<string>): Promise<boolean> {
    const { session } = person;
    session.setDeadline(
      this.#nameDeadlineMs,
      `! No name came within ${this.#nameDeadlineMs / 1000} seconds. Connect again to give one.`,
    );
    person.notice("Welcome to Partyline. What is your name?");
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      if (line.value.trim() === "/quit") return false;
      if (await isDone(person, () => person.takeName(line.value))) {
        session.clearDeadline();
        person.notice(`You are ${person.nickname}. /help lists the commands.`);
        return true;
      }
      person.notice("What is your name?");
    }
    return false;
  }

  async #hear(person: ChatSession, line: string): Promise<void> {
    const { session } = person;
    const { damage } = session;
    if (damage && damage.cutBytes > 0) {
      person.error(
        `That line has more than ${session.maxLineBytes} bytes and was not said. ` +
          "Split it into shorter ones.",
      );
      return;
    }
    if (line === "") return;
    if (line.startsWith("/") && !line.startsWith("//")) {
      // Commands have answers: whoever does not read them is not asked for the next one.
      if (await person.ready()) await isDone(person, () => runCommand(person, line));
      return;
    }
    const isSaid = await isDone(person, () => {
      person.say("message", line.startsWith("//") ? line.slice(1) : line);
      if (damage) person.say("gap", describeRepairs(person.nickname, damage.repairs));
    });
    const backpressure = isSaid && this.#hall.registry.backpressure();
    if (backpressure) await backpressure;
  }
}

/** Does what a person asked for, and tells them if it cannot be done; returns whether it was. */
async function isDone(person: ChatSession, work: () => void | Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    person.error(error.message);
    return false;
  }
}

function describeRepairs(nickname: string, repairs: number): string {
  const places = repairs === 1 ? "1 place" : `${repairs} places`;
  return `${places} in ${nickname}'s last line were no UTF-8 and are shown as \ufffd`;
}
