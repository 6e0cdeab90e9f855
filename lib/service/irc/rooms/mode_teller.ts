/**
 * Tells the IRC clients in a room of its modes as they change, whoever changes them by whatever
 * door: rules, and the signs of members.
 *
 * @module
 */

import { formatIrcMessage } from "../../../codec/irc_message.ts";
import { encodeLine } from "../../../codec/line_encoder.ts";
import type { DoneAct } from "../../../domain/access/moderation/moderation_act.ts";
import { openRules, type RoomRules } from "../../../domain/access/rules/room_rules.ts";
import type { PermittedRooms } from "../../../domain/archive/permitted_rooms.ts";
import type { Asker } from "../../../domain/asker.ts";
import { nameKey } from "../../../domain/name.ts";
import type { Member, RoomStream } from "../../../domain/rooms/room_stream.ts";
import type { ChatSession } from "../../chat/chat_session.ts";
import type { IrcClient, IrcContext } from "../irc_door.ts";
import { Form } from "../lines/event_tags.ts";
import { type ModeChange, modeChanges, modeLines, signChanges } from "../modes/channel_modes.ts";
import { prefixesOf } from "../modes/channel_prefixes.ts";

/** The door itself, which finds the rooms of all clients. */
const DOOR: Asker = { nickname: "", capacity: "alert", isOperator: true };

/** An act that is on record and whose rules are about to be in force. */
interface Pending {
  readonly room: string;
  /** The name of who did it. */
  readonly by: string;
  /** The signs before it, of those whom it may give others. */
  readonly signs: ReadonlyMap<Member, string>;
}

/** Changes that a client makes with one command. */
interface Gathering {
  readonly client: IrcClient;
  readonly room: string;
  readonly changes: ModeChange[];
}

export class ModeTeller {
  readonly #irc: IrcContext;
  /** The rules that clients know, by key of the room. */
  readonly #told = new Map<string, RoomRules>();
  /** The account that somebody was seen with last. */
  readonly #accounts = new WeakMap<ChatSession, string | undefined>();
  readonly #rooms: PermittedRooms;
  readonly #gatherings = new Set<Gathering>();
  #pending: Pending | undefined;

