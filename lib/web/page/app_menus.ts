/**
 * The menus that buttons of the page open: of people, messages and rooms.
 *
 * @module
 */

import type { EventJson } from "../protocol.ts";
import type { App } from "./app.ts";
import { messageLabel, messageMenu } from "./message_acts.ts";
import { personMenu } from "./person_menu.ts";
import { orderMenu, roomMenu } from "./room_menu.ts";
import type { RoomState } from "./room_state.ts";

/** Opens the menu of a person, or of a message in the open place. */
export function openPersonMenu(app: App, person: string, anchor: unknown, event?: EventJson): void {
  const { room, current } = app.places;
  const conversation = current.type === "person" ? current.person : undefined;
  const place = room?.name ?? (current.type === "former" ? current.name : conversation?.room);
  const items = () =>
    personMenu({
      person,
      event,
      self: app.ownName,
      room: room?.name,
      partner: conversation?.room && conversation.name,
      settings: room?.settings,
      isIgnored: app.commands.isIgnoring(person),
      messageActs: event ? () => messageMenu(app, event, place) : undefined,
      openConversation: conversation ? undefined : () => app.navigator.open({ person }),
      act: (line) => void app.commands.act(line),
      ask: (measure) => app.overlays.ask(measure),
    });
  const label = event ? messageLabel(event, place) : person;
  app.overlays.setMenu({ label, anchor, items });
  if (room) void app.commands.loadSettings(room);
}

/** Opens the menu of a room in the sidebar. */
export function openRoomMenu(app: App, room: RoomState, anchor: unknown): void {
  const { choices, client, navigator } = app;
  const items = () =>
    roomMenu({
      isMuted: choices.isMuted(room),
      isUnread: room.unread > 0,
      markRead: () => client.markRead(room),
      toggleMute: () => choices.toggleMute(room),
      openSheet: () => {
        navigator.open({ room: room.name });
        app.overlays.open("room");
      },
      leave: () => void app.commands.leave(room),
    });
  app.overlays.setMenu({ label: `#${room.name}`, anchor, isInSidebar: true, items });
}

/** Opens the menu that sorts the rooms. */
export function openOrderMenu(app: App, anchor: unknown): void {
  const { choices } = app;
  const items = () => orderMenu(choices.order, (order) => choices.sort(order));
  app.overlays.setMenu({ label: "the order of rooms", anchor, isInSidebar: true, items });
}
