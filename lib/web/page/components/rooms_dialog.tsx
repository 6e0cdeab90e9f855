/**
 * All rooms there are, and a field for one that is not there yet.
 *
 * @module
 */

import { useEffect, useState } from "preact/hooks";
import { nameKey } from "../../../domain/name.ts";
import type { RoomJson } from "../../protocol.ts";
import type { App } from "../app.ts";
import { countOf } from "../time_text.ts";
import { Dialog } from "./dialog.tsx";

/** Rooms shown at once; of more one types the name. */
const SHOWN = 200;

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
    if (name !== "") void app.join(name);
  };
  return (
    <Dialog title="Rooms" onClose={() => app.open(undefined)}>
      <form class="ask" onSubmit={onSubmit}>
        <input
          value={text}
          aria-label="Find a room, or name a new one"
          placeholder="Find a room, or name a new one"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="primary" disabled={name === ""}>
          {isNew ? "Make it" : "Enter"}
        </button>
      </form>
      <ul class="choices">
        {found.slice(0, SHOWN).map(({ room, topic, count }) => (
          <li key={room}>
            <button type="button" onClick={() => app.join(room)}>
              <b>
                <span class="sigil">#</span>
                <bdi>{room}</bdi>
              </b>
              <span class="detail" dir="auto">{topic}</span>
              <span class="via">{count === 0 ? "nobody" : countOf(count, "person", "people")}</span>
            </button>
            {app.client.state.room(room) && (
              <button
                type="button"
                class="link"
                aria-label={`Leave #${room}`}
                onClick={() => app.leave(app.client.state.room(room)!)}
              >
                Leave
              </button>
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
  if (found > SHOWN) return `${countOf(found - SHOWN, "more room")}: type a part of the name.`;
  return found === 0 ? `There is no room ${name} yet.` : "";
}
