/**
 * The menu that exports the room, the shown part of it, or the search results as a file.
 *
 * @module
 */

import { h } from "preact";
import { useRef } from "preact/hooks";
import type { HitJson } from "../../protocol.ts";
import { exportPath, fetchExport } from "../api.ts";
import type { App } from "../app.ts";
import { addressOf } from "../base.ts";
import type { MessageView } from "../message_view.ts";
import type { RoomState } from "../room_state.ts";
import { hitsText } from "../search_view.ts";
import { Icon } from "./icon.tsx";

export interface ExportMenuProps {
  readonly app: App;
  readonly room: RoomState;
  readonly view: MessageView;
}

const FORMATS = [["text", "Text"], ["jsonl", "JSON Lines"]] as const;
const EXTENSIONS = { text: "txt", jsonl: "jsonl" } as const;

export function ExportMenu({ app, room, view }: ExportMenuProps) {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = () => menu.current!.open = false;
  // Safari does not focus a clicked button, so watch clicks as well as the focus.
  const closeFromOutside = (event: Event) => {
    if (!menu.current?.contains(event.target as Node)) close();
  };
  const onToggle = () => {
    if (menu.current!.open) addEventListener("pointerdown", closeFromOutside);
    else removeEventListener("pointerdown", closeFromOutside);
  };
  const onFocusOut = ({ relatedTarget }: FocusEvent) => {
    if (relatedTarget && !menu.current!.contains(relatedTarget as Node)) close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !menu.current!.open) return;
    event.preventDefault();
    close();
    menu.current!.querySelector("summary")!.focus();
  };
  return (
    <details
      class="menu-of"
      ref={menu}
      onToggle={onToggle}
      onFocusOut={onFocusOut}
      onKeyDown={onKeyDown}
    >
      <summary class="tool" aria-label="Export" title="Export">
        <Icon name="save" />
      </summary>
      <div class="sheet">
        <p>{exportTitle(app, room, view)}</p>
        {FORMATS.map(([format, label]) => {
          if (!app.navigator.isSearchOpen) {
            const path = exportPath(room.name, format, view.filter?.span);
            const onClick = (event: Event) => {
              close();
              if (!app.client.isGuarded) return;
              event.preventDefault();
              saveExport(app, path, `${room.name}.${EXTENSIONS[format]}`);
            };
            return <a key={format} href={addressOf(path)} download onClick={onClick}>{label}</a>;
          }
          const onClick = () => {
            saveHits(app.search.hits, format);
            close();
          };
          return <button key={format} type="button" onClick={onClick}>{label}</button>;
        })}
      </div>
    </details>
  );
}

function exportTitle(app: App, room: RoomState, view: MessageView): string {
  if (app.navigator.isSearchOpen) return "Export the results so far";
  return view.filter ? `Export the selected part of #${room.name}` : `Export all of #${room.name}`;
}

function saveHits(hits: readonly HitJson[], format: "jsonl" | "text"): void {
  const type = format === "jsonl" ? "application/jsonl" : "text/plain";
  save(new Blob([hitsText(hits, format)], { type }), `partyline-search.${EXTENSIONS[format]}`);
}

function saveExport(app: App, path: string, name: string): void {
  fetchExport(path, app.client.session).then(
    (file) => save(file, name),
    (error: Error) => app.note(error.message, { isError: true }),
  );
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Revoking at once would cancel the download in some browsers.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
