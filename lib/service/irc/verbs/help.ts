import type { IrcClient } from "../irc_door.ts";
import type { Verb } from "../verb.ts";

/** @param listOf Returns all verbs. A function, because HELP is itself in the list. */
export function createHelpVerb(listOf: () => readonly Verb[]): Verb {
  return {
    name: "HELP",
    aliases: ["HELPOP"],
    help: ["HELP [VERB] - lists what can be sent to the server, or explains one verb"],
    run(client, { params: [subject = ""] }) {
      const lines = subject === "" ? contents(listOf()) : explain(listOf(), subject);
      if (lines) show(client, subject || "*", lines);
      else client.reply("524", subject, "There is no help on this. HELP lists all topics.");
    },
  };
}

function contents(verbs: readonly Verb[]): string[] {
  return [
    "What can be sent to this server; most clients send a line that begins with / there",
    ...verbs.flatMap(({ help = [] }) => help.slice(0, 1)),
  ];
}

function explain(verbs: readonly Verb[], subject: string): readonly string[] | undefined {
  const name = subject.toUpperCase();
  return verbs.find((verb) => verb.name === name || verb.aliases?.includes(name))?.help;
}

function show(client: IrcClient, subject: string, [first, ...rest]: readonly string[]): void {
  client.reply("704", subject, first);
  for (const line of rest) client.reply("705", subject, line);
  client.reply("706", subject, "End of /HELP");
}
