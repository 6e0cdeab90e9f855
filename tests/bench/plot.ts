/**
 * Draws curves as an SVG image: small panels in two columns, each with a logarithmic x axis.
 *
 * @module
 */

export interface Curve {
  /** Names the line, at its end. */
  readonly label: string;
  /** From left to right. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Panel {
  readonly title: string;
  /** What x counts. */
  readonly x: string;
  readonly curves: readonly Curve[];
}

const WIDTH = 380;
const HEIGHT = 220;
const MARGIN = { left: 46, right: 84, top: 34, bottom: 36 };
const COLOURS = ["#1f6feb", "#8250df", "#bf8700"];
/** Lines of the grid, about. */
const TICKS = 4;

/** The image, readable on a light and on a dark page. */
export function plot(panels: readonly Panel[]): string {
  const rows = Math.ceil(panels.length / 2);
  const drawn = panels.map((panel, index) => {
    const [x, y] = [(index % 2) * WIDTH, Math.floor(index / 2) * HEIGHT];
    return `<g transform="translate(${x} ${y})">\n${drawPanel(panel).join("\n")}\n</g>`;
  });
  const size = `width="${2 * WIDTH}" height="${rows * HEIGHT}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${2 * WIDTH} ${
    rows * HEIGHT
  }" font-family="system-ui, sans-serif" font-size="11" fill="#656d76">
<rect width="100%" height="100%" fill="#ffffff"/>
${drawn.join("\n")}
</svg>
`;
}

function* drawTicks(most: number, toY: (y: number) => number): Generator<string> {
  const step = niceStep(most / TICKS);
  for (let tick = 0; tick <= most; tick += step) {
    const y = toY(tick).toFixed(1);
    yield `<path d="M${MARGIN.left} ${y}H${WIDTH - MARGIN.right}" stroke="#d0d7de"/>`;
    yield text(MARGIN.left - 6, toY(tick) + 4, shortNumber(tick), "end");
  }
}

function drawPanel({ title, x: xLabel, curves }: Panel): string[] {
  const xs = [...new Set(curves.flatMap(({ points }) => points.map(([x]) => x)))];
  const most = 1.1 * Math.max(...curves.flatMap(({ points }) => points.map(([, y]) => y)));
  const [low, high] = [Math.log(Math.min(...xs)), Math.log(Math.max(...xs))];
  const [innerWidth, innerHeight] = [
    WIDTH - MARGIN.left - MARGIN.right,
    HEIGHT - MARGIN.top - MARGIN.bottom,
  ];
  const toX = (x: number) => MARGIN.left + innerWidth * (Math.log(x) - low) / (high - low);
  const toY = (y: number) => MARGIN.top + innerHeight * (1 - y / most);
  const lines = curves.flatMap(({ label, points }, index) => {
    const colour = COLOURS[index];
    const path = points.map(([x, y]) => `${toX(x).toFixed(1)} ${toY(y).toFixed(1)}`).join("L");
    const [lastX, lastY] = points.at(-1)!;
    return [
      `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...points.map(([x, y]) =>
        `<circle cx="${toX(x).toFixed(1)}" cy="${toY(y).toFixed(1)}" r="3" fill="${colour}"/>`
      ),
      text(toX(lastX) + 7, toY(lastY) + 4, label, "start", colour),
    ];
  });
  return [
    text(MARGIN.left - 30, 18, title, "start", "#1f2328", "bold"),
    ...drawTicks(most, toY),
    ...xs.map((x) => text(toX(x), HEIGHT - MARGIN.bottom + 16, shortNumber(x), "middle")),
    text(MARGIN.left + innerWidth / 2, HEIGHT - 6, xLabel, "middle"),
    ...lines,
  ];
}

function text(
  x: number,
  y: number,
  content: string,
  anchor: string,
  fill = "#656d76",
  weight = "normal",
): string {
  const place = `x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}"`;
  return `<text ${place} fill="${fill}" font-weight="${weight}">${content}</text>`;
}

/** The smallest of 1, 2 and 5 times a power of ten that is not below `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least)!;
}

/** A number for an axis, e.g. `10k`. */
export function shortNumber(number: number): string {
  if (number >= 1e6) return `${number / 1e6}M`;
  if (number >= 1e4) return `${number / 1e3}k`;
  return String(Number(number.toPrecision(3)));
}
