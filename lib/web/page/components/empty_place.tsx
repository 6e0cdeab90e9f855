/**
 * The screens without messages: of a room that does not exist, of one that the user may not be in,
 * and of nothing, once the user has left all rooms.
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
  readonly heading: string;
  readonly title: string;
  readonly why: string;
  readonly button: string;
  /** Fields, and more buttons. */
  readonly fields?: ComponentChildren;
  readonly buttons?: ComponentChildren;
  /** Does what the button says. */
  onSubmit(): void;
}

function EmptyPlace(props: EmptyPlaceProps) {
  const { app, heading, title, why, button, fields, buttons, onSubmit } = props;
  return (
    <main id="place" class="place" tabIndex={-1}>
      <header class="top">
        <MenuButton app={app} />
        <h1>{heading}</h1>
      </header>
      <form
        class="empty"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <h2>{title}</h2>
        <p class="why">{why}</p>
        {fields}
        <p class="buttons">
          <button type="submit" class="primary">{button}</button>
          {buttons}
        </p>
      </form>
    </main>
  );
}

function BrowseButton({ app }: { readonly app: App }) {
  return <button type="button" onClick={() => app.overlays.open("rooms")}>Browse rooms</button>;
}

export function NoRoom({ app }: { readonly app: App }) {
  return (
    <EmptyPlace
      app={app}
      heading="Partyline"
      title="You are in no room"
      why="Join one, or create your own."
      button="Browse rooms"
      onSubmit={() => app.overlays.open("rooms")}
    />
  );
}

export function MissingRoom({ app, name }: { readonly app: App; readonly name: string }) {
  return (
    <EmptyPlace
      app={app}
      heading={`#${name}`}
      title={`There is no room #${name}`}
      why="It doesn't exist yet, or the name is misspelt."
      button="Create room"
      buttons={<BrowseButton app={app} />}
      onSubmit={() => void app.commands.join(name)}
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
      heading={`#${name}`}
      title={`You are not in #${name}`}
      why={why}
      button={needsKey ? "Enter" : "Try to enter"}
      fields={needsKey && (
        <p>
          <Field id="key" label="Key of the room" value={key} onInput={setKey} />
        </p>
      )}
      buttons={[
        <button key="account" type="button" onClick={() => app.overlays.open("account")}>
          Your account
        </button>,
        <BrowseButton key="rooms" app={app} />,
      ]}
      onSubmit={() => void app.commands.join(name, key === "" ? undefined : key)}
    />
  );
}