  constructor(irc: IrcContext) {
    this.#irc = irc;
    const { access, archive, moderation } = irc.chat;
    this.#rooms = archive.for(DOOR);
    for (const rules of access.ruleBook.all) this.#told.set(nameKey(rules.name), rules);
    moderation.onAct((act) => {
      const { facts: { room }, by } = act;
      this.#pending = { room, by, signs: this.#signsBefore(act) };
    });
    access.onGrants(({ room, by, grants }) => {
      const act = { facts: { act: "grant", room }, grants } as const;
      this.#pending = { room, by, signs: this.#signsBefore(act) };
    });
    access.onChange((key) => this.#tellOf(key));
  }

  /** Tells of all changes that a client makes in a room by one command in one line, if they fit. */
  async gather(client: IrcClient, room: string, change: () => Promise<void>): Promise<void> {
    const gathering: Gathering = { client, room: nameKey(room), changes: [] };
    this.#gatherings.add(gathering);
    try {
      await change();
    } finally {
      this.#flush(gathering);
      this.#gatherings.delete(gathering);
    }
  }

  /**
   * Tells of what has been gathered. Called before clients are told of anything else: who has an
   * `@` may leave, or take another name, between two changes.
   */
  flush(): void {
    if (this.#gatherings.size === 0) return;
    for (const gathering of this.#gatherings) this.#flush(gathering);
  }

  #flush({ client, room, changes }: Gathering): void {
    this.#send(room, changes.splice(0), client.person);
  }

  /** Tells of what somebody may do in their rooms now that they have another account, or none. */
  noteAccount(person: ChatSession): void {
    const { member } = person;
    const before = this.#accounts.get(person);
    this.#accounts.set(person, member.account);
    if (before === member.account) return;
    for (const { name } of person.rooms) {
      const old = prefixesOf(this.#irc, name, member, before ?? "");
      this.#send(name, signChanges(member, old, prefixesOf(this.#irc, name, member)));
    }
  }

  /** The signs of those whom an act may give others. */
  #signsBefore(
    { facts: { room, changes = [] }, grants = [] }: Pick<DoneAct, "facts" | "grants">,
  ): Map<Member, string> {
    const members = grants.map(({ member }) => member as Member);
    const roles = changes.filter(({ slot }) => slot === "role" || slot === "rules");
    if (roles.length > 0) {
      const accounts = new Set(roles.map(({ of }) => of));
      for (const member of this.#streamOf(room)?.members ?? []) {
        const isMeant = accounts.has(undefined) || accounts.has(member.account);
        if (member.account !== undefined && isMeant) members.push(member);
      }
    }
    return new Map(members.map((member) => [member, prefixesOf(this.#irc, room, member)]));
  }

  /** The signs that come and go by roles for good. */
  *#roleChanges(key: string, before: RoomRules): Iterable<ModeChange> {
    const { roles } = this.#irc.chat.access.rules(key) ?? openRules(key);
    if (roles.size + before.roles.size === 0) return;
    for (const member of this.#streamOf(key)?.members ?? []) {
      const { account } = member;
      if (account === undefined || roles.get(account) === before.roles.get(account)) continue;
      const signs = prefixesOf(this.#irc, key, member, account, before);
      yield* signChanges(member, signs, prefixesOf(this.#irc, key, member));
    }
  }

  #tellOf(key: string): void {
    const { access } = this.#irc.chat;
    const rules = access.rules(key);
    const before = this.#told.get(key) ?? openRules(key);
    const changes = modeChanges(before, rules ?? openRules(key));
    // Nobody is in a room under its former name, which may be given up without a word.
    if (rules && nameKey(access.currentName(key)) === key) this.#told.set(key, rules);
    else this.#told.delete(key);
    const pending = this.#pending;
    if (!pending || nameKey(pending.room) !== key) {
      // An act at another node of a cluster.
      changes.push(...this.#roleChanges(key, before));
      return this.#send(key, changes);
    }
    this.#pending = undefined;
    const members = this.#streamOf(key)?.members;
    for (const [member, signs] of pending.signs) {
      // Clients are told of those who have left by their leaving.
      if (!members?.has(member)) continue;
      changes.push(...signChanges(member, signs, prefixesOf(this.#irc, key, member)));
    }
    const { by } = pending;
    const gathering = [...this.#gatherings]
      .find(({ client, room }) => room === key && client.person.nickname === by);
    if (gathering) gathering.changes.push(...changes);
    else this.#send(key, changes, this.#irc.chat.people.find(by));
  }

  /** Tells the clients in a room. @param by Who changed it; without, the server did. */
  #send(room: string, changes: readonly ModeChange[], by?: ChatSession): void {
    if (changes.length === 0) return;
    const stream = this.#streamOf(room);
    if (!stream) return;
    const { people, clients, clock, settings } = this.#irc;
    const source = by ? people.maskOf(by) : settings.serverName;
    const account = by && people.accountOf(by);
    const time = new Date(clock.now()).toISOString();
    const lines = modeLines(source, stream.name, changes);
    const forms = new Map<number, Uint8Array[]>();
    for (const member of stream.members) {
      const client = clients.get(member);
      // Others are told when their joining has been published.
      if (!client?.reader.hasJoined(stream)) continue;
      const form = client.form & (Form.TIME | Form.ACCOUNT);
      const tags = new Map<string, string>();
      if (form & Form.TIME) tags.set("time", time);
      if (form & Form.ACCOUNT && account !== undefined) tags.set("account", account);
      if (client.person === by) {
        for (const line of lines) client.send({ ...line, tags });
        continue;
      }
      let bytes = forms.get(form);
      if (!bytes) {
        bytes = lines.map((line) => encodeLine(formatIrcMessage({ ...line, tags })));
        forms.set(form, bytes);
      }
      for (const each of bytes) client.outbox.push(each);
    }
  }

  /** The room as IRC clients read it, if any does. */
  #streamOf(room: string): RoomStream | undefined {
    const open = this.#rooms.find(room);
    return open && this.#irc.digests.find(open);
  }
}
