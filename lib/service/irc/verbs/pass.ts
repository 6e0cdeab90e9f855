import type { Verb } from "../verb.ts";

export const PASS: Verb = {
  name: "PASS",
  minParams: 1,
  isEarly: true,
  help: ["PASS PASSWORD - gives the server's password, before NICK and USER"],
  run(client, { params: [password] }) {
    if (client.isRegistered) {
      return client.reply("462", "You have already registered, and cannot do so again.");
    }
    client.registration.password = password;
  },
};
