/**
 * What a bar of the chart stands for: its time, and its events by level.
 *
 * @module
 */

import { h } from "preact";
import { type CountsJson, levelsIn, rangeTimes } from "../chart_range.ts";
import { clockText, countOf, secondsText, shortTimeText } from "../time_text.ts";
import { WIDTH } from "./chart_bars.tsx";
import { LevelCountList } from "./log_fields.tsx";

/** Below this length of a bar, seconds are shown. */
const SHORT_MS = 120_000;

export interface ChartTipProps {
  readonly counts: CountsJson;
  readonly bar: number;
}

/** For the eye; the handles say the same to screen readers. */
export function ChartTip({ counts, bar }: ChartTipProps) {
  const range = { first: bar, last: bar };
  const { since, until } = rangeTimes(counts, range);
  const isShort = Date.parse(until) - Date.parse(since) < SHORT_MS;
  const place = (bar + 0.5) / counts.buckets.length;
  return (
    <p
      class="tip"
      aria-hidden="true"
      style={place < 0.5 ? { left: `${place * WIDTH}%` } : { right: `${(1 - place) * WIDTH}%` }}
    >
      <span>
        {isShort ? secondsText(since) : shortTimeText(since)}–
        {isShort ? secondsText(until) : clockText(until)}
      </span>
      <b>{countOf(counts.buckets[bar].count, "event")}</b>
      <LevelCountList counts={levelsIn(counts, range)} />
    </p>
  );
}
