/**
 * What has been settled about a room: who owns it, who may enter it, who may speak.
 *
 * @module
 */

/** What an account may do in a room, besides what everybody may. */
export type Role = "owner" | "moderator" | "voice";

/** What a person with a role is, for sentences. */
export const ROLE_TEXTS: Readonly<Record<Role, string>> = {
  owner: "an owner",
  moderator: "a moderator",
  voice: "a voice",
};

/** Somebody who may not enter, or not speak. */
export interface Restriction {
  /** A name, an account, a mask, an address, or a range of addresses such as `10.0.0.0/8`. */
  readonly target: string;
  /** Other names and addresses that it concerns, such as the account of a person. */
  readonly also?: readonly string[];
  /** When it ends, milliseconds since 1970; absent for never. */
  readonly until?: number;
  /** The name of who decided it. */
  readonly by: string;
  /** May be `""`. */
  readonly reason: string;
  /** When it was decided, milliseconds since 1970; absent if an earlier version did. */
  readonly at?: number;
}

/** The rules of a room. A room without any is open to everybody. */
export interface RoomRules {
  /** The name as it is shown. */
  readonly name: string;
  /** By key of the account. A room with an owner is registered. */
  readonly roles: ReadonlyMap<string, Role>;
  /** Keys of accounts that may enter although the room is private or has a key. */
  readonly invited: ReadonlySet<string>;
  /** Names, addresses and masks of others who may. */
  readonly welcome: readonly string[];
  /** Only for those with a role or an invitation; for all others the room does not exist. */
  readonly isPrivate: boolean;
  /** In no list. Anybody who knows the name may enter. */
  readonly isHidden: boolean;
  /** Only those with a role may speak. */
  readonly isModerated: boolean;
  /** Only moderators may set the topic. */
  readonly hasTopicLock: boolean;
  /** Whether only numbers are kept of what is said. */
  readonly hasNoLog: boolean;
  /** Whether requests to clients (CTCP) are refused, as IRC's mode C has it. */
  readonly hasNoCtcp: boolean;
  /** Whether people who are not in the room may say something there, as IRC has it without mode n. */
  readonly takesOutside: boolean;
  /** A word that must be given on entering. */
  readonly key?: string;
  /** Most people in it; more are refused. */
  readonly limit?: number;
  /** Seconds between two messages of one person; 0 for none. */
  readonly slowSeconds: number;
  /** Whether alerts may tell elsewhere what is said in it, though it is private. */
  readonly tellsAlerts: boolean;
  readonly bans: readonly Restriction[];
  readonly mutes: readonly Restriction[];
  /** Those whom no ban concerns. */
  readonly exceptions: readonly string[];
  /** The room's former names, latest first. Joining one of them enters this room. */
  readonly formerly?: readonly string[];
  /** Whether they end when nobody is in the room any more. Not stored. */
  readonly isTemporary?: true;
}

/** The rules of a room for which nothing has been settled. */
export function openRules(name: string): RoomRules {
  return {
    name,
    roles: new Map(),
    invited: new Set(),
    welcome: [],
    isPrivate: false,
    isHidden: false,
    isModerated: false,
    hasTopicLock: false,
    hasNoLog: false,
    hasNoCtcp: false,
    takesOutside: false,
    slowSeconds: 0,
    tellsAlerts: false,
    bans: [],
    mutes: [],
    exceptions: [],
  };
}

/** The rules as they are stored. */
export function formatRules(rules: RoomRules): string {
  const { roles, invited, isTemporary: _isTemporary, ...rest } = rules;
  return JSON.stringify({ ...rest, roles: [...roles], invited: [...invited] });
}

/** @throws {SyntaxError} if the text is not what {@linkcode formatRules} wrote. */
export function parseRules(text: string): RoomRules {
  const { name, roles, invited, ...rest } = JSON.parse(text);
  if (typeof name !== "string") throw new SyntaxError("Cannot parse the rules of a room: no name");
  return { ...openRules(name), ...rest, roles: new Map(roles), invited: new Set(invited) };
}

/** Whether the rules are those of a room for which nothing has been settled. */
export function areOpen(rules: RoomRules): boolean {
  return formatRules(rules) === formatRules(openRules(rules.name));
}

/** Whether the room has an owner. */
export function isOwned({ roles }: RoomRules): boolean {
  for (const role of roles.values()) {
    if (role === "owner") return true;
  }
  return false;
}

/** The accounts with a role, by key. */
export function withRole({ roles }: RoomRules, wanted: Role): string[] {
  return [...roles].filter(([, role]) => role === wanted).map(([account]) => account);
}
