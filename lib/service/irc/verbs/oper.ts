import { DomainError } from "../../../domain/domain_error.ts";
import { useAccount } from "../../chat/login/log_in.ts";
import type { Verb } from "../verb.ts";

export const OPER: Verb = {
  name: "OPER",
  minParams: 2,
  help: ["OPER ACCOUNT PASSWORD - logs in to the account of an operator of the server"],
  async run(client, { params: [name, password] }) {
    const { irc: { chat: { accounts } }, member, person } = client;
    try {
      const account = await accounts.passwords.logIn(name, password, member.address);
      if (!account.isOperator) {
        const text = "That account is not an operator. The server's administrator can make it one.";
        return client.reply("491", text);
      }
      await useAccount(person, account, { keepsName: true });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return client.reply("464", error.message);
    }
    client.reply("381", "You are now an IRC operator");
    client.send({ source: client.mask, verb: "MODE", params: [client.nick, "+o"] });
  },
};
