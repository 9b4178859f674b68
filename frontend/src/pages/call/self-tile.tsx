import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import type { LocalMedia } from "../../call";
import { Icon } from "../../components/icon";
import { useWatched } from "../../components/use-watched";
import { Video } from "../../components/video";
import { useI18n } from "../../i18n";
import { Avatar } from "./avatar";

type Corner = { x: "left" | "right"; y: "top" | "bottom" };

const PLACE = {
  left: "left-3",
  right: "right-3",
  top: "top-16",
  bottom: "bottom-3",
} as const;

const KEYS: Record<string, Partial<Corner>> = {
  ArrowLeft: { x: "left" },
  ArrowRight: { x: "right" },
  ArrowUp: { y: "top" },
  ArrowDown: { y: "bottom" },
};

/** One's own picture in a corner: dragged, it falls into the nearest one; arrow keys do the same. */
export function SelfTile({ media, name }: { media: LocalMedia; name: string }) {
  const { t } = useI18n();
  const { picture, mirrored, microphone, screen } = useWatched(media.view);
  const [corner, setCorner] = useState<Corner>({ x: "right", y: "bottom" });
  const [shift, setShift] = useState<{ x: number; y: number } | null>(null);
  const from = useRef({ x: 0, y: 0 });

  const grab = (event: PointerEvent<HTMLButtonElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    from.current = { x: event.clientX, y: event.clientY };
    setShift({ x: 0, y: 0 });
  };
  const drag = (event: PointerEvent) => {
    if (shift) setShift({ x: event.clientX - from.current.x, y: event.clientY - from.current.y });
  };
  const drop = (event: PointerEvent<HTMLButtonElement>) => {
    const stage = event.currentTarget.offsetParent?.getBoundingClientRect();
    const tile = event.currentTarget.getBoundingClientRect();
    setShift(null);
    if (!stage) return;
    const x = tile.x + tile.width / 2 < stage.x + stage.width / 2 ? "left" : "right";
    const y = tile.y + tile.height / 2 < stage.y + stage.height / 2 ? "top" : "bottom";
    setCorner({ x, y });
  };
  const steer = (event: KeyboardEvent) => {
    const to = KEYS[event.key];
    if (!to) return;
    event.preventDefault();
    setCorner((now) => ({ ...now, ...to }));
  };
  return (
    <button
      type="button"
      aria-label={t("call.self.move")}
      onPointerDown={grab}
      onPointerMove={drag}
      onPointerUp={drop}
      onPointerCancel={() => setShift(null)}
      onKeyDown={steer}
      style={shift ? { transform: `translate(${shift.x}px, ${shift.y}px)` } : {}}
      className={`absolute z-10 grid aspect-[3/4] w-24 touch-none place-items-center overflow-hidden rounded-card border border-stage-line bg-stage-raised shadow-float sm:aspect-video sm:w-52 ${PLACE[corner.x]} ${PLACE[corner.y]} ${shift ? "cursor-grabbing" : "cursor-grab"}`}
    >
      <Video
        data-participant="local"
        stream={picture}
        muted
        className={`absolute inset-0 size-full ${screen ? "object-contain" : "object-cover"} ${mirrored ? "-scale-x-100" : ""} ${picture ? "" : "opacity-0"}`}
      />
      {!picture && <Avatar name={name} small />}
      <span className="absolute bottom-1 left-1 flex items-center gap-1 rounded-md bg-black/65 px-2 py-0.5 text-xs text-stage-text">
        {t("call.you")}
        {microphone.is !== "on" && <Icon name="mic_off" size={14} className="text-[#ffb4ab]" />}
      </span>
    </button>
  );
}
