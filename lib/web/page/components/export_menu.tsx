/**
 * Taking what one sees along, as a file.
 *
 * @module
 */

import { useRef } from "preact/hooks";
import { exportPath } from "../api.ts";
import type { App } from "../app.ts";
import type { MessageView } from "../message_view.ts";
import type { RoomState } from "../room_state.ts";
import { saveHits } from "../save_hits.ts";
import { Icon } from "./icon.tsx";

export interface ExportMenuProps {
  readonly app: App;
  readonly room: RoomState;
  readonly view: MessageView;
}

const FORMATS = [["text", "Text"], ["jsonl", "JSON Lines"]] as const;

export function ExportMenu({ app, room, view }: ExportMenuProps) {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = () => menu.current!.open = false;
  // Some browsers give no focus to a button that is clicked: a click tells as well as the focus.
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
        <p>{whatIsExported(app, room, view)}, as</p>
        {FORMATS.map(([format, label]) => {
          if (!app.navigator.isSearchOpen) {
            const href = exportPath(room.name, format, view.filter?.span);
            return <a key={format} href={href} download onClick={close}>{label}</a>;
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

function whatIsExported(app: App, room: RoomState, view: MessageView): string {
  if (app.navigator.isSearchOpen) return "What was found so far";
  return view.filter ? `The part of #${room.name} that is shown` : `All of #${room.name}`;
}
