/**
 * The list of messages: a virtual list, in which only the visible rows and a few around them have
 * elements. See `scroll_anchoring.ts` for how it avoids jumps.
 *
 * @module
 */

import { Component, createRef, h } from "preact";
import { AheadLoading } from "../ahead_loading.ts";
import type { App } from "../app.ts";
import type { MessageView, Reveal } from "../message_view.ts";
import type { Row } from "../row.ts";
import { markFocusedRow } from "../keyboard.ts";
import { handleListKey } from "../list_keys.ts";
import { nameHue } from "../names.ts";
import { RowLayout } from "../row_layout.ts";
import { ScrollAnchoring } from "../scroll_anchoring.ts";
import { noteVisiblePart } from "../visible_part.ts";
import { RowView } from "./row_view.tsx";

export interface MessageListProps {
  readonly app: App;
  readonly view: MessageView;
  readonly rows: readonly Row[];
  /** The latest request to scroll, which is about these rows. */
  readonly reveal?: Reveal;
  /** Whether long log lines are wrapped; otherwise the list scrolls sideways. */
  readonly isWrapped: boolean;
  /** The room, or that of a conversation; absent if the conversation is not kept. */
  readonly room?: string;
  readonly label: string;
}

/** Rows are rendered this far beyond the viewport, so that fast scrolling shows no blank space. */
const MARGIN_PX = 900;
/** The margin is rendered this long after the visible rows, to show those sooner. */
const MARGIN_AFTER_MS = 100;
/** The margin is rendered again only when less than this is left of it. */
const MIN_MARGIN_PX = 300;
/** Position of a revealed event, as a share of the viewport's height. */
const REVEAL_AT = 0.3;
/** Without scrolling for this long, the scroll bar counts as released. */
const REST_MS = 120;

export class MessageList extends Component<MessageListProps> {
  readonly #scroller = createRef<HTMLDivElement>();
  readonly #rows = createRef<HTMLDivElement>();
  readonly #source = createRef<HTMLDivElement>();
  readonly #layout = new RowLayout();
  readonly #anchoring = new ScrollAnchoring(this.#layout);
  readonly #ahead = new AheadLoading(this.#layout);
  readonly #resized = new ResizeObserver(() => this.#resize());
  #range: readonly [start: number, end: number] = [0, 0];
  #scrollTop = 0;
  #height = 0;
  #width = 0;
  /** The widest that the rows have been, so that scrolling on does not change the width again. */
  #widest = 0;
  #revealId: number | undefined;
  #restTimer: number | undefined;
  #marginTimer: number | undefined;
  /** The current margin: 0 for the first rendering, to show it sooner. */
  #margin = 0;
  /** The event being loaded because the scroll bar was released there. */
  #restSeq: number | undefined;

