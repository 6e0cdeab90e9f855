/**
 * On narrow screens, the button that opens the list of rooms. It marks unread messages.
 *
 * @module
 */

import type { App } from "../app.ts";
import { Icon } from "./icon.tsx";

export function MenuButton({ app }: { readonly app: App }) {
  const { rooms, conversations, room } = app.places;
  const hasUnread = rooms.some((other) => other !== room && app.choices.unreadIn(other) > 0) ||
    conversations.some(({ unread }) => unread > 0);
  return (
    <button
      type="button"
      class={hasUnread ? "quiet menu has-unread" : "quiet menu"}
      aria-label={hasUnread ? "Rooms, with unread messages" : "Rooms"}
      aria-expanded={app.overlays.drawer === "places"}
      onClick={() =>
        app.overlays.setDrawer(app.overlays.drawer === "places" ? undefined : "places")}
    >
      <Icon name="menu" />
    </button>
  );
}
