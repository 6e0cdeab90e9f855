/**
 * An address of a room that nobody has made.
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
        <p>Nobody has entered it yet, or its name is written otherwise.</p>
        <p>
          <button type="button" class="primary" onClick={() => app.join(name)}>Make it</button>{" "}
          <button type="button" onClick={() => app.open("rooms")}>All rooms</button>
        </p>
      </div>
    </main>
  );
}
