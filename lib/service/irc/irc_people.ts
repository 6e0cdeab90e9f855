/**
 * The people of all doors as IRC shows them: `nick!user@host`, an account, a real name.
 *
 * @module
 */

import { createHmac, randomBytes } from "node:crypto";
import type { Member } from "../../domain/rooms/room_stream.ts";
import { newNameIn, type RoomEvent } from "../../domain/room_event.ts";
import type { Clock } from "../../clock.ts";
import type { ChatContext, ChatSession } from "../chat/chat_session.ts";
import { toIrcNick } from "./irc_names.ts";
import type { IrcSettings } from "./irc_settings.ts";

/** Hexadecimal digits of a masked address. */
const HOST_DIGITS = 12;

/** Where what is shown of people comes from. */
export interface IrcPeopleSources {
  readonly chat: Pick<ChatContext, "accounts" | "people" | "registry">;
  readonly clock: Clock;
  readonly settings: Pick<IrcSettings, "serverName">;
}

/** Knows the people of a server. */
export class IrcPeople {
  readonly #irc: IrcPeopleSources;
  readonly #key: Uint8Array;
  readonly #hosts = new WeakMap<Member, string>();
  readonly #byOrigin = new Map<number, ChatSession>();
  /** `user@host` of everybody, by origin: a list of names looks at thousands. */
  readonly #userHosts = new Map<number, string>();
  /** How often somebody who was here got another one. */
  userHostChanges = 0;

  /** @param key Without it, nobody can tell from a masked address what the address is. */
  constructor(irc: IrcPeopleSources, key: Uint8Array = randomBytes(32)) {
    this.#irc = irc;
    this.#key = key;
    // People of other nodes are here before this one serves anybody.
    for (const person of irc.chat.people.holders) this.add(person);
  }

  /** The user name that the person's client gave, or the door of somebody who has none. */
  userOf({ member }: Pick<ChatSession, "member">): string {
    return member.details?.user || member.via;
  }

  realnameOf({ member, nickname }: ChatSession): string {
    return member.details?.realname || nickname;
  }

  /** What stands for the address, the same for all people of one address while the server runs. */
  hostOf({ member }: Pick<ChatSession, "member">): string {
    let host = this.#hosts.get(member);
    if (host === undefined) this.#hosts.set(member, host = this.maskAddress(member.address));
    return host;
  }

  /** An address, or that of this machine's Unix sockets, in a form that does not reveal it. */
  maskAddress(address = "unix"): string {
    const digest = createHmac("sha256", this.#key).update(address).digest("hex");
    return `${digest.slice(0, HOST_DIGITS)}.ip`;
  }

  maskOf(person: ChatSession): string {
    const nick = toIrcNick(person.nickname);
    return `${nick}!${this.userOf(person)}@${this.hostOf(person)}`;
  }

  /** The name of the server that the person is connected to: that of the node, if it is another. */
  serverOf({ nodeName }: Pick<ChatSession, "nodeName">): string {
    return nodeName ?? this.#serverName;
  }

  /** The name of the person's account, if there is one. */
  accountOf({ member }: Pick<ChatSession, "member">): string | undefined {
    const { account } = member;
    return account === undefined ? undefined : this.#irc.chat.accounts.find(account)?.name;
  }

  /** Whether the person has said that they are a program (mode `B`). */
  isBot({ member }: Pick<ChatSession, "member">): boolean {
    return member.details?.modes.has("B") === true;
  }

  /** Notes that somebody has come, or has another user name. */
  add(person: ChatSession): void {
    const { origin, member } = person;
    const userHost = `${this.userOf(person)}@${this.hostOf(person)}`;
    const before = this.#userHosts.get(origin);
    if (before !== undefined && before !== userHost) this.userHostChanges++;
    this.#byOrigin.set(origin, person);
    this.#userHosts.set(origin, userHost);
    member.userHost = userHost;
  }

  /** `user@host` of somebody who is here, by origin. */
  userHostOf(origin: number): string | undefined {
    return this.#userHosts.get(origin);
  }

  /** Notes that somebody has gone. They are known until everybody has been told. */
  async remove(person: ChatSession): Promise<void> {
    const { origin } = person;
    await this.#irc.chat.registry.settled();
    // In a cluster, they may have come back with their node.
    if (this.#byOrigin.get(origin) !== person) return;
    this.#byOrigin.delete(origin);
    this.#userHosts.delete(origin);
  }

  /** The person who caused an event, if they are still here, perhaps under another name. */
  authorOf({ origin }: Pick<RoomEvent, "origin">): ChatSession | undefined {
    return origin === undefined ? undefined : this.#byOrigin.get(origin);
  }

  /** Where an event comes from: a person's mask, or the form of one for somebody who has gone. */
  sourceOf(event: RoomEvent): string {
    const nick = toIrcNick(event.from);
    // Acts of moderation have numbers of their own.
    const author = this.authorOf(event) ??
      (event.kind === "redaction" || newNameIn(event) !== undefined
        ? this.#irc.chat.people.find(event.from)
        : undefined);
    if (author) return `${nick}!${this.userOf(author)}@${this.hostOf(author)}`;
    return `${nick}!${event.kind === "log" ? "log" : event.via ?? "gone"}@${this.#serverName}`;
  }

  get #serverName(): string {
    return this.#irc.settings.serverName;
  }
}
