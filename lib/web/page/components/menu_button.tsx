/**
 * On narrow screens, the way to the list of rooms; it says when there is news in it.
 *
 * @module
 */

import type { App } from "../app.ts";
import { Icon } from "./icon.tsx";

export function MenuButton({ app }: { readonly app: App }) {
  const { rooms, conversations, room } = app.places;
  const hasNews = rooms.some((other) => other !== room && other.unread > 0) ||
    conversations.some(({ unread }) => unread > 0);
  return (
    <button
      type="button"
      class={hasNews ? "quiet menu has-news" : "quiet menu"}
      aria-label={hasNews ? "Rooms, with unread messages" : "Rooms"}
      aria-expanded={app.drawer === "places"}
      onClick={() => app.draw(app.drawer === "places" ? undefined : "places")}
    >
      <Icon name="menu" />
    </button>
  );
}
