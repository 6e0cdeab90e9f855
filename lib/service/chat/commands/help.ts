import type { ChatContext } from "../chat_session.ts";
import { type ChatCommand } from "../command.ts";

/** In a narrower window, two columns would fall apart. */
const TABLE_COLUMNS = 70;

/** @param listOf Returns all commands. A function, because `/help` is itself in the list. */
export function createHelp(listOf: (chat: ChatContext) => readonly ChatCommand[]): ChatCommand {
  return {
    name: "help",
    usage: "/help [COMMAND]",
    summary: "list the commands, or explain one",
    run(person, argument) {
      const list = listOf(person.chat);
      if (argument === "") {
        const { width = 0 } = person.screen.settings?.current ?? {};
        const isTable = width === 0 || width >= TABLE_COLUMNS;
        const usageWidth = Math.max(...list.map((command) => command.usage.length));
        for (const { usage, summary } of list) {
          person.notice(
            isTable ? `${usage.padEnd(usageWidth)}  ${summary}` : `${usage}: ${summary}`,
          );
        }
        person.notice(
          "Anything else is said in the room. Start with // to say a line beginning with /.",
        );
        return;
      }
      const name = argument.replace(/^\//, "").toLowerCase();
      const command = list.find((command) => command.name === name);
      if (!command) {
        person.error(`There is no command /${name}. /help lists them.`);
        return;
      }
      person.notice(`${command.usage}: ${command.summary}.`);
      if (command.details) person.notice(command.details);
    },
  };
}
