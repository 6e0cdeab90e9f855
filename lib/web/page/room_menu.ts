/**
 * What the user can do with a room of the sidebar, and how its rooms are sorted, as items of menus.
 *
 * @module
 */

import type { MenuItem } from "./menu.ts";
import { ROOM_ORDERS, type RoomOrder } from "./preferences.ts";

export interface RoomMenuOptions {
  readonly isMuted: boolean;
  readonly isUnread: boolean;
  markRead(): void;
  toggleMute(): void;
  openSheet(): void;
  leave(): void;
}

export function roomMenu(options: RoomMenuOptions): MenuItem[] {
  const { isMuted, isUnread, markRead, toggleMute, openSheet, leave } = options;
  return [
    ...(isUnread ? [{ label: "Mark as read", run: markRead }] : []),
    { label: isMuted ? "Stop muting" : "Mute", run: toggleMute },
    { label: "About this room", run: openSheet },
    { label: "Leave", run: leave },
  ];
}

const ORDER_LABELS = { joined: "As joined", name: "By name", activity: "Latest first" } as const;

export function orderMenu(current: RoomOrder, choose: (order: RoomOrder) => void): MenuItem[] {
  return ROOM_ORDERS.map((order) => ({
    label: `${ORDER_LABELS[order]}${order === current ? " ✓" : ""}`,
    run: () => choose(order),
  }));
}
