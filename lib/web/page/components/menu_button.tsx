/**
 * On narrow screens, the button that opens the list of rooms. It marks unread messages.
 *
 * @module
 */

import { h } from "preact";
import type { App } from "../app.ts";
import { IconButton } from "./buttons.tsx";

export function MenuButton({ app }: { readonly app: App }) {
  const { rooms, conversations, room } = app.places;
  const hasUnread = rooms.some((other) => other !== room && app.choices.unreadIn(other) > 0) ||
    conversations.some(({ unread }) => unread > 0);
  return (
    <IconButton
      icon="menu"
      label={hasUnread ? "Rooms, with unread messages" : "Rooms"}
      class={hasUnread ? "quiet menu has-unread" : "quiet menu"}
      aria-expanded={app.overlays.drawer === "places"}
      onClick={() =>
        app.overlays.setDrawer(app.overlays.drawer === "places" ? undefined : "places")}
    />
  );
}
