/**
 * One person's settings: what they have chosen, and defaults that suit their terminal.
 *
 * @module
 */

import { traitsOf } from "../../codec/terminal_type.ts";
import { WatchWords } from "../../domain/search/watch_words.ts";
import type { Terminal } from "../../server/terminal/terminal.ts";
import {
  type Choices,
  choose,
  formatSetting,
  SETTING_NAMES,
  type SettingName,
  type Settings,
} from "./settings.ts";

const NO_CHOICES: Readonly<Choices> = {};
/** Those of people who have chosen nothing and whose lines are edited elsewhere. */
const PLAIN = resolve(NO_CHOICES, { isEditing: false, columns: undefined, traits: traitsOf([]) });

export class PersonalSettings {
  /** Told when the settings in effect, or the terminal, may have changed. */
  observer: { applied(): void } | undefined;
  readonly #terminal: Terminal;
  /** Replaced and never changed: most people choose nothing. */
  #choices: Readonly<Choices> = NO_CHOICES;
  #current: Settings;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#current = this.#resolve();
    terminal.onChange = () => this.#apply();
    this.#apply();
  }

  /** The settings in effect. */
  get current(): Settings {
    return this.#current;
  }

  /** The chosen settings, as written in `/set`. */
  get chosen(): ReadonlyMap<string, string> {
    const names = SETTING_NAMES.filter((name) => this.#choices[name] !== undefined);
    const settings = { ...this.#current, ...this.#choices };
    return new Map(names.map((name) => [name, formatSetting(settings, name)]));
  }

  /** Restores the choices of an earlier visit that are still valid. */
  restore(chosen: ReadonlyMap<string, string>): void {
    if (chosen.size === 0) return;
    const choices = { ...this.#choices };
    for (const name of SETTING_NAMES) {
      const value = chosen.get(name);
      if (value !== undefined) choose(choices, name, value);
    }
    this.#choices = choices;
    this.#apply();
  }

  /** Chooses a value; returns `false` if there is no such value. */
  choose(name: SettingName, value: string): boolean {
    const choices = { ...this.#choices };
    if (!choose(choices, name, value)) return false;
    this.#choices = choices;
    this.#apply();
    return true;
  }

  /** Why a setting cannot have a value here; `undefined` if it can. */
  refusal(name: SettingName, value: string): string | undefined {
    const { isEditing, traits } = this.#terminal;
    const isPossible = isEditing && traits.isAnsi && !this.#current.reader;
    if (name !== "status" || value !== "on" || isPossible) return undefined;
    return "A status line needs a terminal that can move its cursor, with telnet or ssh.";
  }

  #apply(): void {
    const { reader, colour } = this.#current = this.#resolve();
    this.#terminal.wantsLines = reader;
    this.#terminal.isStyled = colour;
    this.observer?.applied();
  }

  /** A crowd shares one object, because to read one for each member of it takes time. */
  #resolve(): Settings {
    const { isEditing, columns, traits } = this.#terminal;
    const isPlain = !isEditing && columns === undefined && !traits.isScreenReader;
    if (isPlain && this.#choices === NO_CHOICES) return PLAIN;
    return resolve(this.#choices, this.#terminal);
  }
}

function resolve(
  choices: Readonly<Choices>,
  { isEditing, columns, traits }: Pick<Terminal, "isEditing" | "columns" | "traits">,
): Settings {
  const reader = choices.reader ?? traits.isScreenReader;
  const looks = isEditing && !reader;
  return {
    reader,
    time: choices.time ?? looks,
    colour: choices.colour ?? (looks && traits.hasColour),
    width: choices.width ?? (reader ? 0 : columns ?? 0),
    bell: choices.bell ?? "off",
    words: choices.words ?? WatchWords.none,
    echo: choices.echo ?? looks,
    status: looks && traits.isAnsi && (choices.status ?? false),
    focus: choices.focus ?? false,
    reactions: choices.reactions ?? false,
    paste: choices.paste ?? "ask",
  };
}
