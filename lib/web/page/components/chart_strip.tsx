/**
 * A chart of the room's messages over time. Dragging over it, or moving its two handles with keys,
 * filters the messages.
 *
 * @module
 */

import { Fragment, h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { App } from "../app.ts";
import { type CountsJson, levelsIn, moveEnd, rangeBetween } from "../chart_range.ts";
import type { ChartView } from "../chart_view.ts";
import { levelCountTexts } from "../log_level.ts";
import { countOf, shortTimeText, timeRangeText } from "../time_text.ts";
import { LinkButton } from "./buttons.tsx";
import { ChartBars, WIDTH } from "./chart_bars.tsx";
import { ChartTip } from "./chart_tip.tsx";

/** Approximate width of a bar's slot. */
const BAR_PX = 6;
const MIN_BARS = 30;
const MAX_BARS = 240;
/** Bars that Page Up and Page Down move a handle by. */
const PAGE_BARS = 10;

export interface ChartStripProps {
  readonly app: App;
  readonly chart: ChartView;
}

export function ChartStrip({ app, chart }: ChartStripProps) {
  const plot = useRef<HTMLDivElement>(null);
  const start = useRef<number>();
  /** The bar that the pointer is on, or the focused handle. */
  const [pointed, setPointed] = useState<number>();
  const { counts, range, problem } = chart;
  useEffect(() => {
    const bars = Math.round(plot.current!.clientWidth / BAR_PX);
    chart.show(Math.max(MIN_BARS, Math.min(bars, MAX_BARS)));
  }, [chart]);
  const bars = counts?.buckets.length ?? 0;
  const total = counts?.buckets.reduce((sum, { count }) => sum + count, 0) ?? 0;

  const barAt = (event: PointerEvent) => {
    const { left, width } = plot.current!.getBoundingClientRect();
    const bar = Math.floor((event.clientX - left) / width * bars);
    return Math.max(0, Math.min(bar, bars - 1));
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || bars === 0) return;
    plot.current!.setPointerCapture(event.pointerId);
    const bar = barAt(event);
    const end = (event.target as HTMLElement).dataset.end;
    // Dragging a handle of the selection moves that end only.
    start.current = range && end ? (end === "first" ? range.last : range.first) : bar;
    chart.choose(rangeBetween(start.current, bar));
  };
  const onPointerMove = (event: PointerEvent) => {
    if (bars > 0) setPointed(barAt(event));
    if (start.current !== undefined) chart.choose(rangeBetween(start.current, barAt(event)));
  };
  const onPointerUp = () => {
    if (start.current === undefined) return;
    start.current = undefined;
    app.filters.applyChart();
  };
  const clear = () => {
    chart.reset();
    app.filters.applyChart();
  };

  /** Shows where the selection begins, with what comes before and after. */
  const goThere = () => {
    const seq = counts!.buckets[range!.first].after + 1;
    clear();
    void app.places.view?.goNear(seq);
  };

  return (
    <section class="chart" aria-label="Messages over time">
      <p class="scale">
        {counts && total > 0 ? timeRangeText(counts.since, counts.until) : " "}
        <span>{problem ?? (counts ? countOf(range ? chart.count : total, "event") : "")}</span>
      </p>
      <div
        class="plot"
        ref={plot}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        onPointerLeave={() => setPointed(undefined)}
      >
        {counts && <ChartBars counts={counts} range={range} />}
        {counts && bars > 0 && (
          <>
            <Handle {...{ app, chart, bars, setPointed }} end="first" />
            <Handle {...{ app, chart, bars, setPointed }} end="last" />
            {pointed !== undefined && pointed < bars && <ChartTip counts={counts} bar={pointed} />}
          </>
        )}
      </div>
      <p class="acts">
        {range && (
          <LinkButton onClick={() => chart.zoomIn()}>
            Zoom in
          </LinkButton>
        )}
        {(range || chart.isZoomed) && <LinkButton onClick={clear}>Show all</LinkButton>}
        {range && <LinkButton onClick={goThere}>Go there</LinkButton>}
        <LinkButton onClick={() => app.overlays.open("room")}>
          Go to date
        </LinkButton>
      </p>
    </section>
  );
}

interface HandleProps extends ChartStripProps {
  readonly bars: number;
  readonly end: "first" | "last";
  setPointed(bar: number | undefined): void;
}

/** A handle at one end of the selection, or of the chart if nothing is selected. */
function Handle({ app, chart, bars, end, setPointed }: HandleProps) {
  const { counts, range } = chart;
  const whole = { first: 0, last: bars - 1 };
  const now = (range ?? whole)[end];
  const { at } = counts!.buckets[now];
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowDown: -1,
      ArrowRight: 1,
      ArrowUp: 1,
      PageDown: -PAGE_BARS,
      PageUp: PAGE_BARS,
      Home: -bars,
      End: bars,
    };
    const step = steps[event.key];
    // Read the current range, because several keys may arrive before the next rendering.
    const chosen = chart.range;
    if (step !== undefined) chart.choose(moveEnd(chosen ?? whole, end, step, bars));
    else if (event.key === "Escape" && chosen) chart.reset();
    else return;
    event.preventDefault();
    event.stopPropagation();
    app.filters.applyChart();
    setPointed((chart.range ?? whole)[end]);
  };
  return (
    <div
      class={range ? "handle is-set" : "handle"}
      role="slider"
      data-end={end}
      tabIndex={0}
      aria-label={end === "first" ? "Show messages from" : "Show messages until"}
      aria-valuemin={0}
      aria-valuemax={bars - 1}
      aria-valuenow={now}
      aria-valuetext={`${shortTimeText(at)}, ${barText(counts!, now)}` +
        (range ? `, ${countOf(chart.count, "event")} selected` : "")}
      style={{ left: `${(end === "first" ? now : now + 1) / bars * WIDTH}%` }}
      onKeyDown={onKeyDown}
      onFocus={() => setPointed(now)}
      onBlur={() => setPointed(undefined)}
    />
  );
}

/** `42 events, 3 err, 20 info` */
function barText(counts: CountsJson, bar: number): string {
  const levels = levelCountTexts(levelsIn(counts, { first: bar, last: bar }));
  return [countOf(counts.buckets[bar].count, "event"), ...levels.map(({ text }) => text)]
    .join(", ");
}
