/**
 * Warnings and notes for whoever runs a server, such as that every user of the machine can read the
 * data. Each is logged once: at the start, or when a reload makes it true.
 *
 * @module
 */

import { log } from "../../log.ts";
import { isReadableByAll } from "../../store/sqlite/data_directory.ts";
import { type Doors, exposureNotes, type StandingNote } from "../endpoints/exposure.ts";
import { isReadableByEverybody } from "../settings/password_file.ts";

export interface NotedServer extends Doors {
  /** The data directory. */
  readonly data: string;
  readonly passwordFile?: string;
}

export class StandingNotes {
  #told: ReadonlySet<string> = new Set();

  /** Logs the notes that hold for a server now and did not when this was last called. */
  tell(server: NotedServer): void {
    const notes = [...exposureNotes(server), ...fileNotes(server)];
    for (const { text: message, isWarning } of notes) {
      if (!this.#told.has(message)) {
        log("cli")[isWarning ? "warning" : "info"]("{message}", { message });
      }
    }
    this.#told = new Set(notes.map(({ text }) => text));
  }
}

function fileNotes({ data, passwordFile }: NotedServer): StandingNote[] {
  return [dataWarning(data), passwordWarning(passwordFile)]
    .filter((text) => text !== undefined)
    .map((text) => ({ isWarning: true, text }));
}

/** What to do if every user of the machine can read a data directory; `undefined` if not. */
export function dataWarning(data: string): string | undefined {
  if (!isReadableByAll(data)) return undefined;
  return `Every user of this machine can read ${data}. To prevent that: chmod 700 ${data}`;
}

/** The same for the file with the password of the server, if there is one. */
export function passwordWarning(file: string | undefined): string | undefined {
  if (file === undefined || !isReadableByEverybody(file)) return undefined;
  return `Every user of this machine can read the password in ${file}. ` +
    `To prevent that: chmod o-r ${file}`;
}
