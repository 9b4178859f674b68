import { useCallback, useRef, useState } from "react";

/** Videos whose sound the browser holds back until a tap; one tap lets all of them out. */
export function useUnblock() {
  const videos = useRef(new Set<HTMLVideoElement>());
  const [blocked, setBlocked] = useState(false);
  const block = useCallback((video: HTMLVideoElement) => {
    videos.current.add(video);
    setBlocked(true);
  }, []);
  const unblock = useCallback(() => {
    setBlocked(false);
    for (const video of videos.current) video.play().catch(() => setBlocked(true));
    videos.current.clear();
  }, []);
  return { blocked, block, unblock };
}
