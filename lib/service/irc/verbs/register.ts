import { DomainError, type DomainErrorCode } from "../../../domain/domain_error.ts";
import { nameKey } from "../../../domain/name.ts";
import { registerName } from "../../chat/login/own_account.ts";
import type { IrcClient } from "../irc_door.ts";
import { fromIrcNick } from "../irc_names.ts";
import { inIrcWords } from "../irc_words.ts";
import { sendFailAlways } from "../standard_replies.ts";
import type { Verb } from "../verb.ts";

const CODES: Partial<Record<DomainErrorCode, string>> = {
  "bad-name": "BAD_ACCOUNT_NAME",
  "name-reserved": "BAD_ACCOUNT_NAME",
  "login-needed": "ACCOUNT_EXISTS",
  "bad-password": "WEAK_PASSWORD",
  "not-permitted": "DISALLOWED",
};

/** IRCv3 `draft/account-registration`. */
export const REGISTER: Verb = {
  name: "REGISTER",
  minParams: 3,
  isEarly: true,
  help: ["REGISTER * * PASSWORD - registers the name that you use"],
  async run(client, { params: [account, , password] }) {
    const { person, member, registration } = client;
    const nick = client.isRegistered ? client.nick : registration.wantedNick;
    if (member.account !== undefined) {
      return fail(client, "ALREADY_AUTHENTICATED", account, "You are logged in. Log out first.");
    }
    if (nick === undefined) {
      return fail(client, "NEED_NICK", account, "Send NICK first: an account has your nickname.");
    }
    const name = fromIrcNick(nick);
    if (account !== "*" && nameKey(fromIrcNick(account)) !== nameKey(name)) {
      const sentence = `An account has your nickname. Take it first: NICK ${account}`;
      return fail(client, "ACCOUNT_NAME_MUST_BE_NICK", account, sentence);
    }
    if (!registration.admits()) return;
    try {
      await registerName(person, password, client.isRegistered ? undefined : name);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return fail(client, codeOf(client, error, name), nick, inIrcWords(error.message));
    }
    const own = client.irc.people.accountOf(person)!;
    reply(client, "SUCCESS", own, `${own} is yours from now on, and takes the password.`);
  },
};

/** Nothing has to be verified here. */
export const VERIFY: Verb = {
  name: "VERIFY",
  minParams: 2,
  isEarly: true,
  help: ["VERIFY NAME CODE - not needed: accounts are ready as soon as they are registered"],
  run(client, { params: [account] }) {
    const [code, sentence] = client.member.account === undefined
      ? ["INVALID_CODE", "Accounts need no code here. Log in with the password."]
      : ["ALREADY_AUTHENTICATED", "You are logged in. Accounts need no code here."];
    sendFailAlways(client, "VERIFY", code, [account], sentence);
  },
};

function codeOf({ irc: { chat } }: IrcClient, { code }: DomainError, name: string): string {
  // A name without an account may be that of somebody who is here.
  if (code === "name-in-use") {
    return chat.accounts.find(name) ? "ACCOUNT_EXISTS" : "USERNAME_EXISTS";
  }
  return CODES[code] ?? "TEMPORARILY_UNAVAILABLE";
}

function fail(client: IrcClient, code: string, account: string, sentence: string): void {
  sendFailAlways(client, "REGISTER", code, [account], sentence);
}

function reply(client: IrcClient, ...params: string[]): void {
  const { irc: { settings: { serverName: source } } } = client;
  client.send({ source, verb: "REGISTER", params, trailing: true });
}
