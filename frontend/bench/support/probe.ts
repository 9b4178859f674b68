/** Looks at a page from inside: when pictures of others were shown, when the call's stage came up, what was clicked. */
import { expect, type Page } from "@playwright/test";

/** Moments are milliseconds since 1970 by the page's own clock; all pages of one machine share it. */
export interface Marks {
  /** The first picture of somebody else. */
  first: number | null;
  /** Every picture of somebody else, the newest 5,000. */
  frames: number[];
  /** The first sign of the call's stage. */
  stage: number | null;
  clicks: { name: string; at: number }[];
  navigated: number;
  width: number;
}

declare global {
  interface Window {
    marks: Marks;
  }
}

/** Runs in the page before anything else of it. `press` is a button's name that is pressed as soon as it is there. */
export function probe(press: string | null): void {
  const now = () => performance.timeOrigin + performance.now();
  const marks: Marks = {
    first: null,
    frames: [],
    stage: null,
    clicks: [],
    navigated: performance.timeOrigin,
    width: 0,
  };
  window.marks = marks;
  const known = new WeakSet<Element>();
  let wanted = press;
  const follow = (video: HTMLVideoElement) => {
    known.add(video);
    const shown: VideoFrameRequestCallback = (_, { width }) => {
      const at = now();
      marks.first ??= at;
      marks.frames.push(at);
      if (marks.frames.length > 5_000) marks.frames.shift();
      marks.width = width;
      video.requestVideoFrameCallback(shown);
    };
    video.requestVideoFrameCallback(shown);
  };
  const look = () => {
    const others = "video[data-participant]:not([data-participant=local])";
    for (const video of document.querySelectorAll<HTMLVideoElement>(others))
      if (!known.has(video)) follow(video);
    if (marks.stage === null && document.querySelector("[data-stage]")) marks.stage = now();
    if (wanted === null) return;
    const button = [...document.querySelectorAll("button")].find(
      (found) => found.textContent?.trim() === wanted,
    );
    if (!button || button.disabled) return;
    wanted = null;
    button.click();
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });
  const noteClick = (event: Event) => {
    const name = (event.target as Element | null)?.closest("button")?.textContent?.trim();
    if (name) marks.clicks.push({ name, at: performance.timeOrigin + event.timeStamp });
  };
  document.addEventListener("click", noteClick, true);
}

export const marksOf = (page: Page): Promise<Marks> => page.evaluate(() => window.marks);

/** When this page first showed somebody else. */
export async function firstPicture(page: Page): Promise<number> {
  const found = await page.waitForFunction(() => window.marks?.first ?? false, undefined, { polling: 50 });
  return Number(await found.jsonValue());
}

/** When the button of that name was clicked last. */
export async function clickOn(page: Page, name: string): Promise<number> {
  const { clicks } = await marksOf(page);
  const click = clicks.findLast((one) => one.name === name);
  expect(click, `a click on ${name}`).toBeDefined();
  return click?.at ?? Number.NaN;
}

/** The end of the longest pause between pictures after `since`, once pictures have been coming for a while again. */
export async function picturesAgain(page: Page, since: number): Promise<number> {
  const found = await page.waitForFunction(
    (start) => {
      const { frames } = window.marks;
      const from = frames.findIndex((at) => at > start);
      if (from < 0) return false;
      let longest = { gap: 0, end: 0, index: 0 };
      for (let index = from; index < frames.length; index++) {
        const end = frames[index] ?? 0;
        const gap = end - Math.max(start, frames[index - 1] ?? start);
        if (gap > longest.gap) longest = { gap, end, index };
      }
      return longest.gap > 200 && frames.length - longest.index > 20 ? longest.end : false;
    },
    since,
    { polling: 50 },
  );
  return Number(await found.jsonValue());
}
