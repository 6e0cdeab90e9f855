/**
 * The `hello` of a web client: checks who it is, lets it take over an earlier connection, welcomes
 * it and lets it into its first rooms.
 *
 * @module
 */

import type { Asker } from "../../domain/asker.ts";
import { DomainError } from "../../domain/domain_error.ts";
import { nameKey } from "../../domain/name.ts";
import { commandsOf } from "../../service/chat/commands/mod.ts";
import { askForName } from "../../service/chat/login/ask_for_name.ts";
import { logIn, useAccount } from "../../service/chat/login/log_in.ts";
import { tellInvitations } from "../../service/chat/rooms/invitation_notice.ts";
import { MAX_ROOMS } from "../../service/chat/rooms/room_visits.ts";
import { VERSION } from "../../version.ts";
import type { Fields } from "../fields.ts";
import { toErrorMessage } from "../http/problem.ts";
import { MAX_MESSAGE_BYTES } from "../http/web_socket.ts";
import type { Needs, Ref, ServerMessage, TokenJson } from "../protocol.ts";
import { serverPasswordNeeded } from "../server_password.ts";
import type { HandlerContext } from "./handler.ts";
import type { WebRooms } from "./web_rooms.ts";
import type { Replaceable } from "./web_sessions.ts";

const FIRST_ROOM = "lobby";

/** Codes of refusals after which a `hello` with a password may help. */
const PASSWORD_CODES: ReadonlySet<string> = new Set([
  "login-needed",
  "wrong-password",
  "slow-down",
]);

export class HelloHandler {
  readonly #context: HandlerContext;
  readonly #rooms: WebRooms;
  readonly #session: Replaceable;
  /**
   * A later connection that knows it may take over the name, and keeps it: a page may be loaded
   * again before it has seen the `welcome` of the last time.
   */
  #secret: string = crypto.randomUUID();
  /** Whether the client has given the password of the server. */
  #isAdmitted = false;
  /** The password that the `hello` being handled needs. */
  #needs: Needs | undefined;

  constructor(context: HandlerContext, rooms: WebRooms, session: Replaceable) {
    this.#context = context;
    this.#rooms = rooms;
    this.#session = session;
  }

  /** Limits the time until the next `hello`. */
  awaitHello(): void {
    const { web, socket } = this.#context;
    const ms = web.nameDeadlineMs();
    socket.setDeadline(ms, `No hello came within ${ms / 1000} seconds.`);
  }

