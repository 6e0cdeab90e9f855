/**
 * Tells the clients that share a room with somebody, or monitor them, each once, in small steps:
 * rooms can have thousands of members, who may all go away at once.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import type { IrcReply } from "../../../codec/irc_message.ts";
import { log } from "../../../log.ts";
import type { ChatSession } from "../../chat/chat_session.ts";
import type { IrcClient, IrcContext } from "../irc_door.ts";
import { actTeller } from "../lines/act_tags.ts";

/** Members looked at before others have a turn. */
const LOOKED_AT_ONCE = 500;

export class Peers {
  readonly #irc: IrcContext;
  /** What is still being told of somebody. */
  readonly #telling = new Map<ChatSession, Promise<void>>();

  constructor(irc: IrcContext) {
    this.#irc = irc;
  }

  /**
   * Sends a message to everybody with a capability who is in a room with `person`, or monitors them
   * and has the capability `extended-monitor`; what was said of them before comes first.
   */
  tell(person: ChatSession, capability: string, message: IrcReply): void {
    const steps = this.#steps(person, capability, message);
    const before = this.#telling.get(person);
    if (!before && steps.next().done) return;
    const telling = this.#goOn(person, steps, before)
      .catch((error) => {
        log("irc").error("Cannot tell the peers of {person}: {error}", {
          person: person.nickname,
          error,
        });
      })
      .finally(() => {
        if (this.#telling.get(person) === telling) this.#telling.delete(person);
      });
    this.#telling.set(person, telling);
  }

  /** Resolves once all has been told of somebody; `undefined` if it has. */
  told(person: ChatSession): Promise<void> | undefined {
    return this.#telling.get(person);
  }

  async #goOn(
    person: ChatSession,
    steps: Iterator<void>,
    before: Promise<void> | undefined,
  ): Promise<void> {
    await before;
    do await (person.isRemote ? setImmediate() : person.screen.turn()); while (!steps.next().done);
  }

  /** Tells them, with a pause after every step. */
  *#steps(person: ChatSession, capability: string, message: IrcReply): Generator<void> {
    const { clients, monitors } = this.#irc;
    // Each is told once, however many rooms they share.
    const told = new Set<IrcClient>();
    const tellClient = actTeller(person, message);
    let looked = 0;
    for (const { members } of person.rooms) {
      for (const member of members) {
        if (++looked % LOOKED_AT_ONCE === 0) yield;
        const client = clients.get(member);
        if (!client || client.person === person || told.has(client)) continue;
        told.add(client);
        if (client.isRegistered && client.caps.has(capability)) tellClient(client);
      }
    }
    for (const client of monitors.lists.watchersOf(person.nickname)) {
      if (client.person === person || told.has(client)) continue;
      if (client.caps.has("extended-monitor") && client.caps.has(capability)) {
        tellClient(client);
      }
    }
  }
}
