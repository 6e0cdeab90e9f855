/**
 * The page's beginning.
 *
 * @module
 */

/// <reference lib="dom" />

const rooms = await fetch("/api/rooms").then((response) => response.json());
document.getElementById("app")!.append(`${rooms.rooms.length} rooms`);
