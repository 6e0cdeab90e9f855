/**
 * The registration of a client: complete once it has a name that is free, has sent `USER`, and has
 * ended the negotiation of capabilities, if it began one.
 *
 * @module
 */

import { DomainError } from "../../domain/domain_error.ts";
import { nameKey } from "../../domain/name.ts";
import { askForName } from "../chat/login/ask_for_name.ts";
import { takeOwnName } from "../chat/login/name_takeover.ts";
import { tellInvitations } from "../chat/rooms/invitation_notice.ts";
import { tellMissed } from "../chat/rooms/missed_notice.ts";
import type { IrcClient } from "./irc_door.ts";
import { fromIrcNick } from "./irc_names.ts";
import { explainNick } from "./registered_nick.ts";
import { sendFailAlways } from "./standard_replies.ts";
import { welcome } from "./welcome.ts";

const ACCOUNT_NEEDED = "Only people with an account may enter this server. Set its name and " +
  "password for SASL PLAIN in your client, or ask whoever runs the server for an account.";

export class Registration {
  readonly #client: IrcClient;
  /** The nickname that the client has asked for. */
  #nick: string | undefined;
  /** As `PASS` gave it. */
  password: string | undefined;
  /** Whether the client is negotiating capabilities. */
  isNegotiating = false;
  /** Whether the client has asked for capabilities with values once, so that it knows 302. */
  knowsValues = false;
  #isDone = false;
  #isAdmitted = false;

  constructor(client: IrcClient) {
    this.#client = client;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** The nickname that the client has asked for, until it has it. */
  get wantedNick(): string | undefined {
    return this.#nick;
  }

  /**
   * Asks for a nickname.
   *
   * @throws {DomainError} `bad-name`, `name-reserved`; `name-in-use` unless its owner may log in
   * before the registration is complete.
   */
  async askFor(nick: string): Promise<void> {
    const { irc: { chat }, person } = this.#client;
    try {
      chat.people.check(fromIrcNick(nick), person);
    } catch (error) {
      const mayPass = error instanceof DomainError &&
        (error.code === "login-needed" || error.code === "name-in-use");
      if (!mayPass) throw error;
    }
    this.#nick = nick;
    await this.complete();
  }

  /** Completes the registration if nothing is missing. */
  async complete(): Promise<void> {
    const client = this.#client;
    const nick = this.#nick;
    if (this.#isDone || this.isNegotiating || nick === undefined || client.user === "") return;
    if (!this.admits()) return;
    const { person } = client;
    try {
      // A client that has logged in may have the name of the account already.
      if (this.#hasOwnName(nick)) await takeOwnName(person);
      else await askForName(person, fromIrcNick(nick));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.code === "login-needed" && client.irc.chat.access.isClosed) {
        sendFailAlways(this.#client, "*", "ACCOUNT_REQUIRED_TO_CONNECT", [], ACCOUNT_NEEDED);
        return this.#client.close(ACCOUNT_NEEDED);
      }
      this.#nick = undefined;
      return explainNick(client, error, nick);
    }
    // The client may have gone meanwhile.
    if (client.session.isEnded || person.hasDeparted) return;
    this.#isDone = true;
    client.irc.census.unregistered.delete(client);
    // A client that logged in before USER had a name, but not this user name.
    client.irc.people.add(person);
    client.session.clearDeadline();
    await welcome(client);
    await person.correspondence.begin();
    await tellInvitations(person);
    if (!client.caps.has("draft/chathistory")) {
      await tellMissed(person, person.screen.recalledMarks);
    }
  }

  /**
   * Whether the client has given the server's password, if it has one. The session of a client that
   * has not is ended.
   */
  admits(): boolean {
    const client = this.#client;
    const { irc: { chat: { serverPassword } }, member } = client;
    if (!serverPassword || this.#isAdmitted) return true;
    try {
      serverPassword.check(this.password ?? "", member.address);
      this.#isAdmitted = true;
      return true;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const sentence = this.password === undefined
        ? "This server has a password. Set it as the server password (PASS) of your client."
        : error.message;
      client.reply("464", sentence);
      client.close(sentence);
      return false;
    }
  }

  /** Whether the client gets the name of the account that it is logged in to. */
  #hasOwnName(nick: string): boolean {
    const { irc: { chat: { access } }, member: { account } } = this.#client;
    // On a closed server, people have no other names.
    return account !== undefined && (access.isClosed || account === nameKey(fromIrcNick(nick)));
  }
}
