import type { Account } from "../../../domain/access/accounts/account.ts";
import { countText } from "../../../domain/wording.ts";
import type { ChatSession } from "../chat_session.ts";
import type { ChatCommand } from "../command.ts";

export const account: ChatCommand = {
  name: "account",
  usage: "/account",
  summary: "show your account and where you are logged in",
  run(person) {
    const { chat, member, nickname } = person;
    const account = member.account === undefined ? undefined : chat.accounts.find(member.account);
    if (!account) {
      person.notice(`You are a guest called ${nickname}, without an account.`);
      if (!chat.access.isClosed) {
        person.notice("/register makes an account of your name. /login NAME logs in to yours.");
      }
      return;
    }
    const since = new Date(account.createdAt).toISOString().slice(0, 10);
    const power = account.isOperator ? " It is an operator of this server." : "";
    person.notice(
      `You are logged in as ${account.name}. It was registered on ${since}.${power}`,
    );
    for (const session of chat.people.holders) {
      if (session.member.account === account.key) person.notice(describe(session, person));
    }
    person.notice(
      `It has ${
        waysIn(account)
      }. /password and /key change that. Your settings, what you have read ` +
        "and whom you ignore are kept with it. /logout logs out.",
    );
    if (!chat.access.isClosed) {
      person.notice(
        "Only one connection at a time can have the name. To log in on another one as well, change your " +
          `name here first, for example with /nick ${chat.people.alternative(account.name)}.`,
      );
    }
  },
};

/** What the owner logs in with. */
function waysIn({ passwordHash, keys = [], certificates = [] }: Account): string {
  const count = keys.length === 0 ? "no SSH keys" : countText(keys.length, "SSH key");
  const also = certificates.length === 0
    ? ""
    : `, and ${countText(certificates.length, "client certificate")} on IRC`;
  return (passwordHash === undefined ? `${count} and no password` : `a password and ${count}`) +
    also;
}

function describe(session: ChatSession, person: ChatSession): string {
  const { nickname, via, address } = session.member;
  const from = address === undefined ? "" : ` from ${address}`;
  const here = session === person ? " (this connection)" : "";
  return `Logged in as ${nickname} by ${via}${from}${here}.`;
}
