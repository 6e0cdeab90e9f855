/**
 * The bars of a chart.
 *
 * @module
 */

import type { BarRange, CountsJson } from "../chart_range.ts";

/** Size of the drawing in its own units; it is stretched to the size of its element. */
export const WIDTH = 100;
const HEIGHT = 32;
/** Keeps a bar of a few events visible. */
const MIN_BAR_HEIGHT = 1.5;
/** Space between two bars, as a share of a bar's slot. */
const GAP = 0.25;

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
        return (
          <rect
            key={index}
            class={isIn ? "bar" : "bar is-out"}
            x={(index + GAP / 2) * each}
            y={HEIGHT - height}
            width={each * (1 - GAP)}
            height={height}
          />
        );
      })}
    </svg>
  );
}
