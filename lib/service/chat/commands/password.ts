import type { ChatCommand } from "../command.ts";
import { askNewPassword } from "../login/new_password.ts";
import { changePassword, requireAccount } from "../login/own_account.ts";

export const password: ChatCommand = {
  name: "password",
  usage: "/password",
  summary: "set or change the password of your account",
  details: "This logs out your account everywhere else.",
  async run(person, argument) {
    const { name, passwordHash } = requireAccount(person);
    if (argument !== "") return person.error("Type /password alone: it asks for the passwords.");
    if (passwordHash === undefined) {
      const first = await askNewPassword(person, `Choose a password for ${name}.`);
      if (first === undefined) return;
      await changePassword(person, "", first);
      person.notice(`${name} has a password now. Your keys work as before.`);
      return;
    }
    const old = await person.screen.askSecret?.(`What is the current password of ${name}?`);
    if (old === undefined && person.screen.askSecret) return;
    const chosen = await askNewPassword(person, "Choose the new one.");
    if (old === undefined || chosen === undefined) return;
    await changePassword(person, old, chosen);
    person.notice(`The password of ${name} has been changed.`);
  },
};