  override componentDidMount(): void {
    const scroller = this.#scroller.current!;
    this.#height = scroller.clientHeight;
    this.#width = scroller.clientWidth;
    this.#resized.observe(scroller);
    this.#resized.observe(this.#rows.current!);
    this.#markFocused();
    this.#settle();
    this.#marginTimer = setTimeout(() => {
      this.#margin = MARGIN_PX;
      this.forceUpdate();
    }, MARGIN_AFTER_MS);
  }

  override getSnapshotBeforeUpdate(): boolean {
    return this.#rows.current!.contains(document.activeElement);
  }

  override componentDidUpdate(props: MessageListProps, _state: unknown, hadFocus: boolean): void {
    if (props.isWrapped !== this.props.isWrapped) this.#forgetSizes();
    const scroller = this.#scroller.current!;
    // The focused row was removed, unless the focus has moved on, such as to a menu.
    if (hadFocus && document.activeElement === document.body) {
      scroller.focus({ preventScroll: true });
    }
    this.#markFocused();
    this.#settle();
  }

  override componentWillUnmount(): void {
    this.#resized.disconnect();
    clearTimeout(this.#restTimer);
    clearTimeout(this.#marginTimer);
  }

  override render({ app, view, rows, room, label, isWrapped }: MessageListProps) {
    if (rows !== this.#layout.rows) this.#layout.setRows(rows);
    this.#range = this.#rangeWithin(this.#margin);
    const shown = rows.slice(...this.#range);
    const { pager } = view;
    return (
      <div
        class={isWrapped ? "messages" : "messages is-unwrapped"}
        ref={this.#scroller}
        role="region"
        aria-label={label}
        aria-busy={pager.isLoading}
        tabIndex={0}
        onScroll={this.#onScroll}
        onKeyDown={this.#onKeyDown}
      >
        <div class="source" ref={this.#source} aria-hidden="true">
          <span class="who" />
        </div>
        <div
          class="rows"
          ref={this.#rows}
          onFocusIn={this.#markFocused}
          onFocusOut={this.#markFocused}
        >
          {shown.map((row) => (
            <RowView key={row.key} {...{ app, view, row, room }} onOpen={this.#onOpen} />
          ))}
        </div>
      </div>
    );
  }

  /** The rows in the viewport and up to `margin` pixels beyond. */
  #rangeWithin(margin: number): readonly [start: number, end: number] {
    const { rows } = this.#layout;
    // Assume a height until the first measurement.
    const viewport = this.#height || 800;
    const top = this.#anchoring.isPinned ? this.#layout.total - viewport : this.#scrollTop;
    const range = this.#layout.rangeOf(top - margin, top + viewport + margin);
    return rows.length === 0 ? [0, 0] : range;
  }

  /** Runs after each rendering: measures, anchors the scroll position, renders again if needed. */
  #settle(): void {
    this.#measure();
    this.#reveal();
    const { timeline, pager } = this.props.view;
    const scroller = this.#scroller.current!;
    const position = this.#anchoring.settle(timeline, this.#scrollTop, this.#height);
    this.#pad();
    if (Math.abs(position - scroller.scrollTop) >= 1) scroller.scrollTop = position;
    this.#scrollTop = scroller.scrollTop;
    this.#showSource();
    const isAtRest = !this.#renderMissing() && !pager.isLoading;
    if (isAtRest) this.#anchoring.rest(this.#scrollTop, this.#height, timeline.isAtEnd);
    this.#noteVisible();
  }

  /**
   * Reserves the space of rows without elements. Padding does not move the other elements, so that
   * it does not count as a layout shift.
   */
  #pad(): void {
    const { style } = this.#rows.current!;
    const [start, end] = this.#range;
    style.paddingTop = `${this.#layout.top(start)}px`;
    style.paddingBottom = `${this.#layout.total - this.#layout.top(end)}px`;
  }

  /** Renders again if visible rows have no elements; returns whether there were any. */
  #renderMissing(): boolean {
    const [start, end] = this.#rangeWithin(Math.min(MIN_MARGIN_PX, this.#margin));
    const isMissing = start < this.#range[0] || end > this.#range[1];
    if (isMissing) this.forceUpdate();
    else this.#loadAhead();
    return isMissing;
  }

  /** Shows the sender of the row at the top, if the row that names it is above. */
  #showSource(): void {
    const row = this.#layout.rows[this.#layout.indexAt(this.#scrollTop + 1)];
    const isNamed = row?.kind !== "message" || row.isFirst || row.event.kind !== "log";
    const source = isNamed ? "" : row.event.from;
    const who = this.#source.current!.firstElementChild as HTMLElement;
    if (who.textContent === source) return;
    who.textContent = source;
    who.className = `who hue-${nameHue(source)}`;
  }

  #noteVisible(): void {
    const { view, app } = this.props;
    const { isPinned } = this.#anchoring;
    const viewport = { scrollTop: this.#scrollTop, height: this.#height, isPinned };
    if (noteVisiblePart(view, this.#layout, viewport)) app.refresh();
  }

  #measure(): void {
    const heights = new Map<string, number>();
    for (const element of this.#rows.current!.children) {
      const key = element.getAttribute("data-key");
      if (key !== null) heights.set(key, element.getBoundingClientRect().height);
    }
    this.#layout.measure(heights);
    const { style, scrollWidth } = this.#rows.current!;
    if (this.props.isWrapped || scrollWidth <= this.#widest) return;
    this.#widest = scrollWidth;
    style.minWidth = `${scrollWidth}px`;
  }

  #forgetSizes(): void {
    this.#layout.forgetHeights();
    this.#widest = 0;
    this.#rows.current!.style.minWidth = "";
  }

  /** Scrolls to the event that was requested, or that was loaded under the scroll bar. */
  #reveal(): void {
    // Not from the view, whose rows may have changed since the last rendering.
    const { reveal } = this.props;
    const isNew = reveal && reveal.id !== this.#revealId;
    this.#revealId = reveal?.id;
    if (isNew) this.#ahead.moved();
    if (isNew && reveal.seq === Infinity) return this.#anchoring.pin();
    const index = this.#layout.indexOfSeq(isNew ? reveal.seq : this.#restSeq ?? Infinity);
    if (index === -1) return;
    if (isNew) {
      this.#scrollTop = Math.max(0, this.#layout.top(index) - this.#height * REVEAL_AT);
      this.#anchoring.hold(index, this.#layout.top(index) - this.#scrollTop);
    } else if (this.#restSeq !== undefined) {
      // Do not move the scroll bar under the user's pointer: move the rows instead.
      this.#anchoring.hold(index, this.#height / 2);
    }
    this.#restSeq = undefined;
  }

  #loadAhead(): void {
    const { view, app } = this.props;
    const { pager } = view;
    // A log may go on for days without anybody scrolling.
    if (this.#anchoring.isPinned) pager.trim(view.pausedAt ?? Infinity);
    this.#ahead.load(pager, this.#scrollTop, this.#height);
    app.attention.markSeen();
  }

  readonly #onScroll = (): void => {
    const { timeline } = this.props.view;
    const scroller = this.#scroller.current!;
    // The browser scrolls too if the list becomes higher while its end is visible.
    if (scroller.clientHeight !== this.#height) return this.#resize();
    if (scroller.scrollTop === this.#scrollTop) return;
    this.#scrollTop = scroller.scrollTop;
    this.#showSource();
    this.#ahead.moved();
    this.#anchoring.scrolled(this.#scrollTop, this.#height, timeline.isAtEnd);
    this.#renderMissing();
    this.#noteVisible();
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => this.#rest(), REST_MS);
  };

  /** Runs when scrolling has stopped: loads the visible part, drops events far from it. */
  async #rest(): Promise<void> {
    const { pager, timeline } = this.props.view;
    const seq = this.#anchoring.seqAt(timeline, this.#scrollTop, this.#height);
    if (seq !== undefined) {
      this.#restSeq = seq;
      return await pager.around(seq);
    }
    const index = this.#layout.indexAt(this.#scrollTop);
    if (index !== -1) pager.trim(this.#layout.rows[index].firstSeq);
  }

  #resize(): void {
    const scroller = this.#scroller.current!;
    this.#height = scroller.clientHeight;
    if (this.#width !== scroller.clientWidth) {
      this.#width = scroller.clientWidth;
      this.#forgetSizes();
    }
    this.#settle();
  }

  /** Anchors a row that is about to unfold, so that only the rows below it move. */
  readonly #onOpen = (row: Row): void => {
    const index = this.#layout.rows.indexOf(row);
    if (index !== -1) this.#anchoring.hold(index, this.#layout.top(index) - this.#scrollTop);
  };

  readonly #markFocused = (): void => {
    // Another place may take this one's while a link in it has the focus.
    if (this.#rows.current) markFocusedRow(this.#rows.current);
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (handleListKey(event, this.props, this.#rows.current!)) event.preventDefault();
  };
}