  async handle(fields: Fields, ref: Ref | undefined): Promise<void> {
    try {
      const rooms = fields.optionalList("rooms", MAX_ROOMS);
      if (await this.#identify(fields)) await this.#welcome(rooms, ref);
    } catch (error) {
      const needs = this.#needs;
      const isHelped = error instanceof DomainError && PASSWORD_CODES.has(error.code);
      if (!needs || !isHelped) throw error;
      this.awaitHello();
      this.#context.screen.answer({ ...toErrorMessage(error, ref), needs });
    } finally {
      this.#needs = undefined;
    }
  }

  /** Ends what the `hello` began. */
  end(): void {
    const { web, screen, person } = this.#context;
    web.sessions.end(this.#secret, this.#session, screen.hasQuit);
    person.member.revoked?.removeEventListener("abort", this.#onRevoked);
  }

  /** Gives the client its name; resolves to whether it is still there. @throws {DomainError} */
  async #identify(fields: Fields): Promise<boolean> {
    const { web: { sessions, chat }, socket, screen, person } = this.#context;
    const { address } = socket.context;
    const secret = fields.optionalText("session");
    const token = fields.optionalText("token");
    const asker = token === undefined ? undefined : chat.tokens.require(token, address);
    const name = asker ? fields.optionalText("name") ?? asker.nickname : fields.text("name");
    const password = fields.optionalText("password");
    const before = secret === undefined ? undefined : sessions.find(secret);
    this.#admit(asker !== undefined || before !== undefined, fields.optionalText("serverPassword"));
    if (secret !== undefined) await sessions.replace(secret);
    // Messages from the replaced connection then count as past events, not as live ones.
    await chat.registry.settled();
    if (socket.isEnded) return false;
    // What is said meanwhile is not the answer.
    screen.request = {};
    this.#actWith(asker);
    this.#needs = "password";
    if (asker) await this.#takeNameOf(asker, name);
    else if (before?.account?.key === nameKey(name)) await useAccount(person, before.account);
    else if (password !== undefined) await logIn(person, name, password);
    else await askForName(person, name);
    this.#needs = undefined;
    if (socket.isEnded) return false;
    if (secret !== undefined && before) this.#secret = secret;
    return true;
  }

  /** Asks for the password of the server, if it has one. @throws {DomainError} */
  #admit(isKnown: boolean, given: string | undefined): void {
    const { web: { chat: { serverPassword } }, socket } = this.#context;
    if (!serverPassword || this.#isAdmitted) return;
    this.#needs = "serverPassword";
    if (given !== undefined) serverPassword.check(given, socket.context.address);
    else if (!isKnown) throw serverPasswordNeeded();
    this.#isAdmitted = true;
    this.#needs = undefined;
  }

  /** Takes the name of a token's account. @throws {DomainError} `name-in-use`, `not-permitted`. */
  async #takeNameOf({ nickname }: Asker, name: string): Promise<void> {
    try {
      await askForName(this.#context.person, name);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== "name-in-use") throw error;
      throw new DomainError(
        "name-in-use",
        `${nickname} is connected already, and this token speaks under no other name. ` +
          "Give a program that stays connected an account of its own.",
      );
    }
  }

  readonly #onRevoked = () => {
    const { screen, person } = this.#context;
    screen.end(person.member.revoked!.reason.message);
  };

  /** Acts as the account of a token, until it is revoked. */
  #actWith(asker: Asker | undefined): void {
    if (asker?.revoked?.aborted) throw asker.revoked.reason;
    const { member } = this.#context.person;
    member.revoked?.removeEventListener("abort", this.#onRevoked);
    member.actWith(asker);
    asker?.revoked?.addEventListener("abort", this.#onRevoked);
  }

  async #welcome(rooms: readonly Fields[] | undefined, ref: Ref | undefined): Promise<void> {
    const { web, socket, screen, person } = this.#context;
    const { account, token, onlyRooms } = person.member;
    screen.request = { ref };
    socket.clearDeadline();
    web.sessions.begin(this.#secret, this.#session);
    screen.answer(this.#welcomeMessage(ref));
    screen.isWelcome = true;
    if (account !== undefined && !token) screen.showAccount();
    if (rooms) {
      for (const room of rooms) {
        await this.#orExplain(room.text("room"), () => this.#rooms.enterAsked(room), ref);
      }
    } else {
      for (const room of onlyRooms ?? [FIRST_ROOM]) {
        await this.#orExplain(room, () => this.#rooms.enter(room), ref);
      }
    }
    await person.correspondence.begin();
    await tellInvitations(person);
    screen.isArriving = false;
    if (!person.isBehind) screen.showLive();
  }

  /** One room that cannot be entered does not keep the client out of the others. */
  async #orExplain(
    room: string,
    enter: () => Promise<void>,
    ref: Ref | undefined,
  ): Promise<void> {
    try {
      await enter();
    } catch (error) {
      this.#context.screen.answer({ ...toErrorMessage(error, ref), room });
    }
  }

  #welcomeMessage(ref: Ref | undefined): ServerMessage {
    const { web: { chat }, person } = this.#context;
    return {
      type: "welcome",
      ref,
      name: person.nickname,
      session: this.#secret,
      token: toTokenJson(person.member.token),
      version: VERSION,
      at: new Date().toISOString(),
      limits: {
        bodyBytes: chat.blocks.bytes,
        bodyLines: chat.blocks.lines,
        messageBytes: MAX_MESSAGE_BYTES,
        rooms: MAX_ROOMS,
      },
      commands: commandsOf(chat).filter(({ name }) => name !== "set")
        .map(({ name, usage, summary }) => ({ name, usage, summary })),
    };
  }
}

function toTokenJson(token: Asker | undefined): TokenJson | undefined {
  if (!token) return undefined;
  return { account: token.nickname, rooms: token.onlyRooms && [...token.onlyRooms] };
}
