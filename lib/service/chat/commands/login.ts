import { nameKey } from "../../../domain/name.ts";
import { type ChatCommand, splitWord } from "../command.ts";
import { logIn, logInByAsking } from "../login/log_in.ts";

export const login: ChatCommand = {
  name: "login",
  aliases: ["identify"],
  usage: "/login [NAME]",
  summary: "log in to your account; the password is asked for",
  details: "Without a name, to the account of the name that you use. You are called by its name " +
    "then, even if another connection of yours still has it. Programs can give the password on " +
    "the same line: /login NAME PASSWORD.",
  async run(person, argument) {
    const { member, screen } = person;
    const [word, password] = splitWord(argument);
    const name = word || person.nickname;
    if (member.account !== undefined && member.account === nameKey(name)) {
      person.notice(`You are already logged in as ${name}.`);
    } else if (word === "" && !person.chat.accounts.find(name)) {
      person.error(`There is no account ${name}. /login NAME logs in to another one.`);
    } else if (password !== "") {
      await logIn(person, name, password);
    } else if (screen.askSecret) {
      await logInByAsking(person, name);
    } else {
      person.error("Your password is not asked for here. Choose Account to log in.");
    }
  },
};
