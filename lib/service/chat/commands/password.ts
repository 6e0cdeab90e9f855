import type { ChatCommand } from "../command.ts";
import { changePassword, requireAccount } from "../log_in.ts";
import { askNewPassword } from "../new_password.ts";

export const password: ChatCommand = {
  name: "password",
  usage: "/password",
  summary: "change the password of your account",
  details: "Whoever else is logged in to your account is logged out.",
  async run(person, argument) {
    const { name } = requireAccount(person);
    if (argument !== "") return person.error("Type /password alone: it asks for the passwords.");
    const old = await person.screen.askSecret?.(`What is the password of ${name} now?`);
    if (old === undefined && person.screen.askSecret) return;
    const chosen = await askNewPassword(person, "Choose the new one.");
    if (old === undefined || chosen === undefined) return;
    await changePassword(person, old, chosen);
    person.notice(`The password of ${name} is changed.`);
  },
};
