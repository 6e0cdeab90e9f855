/**
 * The bars of a chart.
 *
 * @module
 */

import { h } from "preact";
import type { Level } from "../../../level.ts";
import type { BucketJson } from "../../protocol.ts";
import type { BarRange, CountsJson } from "../chart_range.ts";
import { type Severity, severityClass, severityOf } from "../log_level.ts";

/** Size of the drawing in its own units; it is stretched to the size of its element. */
export const WIDTH = 100;
const HEIGHT = 32;
/** Keeps a bar of a few events visible. */
const MIN_BAR_HEIGHT = 1.5;
/** Space between two bars, as a share of a bar's slot. */
const GAP = 0.25;

interface BarProps {
  readonly name: string;
  readonly x: number;
  /** Where it ends at the bottom. */
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function Bar({ name, x, y, width, height }: BarProps) {
  return <rect class={`bar ${name}`.trim()} {...{ x, y: y - height, width, height }} />;
}

/** The shares of errors, warnings and everything else in a bar. */
function partsOf({ count, levels = {} }: BucketJson): { severity: Severity; share: number }[] {
  const counts = { severe: 0, warning: 0, plain: count };
  for (const [level, lines] of Object.entries(levels) as [Level, number][]) {
    const severity = severityOf(level);
    if (severity === "plain") continue;
    counts[severity] += lines;
    counts.plain -= lines;
  }
  return (["severe", "warning", "plain"] as const)
    .map((severity) => ({ severity, share: counts[severity] / count }))
    .filter(({ share }) => share > 0);
}

export interface ChartBarsProps {
  readonly counts: CountsJson;
  readonly range?: BarRange;
}

export function ChartBars({ counts: { buckets }, range }: ChartBarsProps) {
  // On a square root scale a dozen messages stay visible beside thousands of log lines.
  const highest = Math.sqrt(Math.max(1, ...buckets.map(({ count }) => count)));
  const each = WIDTH / buckets.length;
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {range && (
        <rect
          class="chosen"
          x={range.first * each}
          y={0}
          width={(range.last - range.first + 1) * each}
          height={HEIGHT}
        />
      )}
      {buckets.map(({ count }, index) => {
        if (count === 0) return null;
        const height = Math.max(MIN_BAR_HEIGHT, Math.sqrt(count) / highest * HEIGHT);
        const isIn = !range || (index >= range.first && index <= range.last);
        const place = { x: (index + GAP / 2) * each, width: each * (1 - GAP) };
        if (!isIn) return <Bar key={index} name="is-out" {...place} y={HEIGHT} height={height} />;
        // Stacked from the bottom, in shares of the bar: on a square root scale, heights do not add up.
        const parts = partsOf(buckets[index]);
        let below = 0;
        return parts.map(({ severity, share }) => {
          below += share;
          return (
            <Bar
              key={`${index} ${severity}`}
              name={severityClass(severity)}
              {...place}
              y={HEIGHT - height * (below - share)}
              height={height * share}
            />
          );
        });
      })}
    </svg>
  );
}
