import { useEffect, useRef, type VideoHTMLAttributes } from "react";

/** Plays `stream`. `onBlocked` hears when the browser wants a tap before it lets the sound out. */
export function Video({
  stream,
  onBlocked,
  ...rest
}: {
  stream: MediaStream | null;
  onBlocked?: (video: HTMLVideoElement) => void;
} & VideoHTMLAttributes<HTMLVideoElement>) {
  const video = useRef<HTMLVideoElement>(null);
  const blocked = useRef(onBlocked);
  blocked.current = onBlocked;
  useEffect(() => {
    const element = video.current;
    if (!element || element.srcObject === stream) return;
    element.srcObject = stream;
    if (!stream) return;
    element.play().catch((error: unknown) => {
      // AbortError only says that a newer stream came meanwhile.
      if (error instanceof DOMException && error.name === "NotAllowedError") blocked.current?.(element);
    });
  }, [stream]);
  return <video ref={video} autoPlay playsInline disablePictureInPicture {...rest} />;
}
