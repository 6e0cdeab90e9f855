import type { ChatSession } from "../chat_session.ts";
import { type ChatCommand, splitWord } from "../command.ts";
import { applySetting, formatSetting, SETTING_SUMMARIES, type Settings } from "../settings.ts";

const NAMES = Object.keys(SETTING_SUMMARIES) as (keyof Settings)[];

export const set: ChatCommand = {
  name: "set",
  usage: "/set [NAME VALUE]",
  summary: `set ${NAMES.join(", ")}`,
  details: "Without a name it lists your settings.",
  run(person, argument) {
    const { settings } = person.screen;
    if (!settings) return person.error("There is nothing to set here: the page has its own.");
    const [word, value] = splitWord(argument.toLowerCase());
    if (word === "") return NAMES.forEach((name) => show(person, settings, name));
    const name = NAMES.find((name) => name === word);
    if (!name) {
      person.error(`There is no setting ${word}. Settings are ${NAMES.join(", ")}.`);
    } else if (value === "" || applySetting(settings, name, value)) {
      show(person, settings, name);
    } else {
      person.error(`${name} cannot be ${value} (${SETTING_SUMMARIES[name]})`);
    }
  },
};

function show(person: ChatSession, settings: Settings, name: keyof Settings): void {
  const value = formatSetting(settings, name);
  person.notice(`${name} is ${value} (${SETTING_SUMMARIES[name]})`);
}
