import type { ApiToken } from "../../../domain/access/accounts/api_token.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { parseRoomName } from "../../../domain/name.ts";
import { countText } from "../../../domain/wording.ts";
import type { ChatSession } from "../chat_session.ts";
import { type ChatCommand, showUsage, splitWord } from "../command.ts";
import { wayToAccount } from "../login/registered_names.ts";
import { nowCalled } from "../rooms/room_lists.ts";

export const token: ChatCommand = {
  name: "token",
  usage: "/token [new LABEL [ROOM ...] | revoke LABEL]",
  summary: "list, create or revoke tokens that let programs act as you",
  details:
    "A token reads and writes what you may, or only in the rooms it names. Programs send it " +
    "over HTTP as Authorization: Bearer TOKEN, and log senders as their first line, @token TOKEN.",
  async run(person, argument) {
    const account = requireAccount(person);
    const [action, rest] = splitWord(argument);
    const [label, rooms] = splitWord(rest);
    switch (action.toLowerCase()) {
      case "":
      case "list":
        return rest === "" ? showTokens(person, account) : showUsage(person, token);
      case "new":
        if (label === "") return showUsage(person, token);
        return await createToken(person, account, label, rooms);
      case "revoke":
        if (label === "" || rooms !== "") return showUsage(person, token);
        return await revokeToken(person, account, label);
      default:
        showUsage(person, token);
    }
  },
};

/** Whose tokens they are. A program must not create itself further ones. */
function requireAccount({ member: { account, capacity }, chat: { access } }: ChatSession): string {
  if (account === undefined) {
    throw new DomainError(
      "login-needed",
      `Tokens belong to an account. ${
        wayToAccount(access, "Log in with /login, or create one with /register.")
      }`,
    );
  }
  if (capacity === "person") return account;
  throw new DomainError(
    "not-permitted",
    "A token cannot change tokens. Log in with the password of the account.",
  );
}

async function createToken(
  person: ChatSession,
  account: string,
  label: string,
  roomsText: string,
): Promise<void> {
  const rooms = roomsText.split(/[\s,]+/).filter((word) => word !== "").map(parseRoomName);
  const secret = await person.chat.tokens.create(account, label, rooms);
  person.notice(`Token ${label}: ${secret}`);
  person.notice(
    "Keep it now, like a password: it is not shown again. It acts as you in " +
      `${placesOf({ rooms })}. /token revoke ${label} ends it.`,
  );
  for (const room of rooms) {
    const current = person.sees.currentName(room);
    // Programs may still write under the former name.
    if (current !== room) person.notice(nowCalled(room, current));
  }
}

function showTokens(person: ChatSession, account: string): void {
  const tokens = person.chat.tokens.list(account);
  for (const token of tokens) person.notice(describe(token));
  person.notice(
    tokens.length === 0
      ? "You have no tokens. /token new LABEL [ROOM ...] creates one."
      : `You have ${countText(tokens.length, "token")}. /token revoke LABEL ends one.`,
  );
}

async function revokeToken(person: ChatSession, account: string, text: string): Promise<void> {
  const { label } = await person.chat.tokens.revoke(account, text);
  person.notice(`The token ${label} is revoked: whatever used it is refused from now on.`);
}

function describe({ label, rooms, createdAt, usedAt }: ApiToken): string {
  const use = usedAt === undefined ? "never used" : `last used on ${dayOf(usedAt)}`;
  return `${label}: ${placesOf({ rooms })}; created on ${dayOf(createdAt)}, ${use}`;
}

function placesOf({ rooms = [] }: Pick<ApiToken, "rooms">): string {
  return rooms.length === 0 ? "all your rooms" : rooms.map((room) => `#${room}`).join(", ");
}

/** `2026-11-21`, in UTC, as uses are noted. */
function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
