/**
 * The screen for the address of a room that cannot be shown: it does not exist, or the user may not
 * be in it.
 *
 * @module
 */

import { type ComponentChildren, h } from "preact";
import { useState } from "preact/hooks";
import type { App } from "../app.ts";
import type { Place } from "../places.ts";
import { Field } from "./field.tsx";
import { MenuButton } from "./menu_button.tsx";

interface EmptyPlaceProps {
  readonly app: App;
  readonly name: string;
  readonly title: string;
  readonly why: string;
  /** The button that enters the room. */
  readonly button: string;
  /** The room's key, if one was given. */
  readonly roomKey?: string;
  /** Fields, and more buttons. */
  readonly fields?: ComponentChildren;
  readonly buttons?: ComponentChildren;
}

function EmptyPlace(props: EmptyPlaceProps) {
  const { app, name, title, why, button, roomKey, fields, buttons } = props;
  const onSubmit = (event: Event) => {
    event.preventDefault();
    void app.commands.join(name, roomKey);
  };
  return (
    <main id="place" class="place" tabIndex={-1}>
      <header class="top">
        <MenuButton app={app} />
        <h1>#{name}</h1>
      </header>
      <form class="empty" onSubmit={onSubmit}>
        <h2>{title}</h2>
        <p class="why">{why}</p>
        {fields}
        <p class="buttons">
          <button type="submit" class="primary">{button}</button>
          {buttons}
          <button type="button" onClick={() => app.overlays.open("rooms")}>Browse rooms</button>
        </p>
      </form>
    </main>
  );
}

export function MissingRoom({ app, name }: { readonly app: App; readonly name: string }) {
  return (
    <EmptyPlace
      app={app}
      name={name}
      title={`There is no room #${name}`}
      why="It doesn't exist yet, or the name is misspelt."
      button="Create room"
    />
  );
}

export interface ShutRoomProps {
  readonly app: App;
  readonly place: Place & { readonly type: "shut" };
}

export function ShutRoom({ app, place: { name, why, needsKey } }: ShutRoomProps) {
  const [key, setKey] = useState("");
  return (
    <EmptyPlace
      app={app}
      name={name}
      title={`You are not in #${name}`}
      why={why}
      button={needsKey ? "Enter" : "Try to enter"}
      roomKey={key === "" ? undefined : key}
      fields={needsKey && (
        <p>
          <Field id="key" label="Key of the room" value={key} onInput={setKey} />
        </p>
      )}
      buttons={
        <button type="button" onClick={() => app.overlays.open("account")}>Your account</button>
      }
    />
  );
}
