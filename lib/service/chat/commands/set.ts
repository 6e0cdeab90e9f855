import { log } from "../../../log.ts";
import type { ChatSession } from "../chat_session.ts";
import { type ChatCommand, splitWord } from "../command.ts";
import { formatSetting, SETTING_NAMES, type SettingName, settingSummary } from "../settings.ts";

export const set: ChatCommand = {
  name: "set",
  usage: "/set [NAME VALUE]",
  summary: `set ${SETTING_NAMES.join(", ")}`,
  details: "Without a name, lists your settings. They are kept for your next visit with the same " +
    "account, or under the same name. auto picks what suits your terminal. bell mention rings at " +
    "your name, your words and private messages; bell all at everything that others say.",
  async run(person, argument) {
    const { settings } = person.screen;
    if (!settings) return person.error("Use Settings at the bottom left.");
    const [word, value] = splitWord(argument.toLowerCase());
    if (word === "") return SETTING_NAMES.forEach((name) => show(person, name));
    const name = SETTING_NAMES.find((name) => name === word);
    if (!name) {
      person.error(`There is no setting ${word}. Settings are ${SETTING_NAMES.join(", ")}.`);
    } else if (value === "") {
      show(person, name);
    } else if (settings.refusal(name, value) !== undefined) {
      person.error(settings.refusal(name, value)!);
    } else if (settings.choose(name, value)) {
      await keep(person);
      show(person, name);
    } else {
      person.error(`${name} cannot be ${value} (${settingSummary(name)})`);
    }
  },
};

function show(person: ChatSession, name: SettingName): void {
  const value = formatSetting(person.screen.settings!.current, name);
  person.notice(`${name} is ${value} (${settingSummary(name)})`);
}

async function keep(person: ChatSession): Promise<void> {
  const { chosen } = person.screen.settings!;
  try {
    await person.chat.memory.remember(person.member, { settings: chosen });
  } catch (error) {
    log("chat").warning("Cannot save a setting: {error}", { error });
    person.error("This is set for now, but could not be saved for your next visit.");
  }
}
