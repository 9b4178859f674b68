/** One set of line icons, 24 units square; decoration only, the words stand beside or in the label. */

const PATHS = {
  mic: "M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3M5 11a7 7 0 0 0 14 0M12 18v3",
  mic_off:
    "M15 9.500V6a3 3 0 0 0-5.800-1M9 9v3a3 3 0 0 0 4.500 2.600M5 11a7 7 0 0 0 10.800 5.900M19 11a7 7 0 0 1-.8 3.200M12 18v3M3 3l18 18",
  camera: "M4 6h9a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2M15 11l7-4v10l-7-4z",
  camera_off:
    "M10 6h3a2 2 0 0 1 2 2v3l7-4v10l-4-2.300M15 15v1a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2M3 3l18 18",
  screen: "M3 5h18v11H3zM8 20h8M12 13V8M9.500 10.500 12 8l2.500 2.500",
  chat: "M4 5h16v11H10l-5 4v-4H4z",
  note: "M5 3h10l4 4v14H5zM9 10h6M9 14h6M9 18h3",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  end: "M3 14.500c0-1.500.500-2.500 2-3.500 4-2.500 10-2.500 14 0 1.500 1 2 2 2 3.500 0 1-.800 1.800-1.800 1.600l-2.700-.600c-.800-.200-1.300-.800-1.300-1.600v-1.500c-2-.700-4.400-.700-6.400 0v1.500c0 .800-.500 1.400-1.300 1.600l-2.700.600C3.800 16.300 3 15.500 3 14.500",
  leave: "M10 4H5v16h5M15 8l4 4-4 4M19 12H9",
  flip: "M4 8h3l2-3h6l2 3h3v11H4zM9 13a3 3 0 0 1 5.500-1.700M15 13a3 3 0 0 1-5.500 1.700",
  speaker: "M4 9v6h4l5 4V5L8 9zM16.500 8.500a5 5 0 0 1 0 7M19 6a9 9 0 0 1 0 12",
  check: "M5 12.500 10 17.500 19.500 7",
  alert: "M12 8v5M12 16.500v.01M12 3 2 20h20z",
  close: "M6 6l12 12M18 6 6 18",
  plus: "M12 5v14M5 12h14",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  mail: "M3 6h18v12H3zM3 7l9 7 9-7",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l3.500 2",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4 21a8 8 0 0 1 16 0",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  history: "M4 12a8 8 0 1 0 2.500-5.800L4 8.500M4 4v4.500h4.500M12 8v4.500l3 1.500",
  shield: "M12 3 5 6v6c0 4 3 7.500 7 9 4-1.500 7-5 7-9V6z",
  settings:
    "M4 7h10M18 7h2M4 17h2M10 17h10M14 7a2 2 0 1 0 4 0 2 2 0 0 0-4 0M6 17a2 2 0 1 0 4 0 2 2 0 0 0-4 0",
  send: "M4 12 20 5l-5 15-3.500-6.500z",
  signal_good: "M5 20v-4M10 20v-8M15 20V8M20 20V4",
  signal_fair: "M5 20v-4M10 20v-8M15 20V8",
  signal_poor: "M5 20v-4M10 20v-8",
  dots: "M5 20v-.01M10 20v-.01M15 20v-.01M20 20v-.01",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.700-5.700L12 7M14 10a4 4 0 0 0-6-.4l-3 3A4 4 0 0 0 10.700 18.300L12 17",
  expand: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  download: "M12 4v11M7 10.500 12 15.500l5-5M4 20h16",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 24, className }: { name: IconName; size?: number; className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={name === "more" || name === "dots" ? 3 : 2}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      className={`shrink-0 ${className ?? ""}`}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
