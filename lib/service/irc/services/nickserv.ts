/**
 * NickServ: accounts, for people who know them from other IRC networks. SASL does better what can be
 * done by both.
 *
 * @module
 */

import { formatFingerprint } from "../../../domain/access/accounts/account_certificates.ts";
import { nameKey } from "../../../domain/name.ts";
import { logIn, logOut } from "../../chat/login/log_in.ts";
import { replaceHolder, takeOwnName } from "../../chat/login/name_takeover.ts";
import { changePassword, registerName } from "../../chat/login/own_account.ts";
import { wayToAccount } from "../../chat/login/registered_names.ts";
import { fromIrcNick, toIrcNick } from "../irc_names.ts";
import { CERT } from "./cert.ts";
import { createService, type ServiceCall, type ServiceCommand } from "./irc_service.ts";
import { NOT_LOGGED_IN, ownAccount } from "./own_account.ts";

const REGISTER: ServiceCommand = {
  names: ["REGISTER"],
  usage: "REGISTER PASSWORD",
  summary: "registers the name that you use",
  async run({ client, words: [password, email], words, say, sayUsage }) {
    // An address is what other networks want next; none is needed here.
    const isUsual = words.length === 1 || (words.length === 2 && email.includes("@"));
    if (!isUsual) return sayUsage();
    await registerName(client.person, password);
    say(
      `Account created: ${client.nick} is yours from now on, and takes the password. You are ` +
        "logged in. Set the password in your client for SASL, so that it logs in by itself.",
    );
  },
};

const IDENTIFY: ServiceCommand = {
  names: ["IDENTIFY", "ID", "LOGIN", "AUTH"],
  usage: "IDENTIFY [NAME] PASSWORD",
  summary: "logs you in",
  async run(call) {
    const { client, say } = call;
    const [name, password] = nameAndPassword(call);
    if (password === "") return call.sayUsage();
    const { irc: { chat: { accounts } }, person: { nickname } } = client;
    // Clients send their password under whatever name they got.
    if (name === nickname && !accounts.find(name)) {
      return say(
        `${client.nick} is not a registered name. Give the name of your account, too: ` +
          "/msg NickServ IDENTIFY NAME PASSWORD",
      );
    }
    await logIn(client.person, name, password, { keepsName: true });
    const { nick, person } = client;
    const own = ownAccount(client)!.name;
    say(
      nameKey(own) === nameKey(person.nickname)
        ? `You are logged in as ${own}.`
        : `You are logged in as ${own}, and called ${nick}. /nick ${
          toIrcNick(own)
        } takes the name.`,
    );
  },
};

const REGAIN: ServiceCommand = {
  names: ["REGAIN", "RECOVER", "RELEASE"],
  usage: "REGAIN NAME [PASSWORD]",
  summary: "takes your name back, even from another connection",
  async run(call) {
    const name = await proveOwner(call);
    if (name === undefined) return;
    await takeOwnName(call.client.person);
    call.say(`You are ${name} now.`);
  },
};

const GHOST: ServiceCommand = {
  names: ["GHOST"],
  usage: "GHOST NAME [PASSWORD]",
  summary: "ends another connection that has your name",
  async run(call) {
    const { client: { irc: { chat: { people } }, person }, say } = call;
    const name = await proveOwner(call);
    if (name === undefined) return;
    const holder = people.find(name);
    if (holder === person) return say("That is this connection.");
    if (!holder) return say(`Nobody has the name ${name}. /nick ${toIrcNick(name)} takes it.`);
    await replaceHolder(holder, person);
    say(`That connection has ended. /nick ${toIrcNick(name)} takes the name.`);
  },
};

const LOGOUT: ServiceCommand = {
  names: ["LOGOUT"],
  usage: "LOGOUT",
  summary: "logs you out",
  run({ client, say }) {
    if (!ownAccount(client)) return say(NOT_LOGGED_IN);
    logOut(client.person, "You are logged out.");
  },
};

const SET: ServiceCommand = {
  names: ["SET", "PASSWD"],
  usage: "SET PASSWORD OLD NEW",
  summary: "changes the password of your account",
  async run({ client, words, say, sayUsage }) {
    if (!ownAccount(client)) return say(NOT_LOGGED_IN);
    const [old, password, again = password] = words[0]?.toUpperCase() === "PASSWORD"
      ? words.slice(1)
      : words;
    if (password === undefined || password !== again) return sayUsage();
    await changePassword(client.person, old, password);
    say("The password has been changed. Set the new one in your client, too.");
  },
};

const INFO: ServiceCommand = {
  names: ["INFO", "STATUS", "ACC"],
  usage: "INFO [NAME]",
  summary: "tells about an account, yours without a name",
  run({ client, words: [word], say }) {
    const { irc: { chat: { access, accounts, people } } } = client;
    const own = ownAccount(client);
    const account = word === undefined ? own : accounts.find(fromIrcNick(word));
    if (!account) {
      if (word === undefined) return say(NOT_LOGGED_IN);
      const way = wayToAccount(access, "Anybody who uses the name can register it.");
      return say(`${word} is not registered. ${way}`);
    }
    const since = new Date(account.createdAt).toISOString().slice(0, 10);
    say(`${account.name} was registered on ${since}.`);
    if (account.isOperator) say(`${account.name} is an operator of this server.`);
    const holder = people.find(account.name);
    if (holder?.member.account === account.key) say(`${account.name} is here.`);
    if (account !== own) return;
    for (const { fingerprint } of account.certificates ?? []) {
      say(`Certificate: ${formatFingerprint(fingerprint)}`);
    }
  },
};

/** Answers `/msg NickServ`. */
export const NICKSERV = createService("NickServ", [
  REGISTER,
  IDENTIFY,
  REGAIN,
  GHOST,
  LOGOUT,
  SET,
  CERT,
  INFO,
]);

/** A password may have spaces, a name has none; the first word is one if there is such an account. */
function nameAndPassword({ client, words: [first, ...rest], text }: ServiceCall): [string, string] {
  const { irc: { chat: { accounts } }, person: { nickname } } = client;
  if (first === undefined) return [nickname, ""];
  const name = fromIrcNick(first);
  const isName = rest.length > 0 && (accounts.find(name) || !accounts.find(nickname));
  return isName ? [name, text.slice(first.length).trim()] : [nickname, text];
}

/**
 * Logs somebody in with the name and password that they gave, if need be.
 *
 * @returns The name of their account; `undefined` if they have been told what is missing.
 * @throws {DomainError} As `logIn` does.
 */
async function proveOwner(call: ServiceCall): Promise<string | undefined> {
  const { client, words: [nick], text, say } = call;
  if (nick === undefined) {
    call.sayUsage();
    return undefined;
  }
  const name = fromIrcNick(nick);
  const password = text.slice(nick.length).trim();
  if (password !== "") await logIn(client.person, name, password, { keepsName: true });
  const own = ownAccount(client);
  if (own && own.key === nameKey(name)) return own.name;
  say(`Give the password of ${nick}, too.`);
  call.sayUsage();
  return undefined;
}
