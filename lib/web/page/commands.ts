/**
 * What the user says and does in the open place: lines that are typed, and commands that buttons
 * run. What goes wrong is shown there, too.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { Client } from "./client.ts";
import type { MessageView } from "./message_view.ts";
import type { Navigator } from "./navigator.ts";
import type { DialogName } from "./overlays.ts";
import type { Places } from "./places.ts";
import type { RoomFilters } from "./room_filters.ts";
import type { RoomState } from "./room_state.ts";
import { parseTypedLine } from "./typed_line.ts";

export interface CommandsOptions {
  readonly client: Client;
  readonly places: Places;
  readonly navigator: Navigator;
  readonly filters: RoomFilters;
  openDialog(dialog: DialogName | undefined): void;
  logOut(): Promise<void>;
  /** Shows a sentence in the open view. */
  note(text: string, options?: { readonly isError: boolean }): void;
  onChange(): void;
}

export class Commands {
  readonly #options: CommandsOptions;
  /** The people whom the user has begun to ignore in this tab, by {@linkcode nameKey}. */
  #ignored = new Set<string>();

  constructor(options: CommandsOptions) {
    this.#options = options;
  }

  /** Sends what was typed, or runs it as a command. */
  submit(text: string): void {
    const { client, places, navigator, filters, openDialog, logOut, note } = this.#options;
    const { current, view } = places;
    const typed = parseTypedLine(text);
    if (typed.type === "nothing" || !view) return;
    view.draft = "";
    // It may hold a password, so nothing remembers it.
    if (typed.type === "account") return openDialog("account");
    const isSecret = typed.type === "say" && typed.isSecret;
    if (!isSecret) view.inputHistory.push(text);
    switch (typed.type) {
      case "search":
        return navigator.openSearch(typed.query);
      case "log":
        if (current.type === "person" && current.person.room === undefined) {
          return note("This conversation is not saved, so it cannot be filtered.", {
            isError: true,
          });
        }
        return filters.setQuery(typed.query === "off" ? "" : typed.query);
      case "help":
        return openDialog("help");
      case "logout":
        return void this.#tell(logOut());
      case "join":
        return void this.join(typed.room, typed.key);
      case "command": {
        const room = current.type === "room" ? current.room.name : undefined;
        this.#noteFailure(typed.line, view, client.command(typed.line, room));
        break;
      }
      case "say":
        filters.showAll();
        filters.setQuery("");
        view.readTo = undefined;
        client.sender.say(places.address, typed.body, typed.kind, {
          isSecret,
          reply: view.answered?.seq,
        });
        view.answered = undefined;
    }
    void view.goToNewest();
  }

  /** Joins a room, which creates it if it does not exist. */
  async join(name: string, key?: string): Promise<void> {
    this.#options.openDialog(undefined);
    await this.#tell(this.#options.navigator.join(name, key));
  }

  async leave(room: RoomState): Promise<void> {
    await this.#tell(this.#options.client.leave(room.name));
  }

  async rename(name: string): Promise<void> {
    const { client, places } = this.#options;
    await this.#tell(client.command(`/nick ${name.trim()}`, places.room?.name));
  }

  /** Runs a command for a button, and shows its output in the open view. */
  async act(line: string): Promise<void> {
    const { client, places, note, onChange } = this.#options;
    const { room } = places;
    await this.#tell(
      client.act(line, room?.name).then((output) => {
        this.#noteIgnored(line);
        if (output !== "") note(output);
      }),
    );
    if (room) await this.loadSettings(room);
    onChange();
  }

  /** Runs a command whose effect is seen, and shows only what goes wrong. */
  quietly(line: string): void {
    const { client, places } = this.#options;
    void this.#tell(client.act(line, places.room?.name));
  }

  /** Asks for what the room allows; without an answer, what was known stays. */
  async loadSettings(room: RoomState): Promise<void> {
    await this.#options.client.settings(room.name).catch(() => {});
  }

  /** Whether the user ignores a person. */
  isIgnoring(person: string): boolean {
    return this.#ignored.has(nameKey(person));
  }

  /** Takes over whom the account ignores. @param keys As of {@linkcode nameKey}. */
  ignore(keys: readonly string[]): void {
    this.#ignored = new Set(keys);
  }

  #noteIgnored(line: string): void {
    const [, name] = /^\/ignore (.+)$/.exec(line) ?? [];
    if (name === undefined) return;
    const key = nameKey(name);
    if (!this.#ignored.delete(key)) this.#ignored.add(key);
  }

  /** Shows a line that failed together with the error, so that nothing typed is lost. */
  #noteFailure(line: string, view: MessageView, result: Promise<void>): void {
    result.catch((error: Error) => {
      view.note(line === "" ? error.message : `${line}\n${error.message}`, { isError: true });
      this.#options.onChange();
    });
  }

  /** Says what goes wrong with a request. */
  async #tell(request: Promise<unknown>): Promise<void> {
    await request.catch((error: Error) => this.#options.note(error.message, { isError: true }));
  }
}
