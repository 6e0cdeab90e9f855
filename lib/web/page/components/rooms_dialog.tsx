/**
 * The list of all rooms, with a field to find or create one.
 *
 * @module
 */

import { h } from "preact";
import { useEffect, useState } from "preact/hooks";
import { nameKey } from "../../../domain/name.ts";
import type { RoomJson } from "../../protocol.ts";
import type { App } from "../app.ts";
import { countOf } from "../time_text.ts";
import { LinkButton } from "./buttons.tsx";
import { Dialog } from "./dialog.tsx";

const MAX_SHOWN = 200;

export function RoomsDialog({ app }: { readonly app: App }) {
  const [rooms, setRooms] = useState<readonly RoomJson[]>();
  const [problem, setProblem] = useState<string>();
  const [text, setText] = useState("");
  useEffect(() => {
    app.client.listRooms().then(setRooms, (error: Error) => setProblem(error.message));
  }, []);
  const name = text.trim().replace(/^#/, "");
  const found = rooms?.filter(({ room }) => nameKey(room).includes(nameKey(name))) ?? [];
  const isNew = name !== "" && !rooms?.some(({ room }) => nameKey(room) === nameKey(name));
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (name !== "") void app.commands.join(name);
  };
  return (
    <Dialog title="Rooms" onClose={() => app.overlays.open(undefined)}>
      <form class="ask" onSubmit={onSubmit}>
        <input
          value={text}
          aria-label="Find or create a room"
          placeholder="Find or create a room"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="primary" disabled={name === ""}>
          {isNew ? "Create" : "Join"}
        </button>
      </form>
      <ul class="choices">
        {found.slice(0, MAX_SHOWN).map(({ room, topic, count, renamedTo }) => (
          <li key={room}>
            <button type="button" onClick={() => app.commands.join(room)}>
              <b class="name">
                <span class="sigil">#</span>
                <bdi>{room}</bdi>
              </b>
              <span class="detail" dir="auto">{topic}</span>
              <span class="via">
                {renamedTo !== undefined
                  ? `now #${renamedTo}`
                  : count === 0
                  ? "empty"
                  : countOf(count, "person", "people")}
              </span>
            </button>
            {app.client.state.room(room) && (
              <LinkButton
                aria-label={`Leave #${room}`}
                onClick={() => app.commands.leave(app.client.state.room(room)!)}
              >
                Leave
              </LinkButton>
            )}
          </li>
        ))}
      </ul>
      <p class={problem ? "hint is-error" : "hint"} role="status">
        {problem ?? listText(rooms, found.length, name)}
      </p>
    </Dialog>
  );
}

function listText(rooms: readonly RoomJson[] | undefined, found: number, name: string): string {
  if (!rooms) return "Loading…";
  if (found > MAX_SHOWN) {
    return `${countOf(found - MAX_SHOWN, "more room")}. Type part of the name to find it.`;
  }
  if (found > 0) return "";
  return name === "" ? "No rooms yet." : `There is no room #${name} yet.`;
}
