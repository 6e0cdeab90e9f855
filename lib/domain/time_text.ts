/**
 * Times and days as people are shown them: those of the place where the server is.
 *
 * @module
 */

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** `06:31` */
export function clockTime(at: number): string {
  const date = new Date(at);
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}

/** `2026-11-21 06:31` */
export function dayAndTime(at: number): string {
  const date = new Date(at);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join("-");
  return `${day} ${clockTime(at)}`;
}

/** `Saturday 21 November 2026` */
export function dayName(at: number): string {
  const date = new Date(at);
  return [
    WEEKDAYS[date.getDay()],
    date.getDate(),
    MONTHS[date.getMonth()],
    date.getFullYear(),
  ].join(" ");
}

let latestStart = 0;
let latestEnd = 0;

/** When the day began that a time is in; days are the same if these are. */
export function startOfDay(at: number): number {
  // Nearly all that is asked about is of one day.
  if (at < latestStart || at >= latestEnd) {
    const date = new Date(at);
    const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()];
    latestStart = new Date(year, month, day).getTime();
    latestEnd = new Date(year, month, day + 1).getTime();
  }
  return latestStart;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
