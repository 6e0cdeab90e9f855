/**
 * The screen for a room that the user may not be in: banned, kicked out, or without its key.
 *
 * @module
 */

import { useState } from "preact/hooks";
import type { App } from "../app.ts";
import type { Place } from "../places.ts";
import { Field } from "./field.tsx";
import { MenuButton } from "./menu_button.tsx";

export interface ShutRoomProps {
  readonly app: App;
  readonly place: Place & { readonly type: "shut" };
}

export function ShutRoom({ app, place: { name, why, needsKey } }: ShutRoomProps) {
  const [key, setKey] = useState("");
  const onSubmit = (event: Event) => {
    event.preventDefault();
    void app.commands.join(name, key === "" ? undefined : key);
  };
  return (
    <main id="place" class="place" tabIndex={-1}>
      <header class="top">
        <MenuButton app={app} />
        <h1>#{name}</h1>
      </header>
      <form class="empty" onSubmit={onSubmit}>
        <h2>You are not in #{name}</h2>
        <p class="why">{why}</p>
        {needsKey && (
          <p>
            <Field id="key" label="Key of the room" value={key} onInput={setKey} />
          </p>
        )}
        <p class="buttons">
          <button type="submit" class="primary">{needsKey ? "Enter" : "Try to enter"}</button>
          <button type="button" onClick={() => app.overlays.open("account")}>Your account</button>
          <button type="button" onClick={() => app.overlays.open("rooms")}>Browse rooms</button>
        </p>
      </form>
    </main>
  );
}
