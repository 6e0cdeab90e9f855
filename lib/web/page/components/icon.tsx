/**
 * Icons. They are decorative: the elements around them have labels.
 *
 * @module
 */

import { h } from "preact";

/** Outlines on a 16 by 16 grid. */
const PATHS = {
  search: "M7 12.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM11 11l3.5 3.5",
  chart: "M2 14V9M6 14V4M10 14V7M14 14V2",
  save: "M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11",
  people: "M6 7.5A2.5 2.5 0 1 0 6 2.5a2.5 2.5 0 0 0 0 5ZM1.5 13.5c0-2.5 2-4 4.5-4s4.5 1.5 4.5 4" +
    "M11 2.8a2.4 2.4 0 0 1 0 4.4M12 9.8c1.5.5 2.5 1.8 2.5 3.7",
  menu: "M2 4h12M2 8h12M2 12h12",
  close: "m3.5 3.5 9 9M12.5 3.5l-9 9",
  down: "M8 2.5v11M3.5 9 8 13.5 12.5 9",
  up: "M8 13.5v-11M3.5 7 8 2.5 12.5 7",
  sort: "M2 4h12M2 8h8M2 12h4",
  fold: "m6 3.5 4.5 4.5L6 12.5",
  send: "M2 8h11M8.5 3 13.5 8l-5 5",
  more: "M8 3.5v.01M8 8v.01M8 12.5v.01",
  plus: "M8 3v10M3 8h10",
  settings:
    "M2 4.5h7M13 4.5h1M2 11.5h1M7 11.5h7M11 6.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM5 13.5a2 2 0 1 0 0-4 " +
    "2 2 0 0 0 0 4Z",
  room: "M8 14.5A6.5 6.5 0 1 0 8 1.5a6.5 6.5 0 0 0 0 13ZM8 7.5v3.5M8 5v.01",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
