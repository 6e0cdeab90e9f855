/**
 * Carries errands to the nodes that people are connected to, and does those that come from there.
 *
 * @module
 */

import { type Courier, MOST_COURIER_CHARACTERS } from "../../../domain/courier.ts";
import { log } from "../../../log.ts";
import type { ChatSession } from "../chat_session.ts";
import { invitationText } from "../rooms/invitation_notice.ts";
import { showSigned } from "../show_signed.ts";
import type { Errand, ErrandAnswer, ErrandFor } from "./errand.ts";
import type { RemotePerson } from "./remote_person.ts";

/** How long a node may take for an answer, and for one that somebody's client takes part in. */
const ANSWER_MS = 3000;
const CLIENT_ANSWER_MS = 10_000;

export interface ErrandsOptions {
  readonly courier: Courier;
  /** Somebody who is connected to this node. */
  local(origin: number): ChatSession | undefined;
  /** Somebody who is connected to another node. */
  remote(origin: number): ChatSession | undefined;
}

export class Errands {
  readonly #options: ErrandsOptions;

  constructor(options: ErrandsOptions) {
    this.#options = options;
    options.courier.answer(async (text) => JSON.stringify(await this.#do(JSON.parse(text))));
  }

  /** Does something for somebody at their node; `undefined` if that node does not answer. */
  async run({ node, origin }: RemotePerson, errand: Errand): Promise<ErrandAnswer | undefined> {
    const isAboutClient = errand.do === "reach" || errand.do === "depart";
    const text = JSON.stringify({ ...errand, to: origin });
    if (text.length > MOST_COURIER_CHARACTERS) return undefined;
    try {
      const ms = isAboutClient ? CLIENT_ANSWER_MS : ANSWER_MS;
      return JSON.parse(await this.#options.courier.ask(node, text, ms));
    } catch (error) {
      log("cluster").info("Node {node} does not answer: {error}", { node, error });
      return undefined;
    }
  }

  async #do(errand: ErrandFor): Promise<ErrandAnswer> {
    const person = this.#options.local(errand.to);
    if (!person || person.hasDeparted) return { isHere: false };
    switch (errand.do) {
      case "hear": {
        const from = this.#options.remote(errand.from);
        // The stream may not have told yet who that is.
        const isDone = from
          ? await person.hear(from, errand.message)
          : person.screen.showPrivate(errand.message);
        return { isHere: true, isDone };
      }
      case "notice":
        return { isHere: true, isDone: person.notice(errand.text) };
      case "error":
        person.error(errand.text, errand.code);
        break;
      case "tags":
        person.screen.showTags?.(errand.notice);
        break;
      case "signed":
        showSigned(person, errand.notice);
        break;
      case "invite": {
        const { by, room } = errand;
        if (person.screen.showInvitation) person.screen.showInvitation(by, room);
        else person.notice(invitationText(by, room));
        break;
      }
      case "reach":
        return { isHere: true, isDone: await person.screen.isReachable(errand.question, () => {}) };
      case "end":
        person.screen.end(errand.complaint, errand.isReplaced);
        break;
      case "depart":
        // Answered at once: that it is done comes by the stream.
        void person.depart(errand.farewell);
    }
    return { isHere: true };
  }
}
