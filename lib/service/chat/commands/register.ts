import type { ChatCommand } from "../command.ts";
import { registerName } from "../log_in.ts";
import { askNewPassword } from "../new_password.ts";
import { nameRefusal } from "../registered_names.ts";

export const register: ChatCommand = {
  name: "register",
  usage: "/register",
  summary: "make your name an account: a password is asked for",
  details: "From then on nobody can use the name without the password. /account shows what " +
    "belongs to an account.",
  isOffered: ({ access }) => !access.isClosed,
  async run(person, argument) {
    const { chat, member, nickname } = person;
    if (chat.access.isClosed) {
      return person.error(
        "Accounts of this server are added by whoever runs it. Ask them for one.",
      );
    }
    if (member.account !== undefined) {
      return person.error("You are logged in already. /logout first to register another name.");
    }
    if (argument !== "") {
      return person.error(
        "Type /register alone: it makes an account of the name that you use, and asks for a " +
          "password. /nick NAME changes the name first.",
      );
    }
    const refusal = nameRefusal(chat, nickname, member);
    if (refusal) throw refusal;
    const password = await askNewPassword(person, `Choose a password for ${nickname}.`);
    if (password === undefined) return;
    await registerName(person, password);
    person.notice(
      `The name ${nickname} is yours: from now on it takes your password. You are logged in.`,
    );
  },
};
