/**
 * The screen for the address of a room that does not exist.
 *
 * @module
 */

import type { App } from "../app.ts";
import { MenuButton } from "./menu_button.tsx";

export function MissingRoom({ app, name }: { readonly app: App; readonly name: string }) {
  return (
    <main id="place" class="place" tabIndex={-1}>
      <header class="top">
        <MenuButton app={app} />
        <h1>#{name}</h1>
      </header>
      <div class="empty">
        <h2>There is no room #{name}</h2>
        <p>It doesn't exist yet, or the name is misspelt.</p>
        <p>
          <button type="button" class="primary" onClick={() => app.commands.join(name)}>
            Create room
          </button>{" "}
          <button type="button" onClick={() => app.overlays.open("rooms")}>Browse rooms</button>
        </p>
      </div>
    </main>
  );
}
